"""Ledgers as people make them, for tests: a heading of three rows, merged cells, every way to write a date."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

Fill = Callable[[Any, Any], None]


def book(fill: Fill, *names: str) -> bytes:
    """Return an XLSX that ``fill(workbook, worksheets)`` wrote; one worksheet unless ``names`` say more."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheets = [made.add_worksheet(name) for name in names or ("台账",)]
        fill(made, sheets if len(sheets) > 1 else sheets[0])
    return out.getvalue()


def rows(*lines: Sequence[Any], merged: Sequence[tuple[str, Any]] = ()) -> bytes:
    """Return an XLSX with these lines from A1 on, and ``merged`` ranges with what stands in them."""

    def fill(_made: Any, sheet: Any) -> None:
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
        for reference, value in merged:
            sheet.merge_range(reference, value)

    return book(fill)


def three_row_heading(*lines: Sequence[Any]) -> bytes:
    """Return an XLSX with a title, groups of columns and the columns themselves, and ``lines`` from row 4 on."""
    groups = ["序号", "合同信息", "", "", "金额", "", "客户", "备注"]
    columns = ["", "编号", "合同名称", "签订日期", "含税金额（万元）", "币种", "名称", ""]
    merged = [
        ("A1:H1", "2024年度销售合同台账"),
        ("A2:A3", "序号"),
        ("B2:D2", "合同信息"),
        ("E2:F2", "金额"),
        ("H2:H3", "备注"),
    ]
    return rows([], groups, columns, *lines, merged=merged)
