"""From reading to register: our side, the other side, and what a person must still look at."""

import datetime as dt
import json
import pathlib
from decimal import Decimal
from typing import Any

import pytest

from qidang.cast import Cast
from qidang.contracts.from_reading import Entity, day, exact, our_entities, values_from
from qidang.contracts.models import Company, Contract
from qidang.contracts.registering import register
from qidang.contracts.tests.conftest import CUSTOMER

TODAY = dt.date(2026, 6, 30)
OURS = "启明精密机械有限公司"


def found(value: Any, confidence: float = 0.97) -> dict[str, Any]:
    """Return a field as reading writes it."""
    return {"value": value, "confidence": confidence}


def read(**fields: Any) -> dict[str, Any]:
    """Return an everyday extraction, with changes."""
    usual = {
        "title": found("数控车床买卖合同"),
        "contract_type": found("买卖合同"),
        "seller": found(OURS),
        "buyer": found(CUSTOMER),
        "amount_incl_tax": found("128000.00"),
        "vat_rate": found("13%"),
        "sign_date": found("2026-03-05"),
    }
    return usual | fields


@pytest.fixture
def units(cast: Cast, our_company: Company) -> list[Entity]:
    """Our legal units as reading knows them."""
    return our_entities()


def test_our_side_is_the_party_that_bears_our_name(cast: Cast, units: list[Entity]) -> None:
    proposal = values_from(read(), units=units, today=TODAY)
    values = proposal.values
    assert (values.unit, values.our_role, values.counterparty_name) == (cast.department("qmj"), "SELLER", CUSTOMER)
    assert (values.amount, values.vat_rate, values.signed_on) == (
        Decimal("128000.00"),
        Decimal("0.13"),
        dt.date(2026, 3, 5),
    )
    assert proposal.is_sure
    assert (proposal.lacking, proposal.uncertain) == ([], [])


def test_law_language_and_further_parties_are_registered_with_the_rest(units: list[Entity]) -> None:
    more = {"governing_law": found("England and Wales", 0.9), "prevailing_language": found("英文", 0.85)}
    values = values_from(
        read(**more, other_parties=found(["Thirdvale Trust", CUSTOMER])), units=units, today=TODAY
    ).values
    assert (values.governing_law, values.prevailing_language) == ("England and Wales", "英文")
    assert [party.name for party in values.parties] == [OURS, CUSTOMER, "Thirdvale Trust"]


def test_where_we_buy_the_seller_is_the_counterparty(units: list[Entity]) -> None:
    values = values_from(read(seller=found(CUSTOMER), buyer=found(OURS)), units=units, today=TODAY).values
    assert (values.our_role, values.counterparty_name) == ("BUYER", CUSTOMER)


def test_an_alias_of_ours_is_ours_too(cast: Cast, our_company: Company) -> None:
    our_company.add_alias("启明精机", by=cast.archivist)
    values = values_from(read(seller=found("启明 精机")), units=our_entities(), today=TODAY).values
    assert (values.our_role, values.counterparty_name) == ("SELLER", CUSTOMER)


def test_parties_by_another_name_are_one_party_with_its_side(units: list[Entity]) -> None:
    values = values_from(
        read(
            party_a=found(CUSTOMER),
            party_b=found(OURS),
            buyer_uscc=found("91320594MA1X00000X"),
            bank_accounts=found([{"party": "seller", "bank": "某银行", "account": "6222 0000"}]),
            signatories=found([{"party": "buyer", "name": "吴桐", "role": "委托代理人"}]),
        ),
        units=units,
        today=TODAY,
    ).values
    seller, buyer = values.parties
    assert (seller.name, seller.role, seller.side, seller.account) == (OURS, "SELLER", "乙方", "6222 0000")
    assert (buyer.side, buyer.uscc, buyer.signatory, buyer.signatory_title) == (
        "甲方",
        "91320594MA1X00000X",
        "吴桐",
        "委托代理人",
    )


def test_where_no_party_is_ours_nobody_is_sure(units: list[Entity]) -> None:
    proposal = values_from(read(seller=found("某厂")), units=units, today=TODAY)
    assert not proposal.is_sure
    assert "counterparty_name" in proposal.uncertain
    assert proposal.values.counterparty_name == CUSTOMER


def test_a_paper_without_parties_lacks_its_counterparty(units: list[Entity]) -> None:
    proposal = values_from(read(seller=None, buyer=None, title=None), units=units[:1], today=TODAY)
    assert set(proposal.lacking) >= {"title", "counterparty"}


def test_an_unsure_title_wants_a_person(units: list[Entity]) -> None:
    proposal = values_from(read(title=found("车床合同", 0.6)), units=units, today=TODAY)
    assert proposal.uncertain == ["title"]
    assert not proposal.is_sure


@pytest.mark.parametrize(
    ("title", "kind"),
    [("设备采购框架协议", "FRAMEWORK"), ("补充协议（一）", "SUPPLEMENT"), ("销售订单", "ORDER"), ("买卖合同", "SALE")],
)
def test_the_kind_follows_from_the_title(units: list[Entity], title: str, kind: str) -> None:
    assert values_from(read(title=found(title)), units=units, today=TODAY).values.kind == kind


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1200.00", "1200.00"),
        ("13%", "0.13"),
        ("1.005", None),
        ("很多", None),
        ("", None),
        ("1e30", None),
        ("NaN", None),
    ],
)
def test_only_exact_numbers_come_through(text: str, number: str | None) -> None:
    assert exact(text) == (None if number is None else Decimal(number))


def test_only_whole_dates_come_through() -> None:
    assert day("2026-02-29") is None
    assert day(None) is None


def test_every_labelled_contract_can_be_registered_from_its_labels(shared: pathlib.Path, cast: Cast) -> None:
    labelled = json.loads((shared / "data" / "gold" / "gold.json").read_text(encoding="utf-8"))
    for one in labelled:
        fields = {name: None if value is None else found(value) for name, value in one["gold"].items()}
        ours = one["gold"]["seller"] or one["gold"]["party_a"]
        if ours and not Company.objects.matching(ours).exists():
            Company.add(name=ours, is_ours=True, unit=cast.department("qmj"), by=cast.archivist)
        proposal = values_from(fields, units=our_entities(), today=TODAY)
        assert proposal.lacking == [], (one["id"], proposal.lacking)
        contract = register(proposal.values, by=cast.archivist)
        gold = one["gold"]
        assert contract.amount == exact(gold["amount_incl_tax"]), one["id"]
        assert contract.line_items.count() == len(gold["line_items"] or []), one["id"]
        assert contract.instalments.count() == len(gold["payment_plan"] or []), one["id"]
        accounts = {row["account"] for row in gold["bank_accounts"] or []}
        assert {party.account for party in contract.parties.all()} - {""} <= accounts
    assert Contract.objects.count() == len(labelled)


def test_the_term_stands_as_it_is_written(units: list[Entity]) -> None:
    term = {"value": {"n": 3, "unit": "年", "anchor": None}, "confidence": 0.9, "raw": "有效期三年", "page": 1}
    assert values_from(read(term=term), units=units, today=TODAY).values.term_text == "有效期三年"
    term["raw"] = ""
    assert values_from(read(term=term), units=units, today=TODAY).values.term_text == "3年"
