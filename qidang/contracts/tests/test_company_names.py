"""名称与代码: other names with their days, codes of other systems, and how they lead to the company."""

import datetime as dt

import pytest

from qidang.cast import Cast
from qidang.contracts.choices import NameKind, Source
from qidang.contracts.models import Company, CompanyAlias, CompanyCode, Removal
from qidang.contracts.registering import drafted, register_many
from qidang.contracts.tests.conftest import CUSTOMER, Registrar, values
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry

OLD = "吴县澄湖机电厂"


@pytest.fixture
def customer(cast: Cast) -> Company:
    """An everyday customer."""
    return Company.add(name=CUSTOMER, by=cast.archivist)


def former(cast: Cast, company: Company, name: str = OLD, **days: dt.date) -> CompanyAlias:
    """Give ``company`` a 曾用名."""
    return CompanyAlias.add(company, name, by=cast.archivist, kind=NameKind.FORMER, **days)


def test_a_contract_under_a_former_name_finds_its_company(cast: Cast, customer: Company, registered: Registrar) -> None:
    former(cast, customer, until_on=dt.date(2015, 6, 30))
    contract = registered(counterparty_name=OLD, signed_on=dt.date(2013, 1, 1))
    assert contract.counterparty == customer
    assert contract.counterparty_name == OLD


def test_a_name_that_two_companies_bore_means_who_bore_it_on_that_day(
    cast: Cast, customer: Company, registered: Registrar
) -> None:
    former(cast, customer, until_on=dt.date(2015, 6, 30))
    other = Company.add(name=OLD, by=cast.archivist)
    assert registered(counterparty_name=OLD, signed_on=dt.date(2013, 1, 1)).counterparty == customer
    assert registered(counterparty_name=OLD, signed_on=dt.date(2020, 1, 1)).counterparty == other


def test_rows_of_a_ledger_mean_who_bore_the_name_on_the_day_of_each(cast: Cast, customer: Company) -> None:
    former(cast, customer, until_on=dt.date(2015, 6, 30))
    other = Company.add(name=OLD, by=cast.archivist)
    days = [dt.date(2013, 1, 1), dt.date(2020, 1, 1), None]
    drafts = [drafted(values(cast, counterparty_name=OLD, signed_on=day), by=cast.salesperson, said={}) for day in days]
    made = register_many(drafts, customer, by=cast.salesperson, source=Source.LEDGER_SHEET)
    assert [one.counterparty for one in made] == [customer, other, other]
    assert {one.counterparty_name for one in made} == {OLD}


def test_a_name_that_two_rows_of_a_ledger_bring_is_one_new_company(cast: Cast, customer: Company) -> None:
    days = [dt.date(2013, 1, 1), dt.date(2020, 1, 1)]
    drafts = [drafted(values(cast, counterparty_name=OLD, signed_on=day), by=cast.salesperson, said={}) for day in days]
    one, other = register_many(drafts, customer, by=cast.salesperson, source=Source.LEDGER_SHEET)
    assert one.counterparty == other.counterparty == Company.objects.get(name=OLD)


def test_a_corrected_name_means_who_bore_it_on_the_corrected_day(
    cast: Cast, customer: Company, registered: Registrar
) -> None:
    former(cast, customer, until_on=dt.date(2015, 6, 30))
    Company.add(name=OLD, by=cast.archivist)
    contract = registered(counterparty_name="别的客户有限公司", signed_on=dt.date(2020, 1, 1))
    changes = {"counterparty_name": OLD, "signed_on": dt.date(2013, 1, 1)}
    contract.edit(changes, by=cast.salesperson, edit_version=1, why="日期录错")
    assert contract.counterparty == customer


def test_a_name_that_is_over_may_belong_to_another_later_but_not_at_once(cast: Cast, customer: Company) -> None:
    other = Company.add(name="无锡远帆机械有限公司", by=cast.archivist)
    former(cast, customer, from_on=dt.date(2001, 1, 1), until_on=dt.date(2015, 6, 30))
    with pytest.raises(Refused) as refusal:
        former(cast, other, from_on=dt.date(2015, 6, 1))
    assert refusal.value.code == "company.alias_taken"
    former(cast, other, from_on=dt.date(2015, 7, 1))


def test_a_new_company_may_not_take_a_name_that_another_goes_by(cast: Cast, customer: Company) -> None:
    customer.add_alias("澄湖机电", by=cast.archivist)
    with pytest.raises(Refused) as refusal:
        Company.add(name="澄湖机电", by=cast.archivist)
    assert refusal.value.code == "company.alias_taken"


