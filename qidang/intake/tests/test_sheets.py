"""台账导入: columns, a dry run, and rows whose faults are named."""

import datetime as dt
from decimal import Decimal

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.intake.columns import guess, header_row, understand
from qidang.intake.models import SheetImport
from qidang.intake.sheets import bring, bring_in, choose, dry_run
from qidang.kit.refusal import Refused
from qidang.kit.sheets import write_sheet

HEADINGS = ["序号", "合同编号", "合同名称", "客户名称", "合同金额（万元）", "签订日期", "业务员"]
ROWS = [
    ["1", "QMJ-01", "车床买卖合同", "澄湖机电有限公司", "12.8", "2026.3.5", "周文澜"],
    ["2", "QMJ-02", "铣床买卖合同", "远帆设备有限公司", "约十万", "2026年13月1日", ""],
    ["3", "QMJ-01", "磨床买卖合同", "远帆设备有限公司", "3", "2026-04-01", ""],
    ["4", "QMJ-04", "", "远帆设备有限公司", "3", "2026-04-01", ""],
    ["5", "QMJ-05", "钻床买卖合同", "远帆设备有限公司", "3", "2026-04-01", "查无此人"],
    ["6", "QMJ-06", "镗床买卖合同", "远帆设备有限公司", "", "", ""],
]


@pytest.fixture
def sheet(cast: Cast) -> SheetImport:
    """A register with good and bad rows."""
    return bring(write_sheet(ROWS, HEADINGS), "台账.xlsx", by=cast.archivist, unit=cast.department("qmj"))


def test_columns_are_known_by_their_headings() -> None:
    assert guess(HEADINGS) == {"number": 1, "title": 2, "counterparty": 3, "amount": 4, "signed_on": 5, "owner": 6}


def test_the_heading_may_stand_below_a_title() -> None:
    assert header_row([["2026年合同台账"], ["", ""], HEADINGS, ROWS[0]]) == 2


def test_amounts_in_ten_thousands_become_yuan() -> None:
    columns = guess(HEADINGS)
    values, problems = understand(ROWS[0], columns, row=2, headings=HEADINGS, today=dt.date(2026, 11, 24))
    assert values["amount"] == Decimal("128000")
    assert not problems


def test_a_dry_run_names_every_fault_and_registers_nothing(sheet: SheetImport, cast: Cast) -> None:
    outcome = dry_run(sheet, by=cast.archivist)
    faults = {(one.row, one.code) for one in outcome.problems}
    assert faults == {
        (3, "intake.bad_amount"),
        (3, "intake.bad_date"),
        (4, "intake.number_twice"),
        (5, "intake.cell_missing"),
        (6, "intake.owner_unknown"),
    }
    assert (outcome.rows, outcome.registered) == (6, 2)
    assert not Contract.objects.exists()


def test_good_rows_are_registered_though_others_are_not(sheet: SheetImport, cast: Cast) -> None:
    outcome = bring_in(sheet, by=cast.archivist)
    assert outcome.registered == 2
    contract = Contract.objects.get(number="QMJ-01")
    assert contract.amount == Decimal("128000.00")
    assert contract.signed_on == dt.date(2026, 3, 5)
    assert contract.owner == cast.salesperson
    sheet.refresh_from_db()
    assert len(sheet.errors) == 5


def test_a_sheet_is_imported_once(sheet: SheetImport, cast: Cast) -> None:
    bring_in(sheet, by=cast.archivist)
    with pytest.raises(Refused) as refusal:
        bring_in(sheet, by=cast.archivist)
    assert refusal.value.code == "intake.sheet_done"


def test_needed_columns_must_be_chosen(sheet: SheetImport, cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        choose(sheet, {"number": 1}, unit=None, by=cast.archivist)
    assert refusal.value.code == "intake.columns_missing"


def test_what_is_no_sheet_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        bring(b"\x00\x01 nothing", "台账.xlsx", by=cast.archivist)
    assert refusal.value.code in {"intake.not_a_sheet", "reading.malformed", "reading.unsupported"}
