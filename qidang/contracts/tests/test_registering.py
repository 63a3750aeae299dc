"""登记: what comes in, what is refused."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from qidang.accounts.models import Department
from qidang.cast import Cast
from qidang.contracts.choices import Status
from qidang.contracts.models import Company, Contract, IssuedNumber, Party
from qidang.contracts.registering import register
from qidang.contracts.tests.conftest import CUSTOMER, PaperMaker, Registrar, values
from qidang.contracts.values import InstalmentValues, LineItemValues, PartyValues
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry
from qidang.vault.fields import blind


def test_a_contract_gets_a_number_a_status_and_a_ledger_entry(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    assert contract.number.startswith("QMJ-XS-20")
    assert contract.number.endswith("-0001")
    assert contract.status == Status.IN_FORCE
    assert contract.year == 2026
    assert contract.department == cast.department("sales_east")
    assert contract.owner == cast.salesperson
    entry = Entry.objects.get(act="contract.registered")
    assert entry.actor_uid == cast.salesperson.uid
    assert Contract.objects.get(pk=contract.pk).lookup.count("\n") == 2


def test_parties_lines_and_instalments_are_kept_in_order(registered: Registrar) -> None:
    contract = registered(
        parties=(
            PartyValues(name="启明精密机械有限公司", role="SELLER", side="甲方", account="6222 0000 1111 2222"),
            PartyValues(name=CUSTOMER, role="BUYER", side="乙方", phone="0512-6000 1234"),
        ),
        line_items=(LineItemValues(name="车床", quantity=Decimal("2"), unit_price=Decimal("64000")),),
        instalments=(
            InstalmentValues(percent=Decimal("0.3"), trigger="签订后 5 日内"),
            InstalmentValues(percent=Decimal("0.7"), trigger="验收后 30 日内"),
        ),
    )
    assert [party.side for party in contract.parties.all()] == ["甲方", "乙方"]
    assert [one.percent for one in contract.instalments.all()] == [Decimal("0.3"), Decimal("0.7")]
    assert contract.line_items.get().unit_price == Decimal("64000")


def test_an_account_is_sealed_and_found_by_its_blind_index(registered: Registrar) -> None:
    registered(parties=(PartyValues(name=CUSTOMER, account="6222 0000 1111 2222"),))
    party = Party.objects.get(account_index=blind("6222000011112222"))
    assert party.account == "6222 0000 1111 2222"
    assert party.company == Company.objects.get(name=CUSTOMER)


def test_a_new_counterparty_becomes_a_company_and_a_known_one_is_used_again(registered: Registrar) -> None:
    first, second = registered(), registered(title="第二份", counterparty_name="苏州澄湖 机电有限公司")
    assert first.counterparty == second.counterparty
    assert Company.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "missing"),
    [({"title": " "}, ["title"]), ({"unit": None}, ["unit"]), ({"counterparty_name": ""}, ["counterparty"])],
)
def test_a_contract_without_what_is_required_is_refused(
    registered: Registrar, changes: dict[str, object], missing: list[str]
) -> None:
    with pytest.raises(Refused) as refusal:
        registered(**changes)
    assert refusal.value.code == "contract.lacking"
    assert refusal.value.values["names"] == missing
    assert not Contract.objects.exists()


def test_a_value_that_no_column_can_hold_is_refused_with_its_name(registered: Registrar) -> None:
    with pytest.raises(Refused) as refusal:
        registered(title="长" * 301)
    assert refusal.value.code == "contract.bad_value"
    assert "合同名称" in refusal.value.message


def test_who_may_not_register_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        register(values(cast), by=cast.lawyer)
    assert refusal.value.code == "accounts.not_allowed"


def test_a_number_on_paper_that_fits_our_rule_becomes_our_number(registered: Registrar) -> None:
    contract = registered(number_on_paper="ＱＭＪ-XS-2024-0017 ")
    assert contract.number == "QMJ-XS-2024-0017"
    assert contract.number_on_paper == "ＱＭＪ-XS-2024-0017 ".strip()
    assert IssuedNumber.objects.get(number="QMJ-XS-2024-0017").is_from_paper


def test_a_number_on_paper_of_another_making_stays_on_paper(registered: Registrar) -> None:
    contract = registered(number_on_paper="CGHT20260305-7")
    assert contract.number_on_paper == "CGHT20260305-7"
    assert contract.number.startswith("QMJ-XS-")


def test_a_person_may_say_that_a_number_is_ours(registered: Registrar) -> None:
    assert registered(number_on_paper="旧合字第7号", number_is_ours=True).number == "旧合字第7号"


def test_a_number_claimed_twice_is_refused_and_names_the_holder(registered: Registrar) -> None:
    registered(number_on_paper="旧合字第7号", number_is_ours=True)
    with pytest.raises(Refused) as refusal:
        registered(number_on_paper="旧合字第7号", number_is_ours=True, title="另一份")
    assert refusal.value.code == "contract.number_taken"
    assert "数控车床买卖合同" in refusal.value.message


def test_a_paper_number_that_fits_but_is_taken_gets_the_next_of_the_rule(registered: Registrar) -> None:
    registered(number_on_paper="QMJ-XS-2024-0017")
    second = registered(number_on_paper="QMJ-XS-2024-0017", title="另一份")
    assert second.number != "QMJ-XS-2024-0017"
    assert second.number_on_paper == "QMJ-XS-2024-0017"


def test_a_contract_with_a_paper_has_one_document_with_version_one(registered: Registrar, a_paper: PaperMaker) -> None:
    contract = registered(paper=a_paper(kind="SCAN", pages=3))
    version = contract.documents.get().versions.get()
    assert (version.no, version.pages, version.blob.sha256) == (1, 3, "a" * 64)
    assert contract.has_scan
    assert version.blob.holders.get().uid == version.uid


def test_an_amount_may_be_negative(registered: Registrar) -> None:
    assert registered(amount=Decimal("-500.00"), title="冲减协议").amount == Decimal("-500.00")


def test_the_database_holds_a_number_once_per_unit(cast: Cast, registered: Registrar) -> None:
    first, second = registered(), registered(title="另一份")
    with pytest.raises(IntegrityError, match=r"contract_number_once_per_unit|UNIQUE"), transaction.atomic():
        Contract.objects.filter(pk=second.pk).update(number=first.number)


@pytest.mark.parametrize(
    ("days", "status"),
    [
        ({"signed_on": None}, Status.DRAFT),
        ({"in_force_on": dt.date(2999, 1, 1)}, Status.PENDING),
        ({}, Status.IN_FORCE),
        ({"expires_on": dt.date(2020, 1, 1)}, Status.EXPIRED),
        ({"closed_on": dt.date(2020, 1, 1)}, Status.CLOSED),
    ],
)
def test_the_status_follows_from_the_dates(registered: Registrar, days: dict[str, object], status: str) -> None:
    assert registered(**days).status == status


def test_a_contract_whose_end_has_passed_is_found_for_settling(registered: Registrar) -> None:
    contract = registered(expires_on=dt.date(2100, 6, 30))
    assert not Contract.objects.expired_on(dt.date(2100, 6, 30)).exists()
    assert list(Contract.objects.expired_on(dt.date(2100, 7, 1))) == [contract]
    contract.settle_status(dt.date(2100, 7, 1))
    assert contract.status == Status.EXPIRED


@pytest.mark.parametrize("who", ["salesperson", "manager"])
def test_a_contract_is_not_put_upon_another_department(cast: Cast, registered: Registrar, who: str) -> None:
    elsewhere = cast.department("law")
    with pytest.raises(Refused) as refusal:
        registered(by=who, department=elsewhere)
    assert refusal.value.code == "contract.elsewhere"
    assert registered(by="archivist", department=elsewhere).department == elsewhere


def test_a_contract_of_a_colleague_elsewhere_is_not_registered_by_who_reaches_his_own(
    cast: Cast, registered: Registrar
) -> None:
    with pytest.raises(Refused, match=r"contract\.elsewhere"):
        registered(by="salesperson", owner=cast.rival, department=None)
    assert registered(by="manager", owner=cast.rival, department=None).department == cast.department("sales_south")


def test_who_signs_for_another_unit_leaves_the_contract_with_the_unit(cast: Cast, registered: Registrar) -> None:
    unit = cast.department("qmz")
    assert registered(by="salesperson", unit=unit, department=None).department == unit


def test_a_form_offers_only_departments_that_are_open(cast: Cast) -> None:
    def offered(who: str) -> set[str]:
        return {one.code for one in Department.objects.open_to(cast.people[who], "contract.create")}

    assert offered("salesperson") == {"QMJ", "QMZ", "HDX"}
    assert offered("manager") == {"QMJ", "QMZ", "XSB", "HDX", "HNX"}
    assert offered("archivist") >= {"FWB", "NSB"}
    assert offered("lawyer") == set()
