"""What leaves as an Excel file."""

import datetime as dt
import io
import tracemalloc
from decimal import Decimal

import openpyxl

from qidang.kit.sheets import write_sheet


def test_dates_and_amounts_arrive_as_such_and_text_is_never_a_formula() -> None:
    rows = [("=1+1", Decimal("1234.50"), dt.date(2026, 3, 5), "@SUM(A1)", None)]
    book = openpyxl.load_workbook(io.BytesIO(write_sheet(rows, ["名称", "金额", "日期", "备注", "空"])))
    cells = [cell.value for cell in book.active[2]]
    assert cells == ["'=1+1", 1234.5, dt.datetime(2026, 3, 5), "'@SUM(A1)", None]
    assert book.active.freeze_panes == "B2"


def test_a_moment_is_written_in_the_companys_zone() -> None:
    rows = [(dt.datetime(2026, 3, 5, 20, 0, tzinfo=dt.UTC),)]
    book = openpyxl.load_workbook(io.BytesIO(write_sheet(rows, ["时间"])))
    assert book.active["A2"].value == dt.datetime(2026, 3, 6, 4, 0)


def test_a_text_too_long_for_a_cell_is_cut_not_dropped() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_sheet([("字" * 40_000,)], ["备注"])))
    assert book.active["A2"].value == "字" * 32_767


def test_many_rows_are_not_kept_in_memory() -> None:
    rows = ((f"合同编号{number}", f"数控机床采购合同{number}", Decimal(number)) for number in range(10_000))
    tracemalloc.start()
    try:
        write_sheet(rows, ["编号", "名称", "金额"])
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
