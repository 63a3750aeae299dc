"""字段来源: every value keeps who said it, in which words and where, until somebody checks it or changes it."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from qidang.cast import Cast
from qidang.contracts.field_checks import mark_checked, mark_many_checked
from qidang.contracts.from_reading import our_entities, values_from
from qidang.contracts.models import Company, Contract, FieldSource
from qidang.contracts.register import Filters, Register
from qidang.contracts.registering import register
from qidang.contracts.tests.conftest import CUSTOMER, PaperMaker, Registrar, values
from qidang.contracts.values import ContractValues, Said
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry
from qidang.reading.paper import Found

TODAY = dt.date(2026, 6, 30)
OURS = "启明精密机械有限公司"
READ = {
    "title": Found("数控车床买卖合同", "数控车床买卖合同", 1, 0, 8, (0.1, 0.1, 0.6, 0.13), 0.98),
    "contract_type": Found("买卖合同", "", 1, 0, 0, None, 0.95, derived=True),
    "seller": Found(OURS, OURS, 1, 20, 30),
    "buyer": Found(CUSTOMER, CUSTOMER, 1, 40, 50),
    "amount_incl_tax": Found("128000.00", "¥128,000.00元", 2, 60, 72, (0.2, 0.5, 0.4, 0.52), 0.91),
}


def told(contract: Contract) -> dict[str, str]:
    """Return the source of each field, a star where nobody has checked it."""
    rows = contract.field_sources.order_by("field")
    return {row.field: row.source + ("*" if row.checked_at is None else "") for row in rows}


def from_sheet(cast: Cast, **changes: object) -> Contract:
    """Register a row of a ledger sheet."""
    return register(values(cast, **changes), by=cast.salesperson, source="LEDGER_SHEET")


def test_what_a_person_registers_is_the_person_s_and_checked(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    assert set(told(contract).values()) == {"PERSON"}
    assert {"title", "counterparty_name", "amount", "unit"} <= set(told(contract))
    assert not {"currency", "secrecy", "remarks"} & set(told(contract))
    assert contract.unchecked == 0
    assert contract.field_sources.get(field="amount").checked_by == cast.salesperson


def test_what_was_read_keeps_its_words_its_page_and_its_box(
    cast: Cast, our_company: Company, a_paper: PaperMaker
) -> None:
    proposal = values_from(READ, units=our_entities(), today=TODAY)
    contract = register(proposal.values, by=cast.salesperson, paper=a_paper("a"), source="READ", said=proposal.said)
    amount = contract.field_sources.get(field="amount")
    assert (amount.raw, amount.page, amount.start, amount.end) == ("¥128,000.00元", 2, 60, 72)
    assert (amount.box, amount.confidence) == ([0.2, 0.5, 0.4, 0.52], 0.91)
    assert amount.version == contract.documents.get().latest
    kind = contract.field_sources.get(field="contract_type")
    assert (kind.page, kind.version, kind.confidence) == (None, None, 0.95)
    assert set(told(contract)) == {
        *("title", "contract_type", "kind", "amount", "our_role", "counterparty_name", "unit", "parties"),
    }
    assert contract.unchecked == len(told(contract)) == Contract.objects.get().unchecked


def test_what_a_person_left_as_it_was_read_is_read_and_checked(cast: Cast, our_company: Company) -> None:
    proposal = values_from(READ, units=our_entities(), today=TODAY)
    mine = values(cast, amount=Decimal("1"), remarks="看过", parties=proposal.values.parties, kind="SALE")
    said = proposal.heard(mine, looked_at=["title", "amount", "counterparty_name"])
    contract = register(mine, by=cast.salesperson, said=said)
    assert (told(contract)["title"], told(contract)["amount"]) == ("READ", "PERSON")
    assert told(contract)["parties"] == "READ*"
    assert told(contract)["remarks"] == "PERSON"


def test_a_ledger_row_is_unchecked_but_its_unit_a_person_chose(cast: Cast) -> None:
    contract = from_sheet(cast)
    assert set(told(contract).values()) == {"LEDGER_SHEET*"}
    assert "unit" not in told(contract)


def test_each_field_may_have_a_source_of_its_own(cast: Cast) -> None:
    said = {"amount": Said(source="READ", raw="拾贰万捌仟元", page=1)}
    contract = register(values(cast), by=cast.salesperson, source="LEDGER_SHEET", said=said)
    assert (told(contract)["amount"], told(contract)["title"]) == ("READ*", "LEDGER_SHEET*")


def test_registering_writes_all_sources_with_one_statement(cast: Cast, our_company: Company) -> None:
    full = values(cast, number_on_paper="甲-1", remarks="备注", sign_place="苏州", expires_on=dt.date(2027, 1, 1))
    register(full, by=cast.salesperson)
    with CaptureQueriesContext(connection) as asked:
        register(values(cast, title="另一份"), by=cast.salesperson)
    assert sum("fieldsource" in one["sql"] for one in asked) == 1


def test_an_edit_makes_the_changed_fields_the_person_s(cast: Cast) -> None:
    contract = from_sheet(cast)
    before = contract.unchecked
    contract.edit({"amount": Decimal("5"), "remarks": "补"}, by=cast.salesperson, edit_version=1, why="错")
    assert (told(contract)["amount"], told(contract)["remarks"]) == ("PERSON", "PERSON")
    assert told(contract)["title"] == "LEDGER_SHEET*"
    assert Contract.objects.get().unchecked == before - 1


def test_a_corrected_ledger_makes_a_checked_field_unchecked_again(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    contract.edit(
        {"amount": Decimal("5")}, by=cast.salesperson, edit_version=1, source="LEDGER_SHEET", why="更正的台账"
    )
    assert told(contract)["amount"] == "LEDGER_SHEET*"
    assert Contract.objects.get().unchecked == 1


def test_checking_one_field_and_then_all(cast: Cast) -> None:
    contract = from_sheet(cast)
    every = contract.unchecked
    assert mark_checked(contract, by=cast.salesperson, edit_version=1, fields=["amount"]) == 1
    assert Contract.objects.get().unchecked == every - 1
    assert mark_checked(contract, by=cast.salesperson, edit_version=1) == every - 1
    assert Contract.objects.get().unchecked == 0
    assert contract.field_sources.get(field="title").checked_by == cast.salesperson
    entries = Entry.objects.filter(act="contract.checked").order_by("seq")
    assert [json.loads(one.details.body)["count"] for one in entries] == [1, every - 1]


def test_where_nothing_is_left_to_check_nothing_is_recorded(cast: Cast, registered: Registrar) -> None:
    assert mark_checked(registered(), by=cast.salesperson, edit_version=1) == 0
    assert not Entry.objects.filter(act="contract.checked").exists()


def test_many_are_checked_with_one_entry_and_only_those_one_may_edit(cast: Cast) -> None:
    mine, other, void = from_sheet(cast), from_sheet(cast, title="第二份"), from_sheet(cast, title="作废的")
    theirs = register(
        ContractValues(title="别人的", unit=cast.department("qmj"), counterparty_name=CUSTOMER),
        by=cast.rival,
        source="LEDGER_SHEET",
    )
    void.void(by=cast.salesperson, why="错")
    assert mark_many_checked([mine, other, void, theirs], by=cast.salesperson) == 2
    left = set(Contract.objects.filter(unchecked__gt=0).values_list("title", flat=True))
    assert left == {"作废的", "别人的"}
    assert Entry.objects.filter(act="contract.checked").count() == 1


def test_who_may_not_edit_and_who_saw_an_older_state_cannot_check(cast: Cast) -> None:
    contract = from_sheet(cast)
    for person, version, code in (
        (cast.lawyer, 1, "accounts.not_allowed"),
        (cast.salesperson, 7, "contract.changed_meanwhile"),
    ):
        with pytest.raises(Refused) as refusal:
            mark_checked(contract, by=person, edit_version=version)
        assert refusal.value.code == code
    with pytest.raises(Refused):
        mark_many_checked([contract], by=cast.lawyer)
    contract.void(by=cast.salesperson, why="错")
    with pytest.raises(Refused) as refusal:
        mark_checked(contract, by=cast.salesperson, edit_version=contract.edit_version)
    assert refusal.value.code == "contract.is_void"


def test_the_register_finds_what_nobody_has_checked(cast: Cast, registered: Registrar) -> None:
    open_one = from_sheet(cast, title="台账来的")
    registered()
    assert [one.pk for one in Register(cast.salesperson, Filters(unchecked=True)).page().rows] == [open_one.pk]


def test_a_field_has_one_source_and_is_checked_by_somebody_at_some_time(cast: Cast, registered: Registrar) -> None:
    row = registered().field_sources.get(field="title")
    with pytest.raises(IntegrityError), transaction.atomic():
        FieldSource.objects.filter(pk=row.pk).update(checked_by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        FieldSource.objects.create(contract=row.contract, field="title", source="READ")
