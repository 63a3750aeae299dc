"""历史合同随台账导入: rows enter the life cycle in the state that they say, with the row as voucher."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract, HistoryEntry
from qidang.intake import projects
from qidang.intake.models import RowState, SheetImport
from qidang.intake.sheets import bring, bring_in, choose, plan, undo
from qidang.kit.refusal import Refused
from qidang.kit.sheets import write_sheet
from qidang.ledger.models import Entry

pytestmark = pytest.mark.django_db
HEADINGS = ["合同编号", "合同名称", "客户名称", "签订日期", "到期日期", "合同状态"]
ROWS = [
    ["HT-1", "车床", "澄湖机电有限公司", "2016-03-05", "2017-03-04", "已履行完毕"],
    ["HT-2", "铣床", "澄湖机电有限公司", "2016-03-06", "", "终止"],
    ["HT-3", "镗床", "澄湖机电有限公司", "2016-03-07", "2017-03-06", "履行中"],
    ["HT-4", "钻床", "澄湖机电有限公司", "2016-03-08", "2017-03-07", "作废"],
    ["HT-5", "磨床", "澄湖机电有限公司", "", "", ""],
    ["HT-6", "刨床", "澄湖机电有限公司", "2016-03-09", "", ""],
]


def brought(cast: Cast, rows: list[list[str]], *, is_historical: bool = True) -> SheetImport:
    """Return a ledger of past contracts, planned."""
    sheet = bring(write_sheet(rows, HEADINGS), "旧台账.xlsx", by=cast.archivist, unit=cast.department("qmj"))
    choose(sheet, sheet.columns, unit=sheet.unit, by=cast.archivist, is_historical=is_historical)
    return plan(sheet, by=cast.archivist)


def said(sheet: SheetImport) -> dict[str, list[str]]:
    """Return the codes of what is said of each row, by its number."""
    return {row.values["number"]: [one["code"] for one in row.problems] for row in sheet.rows.all()}


def test_each_row_enters_in_its_state_or_in_the_one_its_dates_tell(cast: Cast) -> None:
    sheet = bring_in(brought(cast, ROWS), by=cast.archivist)
    found = {one.number: (one.status, one.past_state) for one in Contract.objects.all()}
    assert found == {
        "HT-1": ("CLOSED", "CLOSED"),
        "HT-2": ("TERMINATED", "TERMINATED"),
        "HT-3": ("EXPIRED", "EXPIRED"),
        "HT-4": ("EXPIRED", "EXPIRED"),
        "HT-5": ("DRAFT", ""),
        "HT-6": ("IN_FORCE", "IN_FORCE"),
    }
    assert said(sheet) == {
        "HT-1": [],
        "HT-2": [],
        "HT-3": ["intake.state_differs"],
        "HT-4": ["intake.state_unknown"],
        "HT-5": ["intake.state_untold"],
        "HT-6": [],
    }


def test_the_row_is_the_voucher_and_the_log_names_the_sheet(cast: Cast) -> None:
    sheet = bring_in(brought(cast, ROWS[:1]), by=cast.archivist)
    entry = HistoryEntry.objects.get()
    assert (entry.voucher, entry.by) == ("台账「旧台账.xlsx」第 2 行", cast.archivist)
    logged = Entry.objects.filter(act="contract.history_entered").get()
    assert [subject.uid for subject in logged.subjects.all()] == [entry.contract.uid, sheet.uid]


def test_a_ledger_of_running_business_enters_no_history(cast: Cast) -> None:
    bring_in(brought(cast, ROWS, is_historical=False), by=cast.archivist)
    assert not HistoryEntry.objects.exists()
    assert Contract.objects.get(number="HT-1").status == "EXPIRED"


def test_the_corrected_ledger_enters_it_otherwise_and_undoing_puts_it_back(cast: Cast) -> None:
    bring_in(brought(cast, ROWS[:1]), by=cast.archivist)
    second = brought(cast, [[*ROWS[0][:5], "终止"]])
    assert second.rows.get().changes == {"past_state": ["CLOSED", "TERMINATED"]}
    bring_in(second, by=cast.archivist)
    assert Contract.objects.get().status == "TERMINATED"
    undo(second, by=cast.archivist, why="改错了")
    assert Contract.objects.get().status == "CLOSED"
    assert second.rows.get().state == RowState.UNDONE


def test_undoing_the_import_withdraws_what_it_entered(cast: Cast) -> None:
    sheet = bring_in(brought(cast, ROWS[:1]), by=cast.archivist)
    undo(sheet, by=cast.archivist, why="不要了")
    assert Contract.objects.get().status == "WITHDRAWN"


def test_a_project_of_past_contracts_hands_it_to_its_ledgers(cast: Cast) -> None:
    project = projects.begin("旧合同", by=cast.archivist, unit=cast.department("qmj"), is_historical=True)
    sheet = projects.add_ledger(project, write_sheet(ROWS[:1], HEADINGS), "旧.xlsx", by=cast.archivist)
    bring_in(sheet, by=cast.archivist)
    assert Contract.objects.get().past_state == "CLOSED"


def test_who_may_not_enter_history_cannot_do_it_by_a_ledger_or_project(cast: Cast) -> None:
    sheet = bring(write_sheet(ROWS, HEADINGS), "旧.xlsx", by=cast.salesperson, unit=cast.department("qmj"))
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        choose(sheet, sheet.columns, unit=sheet.unit, by=cast.salesperson, is_historical=True)
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        projects.begin("旧合同", by=cast.salesperson, is_historical=True)