def test_days_that_end_before_they_begin_are_refused(cast: Cast, customer: Company) -> None:
    with pytest.raises(Refused) as refusal:
        former(cast, customer, from_on=dt.date(2015, 1, 2), until_on=dt.date(2015, 1, 1))
    assert refusal.value.code == "company.alias_days"


def test_a_name_is_ended_and_then_removed_with_a_reason(cast: Cast, customer: Company) -> None:
    alias = customer.add_alias("澄湖集团", by=cast.archivist)
    alias.edit({"until_on": dt.date(2020, 1, 1)}, by=cast.archivist, why="集团解散")
    assert alias.is_over
    with pytest.raises(Refused) as refusal:
        alias.remove(by=cast.archivist, why=" ")
    assert refusal.value.code == "company.why_missing"
    alias.remove(by=cast.archivist, why="不是这一家")
    assert not customer.aliases.exists()
    assert Removal.objects.get().words == "别名 澄湖集团 – 2020-01-01"
    assert list(Entry.objects.filter(act__startswith="company.alias_").values_list("act", flat=True)) == [
        "company.alias_added",
        "company.alias_edited",
        "company.alias_removed",
    ]


def test_an_edit_that_changes_nothing_is_not_recorded(cast: Cast, customer: Company) -> None:
    customer.add_alias("澄湖集团", by=cast.archivist).edit({"kind": NameKind.ALIAS}, by=cast.archivist)
    assert not Entry.objects.filter(act="company.alias_edited").exists()


def test_a_company_that_took_another_name_keeps_the_old_one(cast: Cast, customer: Company) -> None:
    customer.edit(
        {"name": "苏州澄湖智能装备有限公司"}, by=cast.archivist, edit_version=1, renamed_on=dt.date(2024, 5, 1)
    )
    alias = customer.aliases.get()
    assert (alias.name, alias.kind, alias.days) == (CUSTOMER, "FORMER", "– 2024-05-01")
    customer.edit({"name": CUSTOMER}, by=cast.archivist, edit_version=2, renamed_on=dt.date(2025, 5, 1))
    assert [one.name for one in customer.aliases.all()] == ["苏州澄湖智能装备有限公司"]


def test_a_misspelt_name_put_right_leaves_no_former_name(cast: Cast, customer: Company) -> None:
    customer.edit({"name": "苏州澄胡机电有限公司"}, by=cast.archivist, edit_version=1)
    assert not customer.aliases.exists()


def test_codes_of_other_systems_are_one_per_system(cast: Cast, customer: Company) -> None:
    other = Company.add(name="无锡远帆机械有限公司", by=cast.archivist)
    CompanyCode.add(customer, "ERP", "C-0042", by=cast.archivist)
    CompanyCode.add(other, "CRM", "C-0042", by=cast.archivist)
    with pytest.raises(Refused) as refusal:
        CompanyCode.add(other, "erp", "c-0042", by=cast.archivist)
    assert refusal.value.code == "company.code_taken"
    for word in ("C-0042", "c-00"):
        assert set(Company.objects.holding(word, cast.archivist)) == {customer, other}


def test_a_code_is_removed_with_a_reason(cast: Cast, customer: Company) -> None:
    CompanyCode.add(customer, "ERP", "C-0042", by=cast.archivist).remove(by=cast.archivist, why="ERP 换了")
    assert not customer.codes.exists()
    assert Removal.objects.get().words == "ERP C-0042"


def test_a_code_needs_its_system(cast: Cast, customer: Company) -> None:
    with pytest.raises(Refused) as refusal:
        CompanyCode.add(customer, " ", "C-0042", by=cast.archivist)
    assert refusal.value.code == "company.code_missing"


def test_who_does_not_keep_companies_gives_no_names_and_no_codes(cast: Cast, customer: Company) -> None:
    alias = customer.add_alias("澄湖集团", by=cast.archivist)
    for act in (
        lambda: customer.add_alias("澄湖", by=cast.salesperson),
        lambda: alias.edit({"kind": "SHORT"}, by=cast.salesperson),
        lambda: alias.remove(by=cast.salesperson, why="随便"),
        lambda: CompanyCode.add(customer, "ERP", "1", by=cast.salesperson),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "accounts.not_allowed"


def test_a_code_that_fails_its_check_is_kept_apart_and_said(cast: Cast) -> None:
    company, is_new = Company.known_or_new(CUSTOMER, "91320594MA1X0000X0", by=cast.archivist)
    assert is_new and company is not None
    assert (company.uscc, company.uscc_failed) == ("", "91320594MA1X0000X0")
