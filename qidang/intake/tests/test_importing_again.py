"""再次导入: the corrected ledger changes what it means to change, and the whole import can be taken back."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qidang.cast import Cast
from qidang.contracts.field_checks import mark_many_checked
from qidang.contracts.models import Contract
from qidang.intake.models import LedgerRow, RowState, SheetImport
from qidang.intake.sheets import bring, bring_in, choose, counts, missing, plan, undo
from qidang.kit.refusal import Refused
from qidang.kit.sheets import write_sheet
from qidang.ledger.models import Entry

HEADINGS = ["合同编号", "合同名称", "客户名称", "合同金额", "签订日期", "业务员", "备注"]
FIRST = [
    ["HT-1", "车床买卖合同", "澄湖机电有限公司", "100", "2024-03-05", "周文澜", "急"],
    ["HT-2", "铣床买卖合同", "远帆设备有限公司", "200", "2024-03-06", "周文澜", ""],
    ["", "镗床买卖合同", "远帆设备有限公司", "300", "2024-03-07", "周文澜", ""],
    ["HT-4", "钻床买卖合同", "远帆设备有限公司", "400", "2024-03-08", "周文澜", ""],
]
SECOND = [
    ["HT-1", "车床买卖合同", "澄湖机电（集团）有限公司", "150", "2024-03-05", "韩叶舟", ""],
    ["HT-2", "铣床买卖合同", "远帆设备有限公司", "200", "2024-03-06", "周文澜", ""],
    ["HT-3", "镗床买卖合同", "远帆设备有限公司", "300", "2024-03-07", "周文澜", ""],
    ["HT-5", "磨床买卖合同", "远帆设备有限公司", "500", "2024-03-09", "周文澜", ""],
]


def brought(cast: Cast, lines: list[list[Any]], name: str = "台账.xlsx") -> SheetImport:
    """Return a ledger that the archivist brought."""
    return bring(write_sheet(lines, HEADINGS), name, by=cast.archivist, unit=cast.department("qmj"))


@pytest.fixture
def first(cast: Cast) -> SheetImport:
    """A ledger that was imported."""
    return bring_in(brought(cast, FIRST), by=cast.archivist)


@pytest.fixture
def second(first: SheetImport, cast: Cast) -> SheetImport:
    """The corrected ledger, planned."""
    return plan(brought(cast, SECOND), by=cast.archivist)


def changes(sheet: SheetImport) -> dict[int, dict[str, list[str]]]:
    """Return what each row changes, without keys, by its number."""
    rows = LedgerRow.objects.filter(sheet=sheet).exclude(changes={})
    return {row.number: {field: said[:2] for field, said in row.changes.items()} for row in rows}


def test_a_plan_says_field_by_field_what_is_new_and_what_changes(second: SheetImport) -> None:
    stands = counts(second)
    assert (stands.new, stands.changing, stands.unchanged) == (1, 2, 1)
    assert changes(second) == {
        2: {
            "counterparty_name": ["澄湖机电有限公司", "澄湖机电（集团）有限公司"],
            "amount": ["100", "150"],
            "owner": ["周文澜", "韩叶舟"],
            "remarks": ["急", ""],
        },
        4: {"number_on_paper": ["", "HT-3"]},
    }


def test_what_the_new_ledger_names_no_more_is_listed_and_left_alone(second: SheetImport, cast: Cast) -> None:
    assert [row.values["number"] for row in missing(second)] == ["HT-4"]
    bring_in(second, by=cast.archivist)
    assert Contract.objects.filter(number="HT-4", voiding=None).exists()


def test_importing_again_changes_only_what_the_ledger_changed(second: SheetImport, cast: Cast) -> None:
    bring_in(second, by=cast.archivist)
    changed = Contract.objects.get(number="HT-1")
    assert (changed.amount, changed.owner, changed.remarks) == (Decimal(150), cast.rival, "")
    assert changed.counterparty is not None
    assert changed.counterparty.name == "澄湖机电（集团）有限公司"
    assert set(changed.revisions.values_list("source", flat=True)) == {"LEDGER_SHEET"}
    assert Contract.objects.get(title="镗床买卖合同").number == "HT-3"
    assert Contract.objects.count() == 5


def test_what_a_person_corrected_since_stays_where_the_ledger_still_says_the_same(
    first: SheetImport, cast: Cast
) -> None:
    contract = Contract.objects.get(number="HT-2")
    contract.edit({"amount": Decimal(222)}, by=cast.archivist, edit_version=1, why="看了原件")
    again = plan(brought(cast, FIRST), by=cast.archivist)
    assert counts(again).unchanged == 4
    bring_in(again, by=cast.archivist)
    contract.refresh_from_db()
    assert contract.amount == Decimal(222)


def test_rows_are_known_again_by_chosen_columns(first: SheetImport, cast: Cast) -> None:
    lines = [["HT-9", *FIRST[0][1:]]]
    sheet = brought(cast, lines)
    choose(sheet, sheet.columns, unit=sheet.unit, by=cast.archivist, key_columns=[1, 2])
    plan(sheet, by=cast.archivist)
    assert changes(sheet) == {2: {"number_on_paper": ["HT-1", "HT-9"]}}


def test_a_contract_that_came_another_way_is_known_by_number_and_customer(first: SheetImport, cast: Cast) -> None:
    sheet = bring(write_sheet(FIRST[:1], HEADINGS), "别的.xlsx", by=cast.second_archivist, unit=cast.department("qmj"))
    assert counts(plan(sheet, by=cast.second_archivist)).unchanged == 1


def test_an_import_is_taken_back_as_a_whole(second: SheetImport, cast: Cast) -> None:
    bring_in(second, by=cast.archivist)
    undo(second, by=cast.archivist, why="改错了文件")
    back = Contract.objects.get(number="HT-1")
    assert (back.amount, back.owner, back.remarks) == (Decimal(100), cast.salesperson, "急")
    assert back.counterparty_name == "澄湖机电有限公司"
    assert Contract.objects.get(title="磨床买卖合同").status == "WITHDRAWN"
    stands = counts(second)
    assert (stands.undone, stands.kept, stands.unchanged) == (3, 0, 1)
    assert Entry.objects.filter(act="sheet.undone").count() == 1


def test_after_it_was_taken_back_the_ledger_is_imported_under_the_same_numbers(first: SheetImport, cast: Cast) -> None:
    undo(first, by=cast.archivist, why="改错了文件")
    assert not Contract.objects.visible_to(cast.archivist).exists()
    again = bring_in(brought(cast, FIRST), by=cast.archivist)
    assert counts(again).registered == 4
    assert Contract.objects.visible_to(cast.archivist).filter(number="HT-1").exists()


def test_what_was_changed_since_is_left_and_named(second: SheetImport, cast: Cast) -> None:
    bring_in(second, by=cast.archivist)
    contract = Contract.objects.get(number="HT-1")
    version = contract.edit_version
    contract.edit({"amount": Decimal(160)}, by=cast.archivist, edit_version=version, why="又改了")
    undo(second, by=cast.archivist, why="改错了文件")
    contract.refresh_from_db()
    assert (contract.amount, contract.owner) == (Decimal(160), cast.salesperson)
    row = LedgerRow.objects.get(sheet=second, number=2)
    assert (row.state, row.problems[0]["code"]) == (RowState.UNDONE, "intake.changed_since")


def test_taking_back_needs_a_reason_and_something_to_take_back(second: SheetImport, cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        undo(second, by=cast.archivist, why="还没导入")
    assert refusal.value.code == "intake.nothing_to_undo"
    bring_in(second, by=cast.archivist)
    with pytest.raises(Refused) as refusal:
        undo(second, by=cast.archivist, why=" ")
    assert refusal.value.code == "intake.undo_unexplained"


def test_days_come_back_as_days(first: SheetImport, cast: Cast) -> None:
    line = [*FIRST[0][:4], "2024-04-01", *FIRST[0][5:]]
    sheet = bring_in(brought(cast, [line]), by=cast.archivist)
    assert Contract.objects.get(number="HT-1").signed_on == dt.date(2024, 4, 1)
    undo(sheet, by=cast.archivist, why="日期原来是对的")
    assert Contract.objects.get(number="HT-1").signed_on == dt.date(2024, 3, 5)


def test_each_value_of_a_row_keeps_its_cell_and_waits_for_a_check(second: SheetImport, cast: Cast) -> None:
    contract = Contract.objects.get(number="HT-1")
    rows = {one.field: one for one in contract.field_sources.all()}
    assert (rows["amount"].source, rows["amount"].raw, rows["amount"].checked_at) == ("LEDGER_SHEET", "100", None)
    named = {"title", "counterparty_name", "number_on_paper", "amount", "signed_on", "owner", "remarks"}
    assert set(rows) == named  # the department follows from the person: no cell says it
    assert contract.unchecked == len(named)
    mark_many_checked(Contract.objects.all(), by=cast.archivist)
    bring_in(second, by=cast.archivist)
    contract.refresh_from_db()
    assert contract.field_sources.get(field="amount").raw == "150"
    assert set(contract.field_sources.unchecked().values_list("field", flat=True)) == {
        *("amount", "counterparty_name", "owner", "remarks"),
    }
