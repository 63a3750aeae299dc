"""XLS, XLSX, XLSB, ODS: every visible sheet as tables, rows with one filled cell as lines."""

import datetime
import io
import itertools
from collections.abc import Iterator
from typing import Any

import python_calamine

from qidang.reading.formats.flow import BREAK, Block, pages
from qidang.reading.limits import Unreadable
from qidang.reading.paper import Cell, Paper
from qidang.reading.source import Source

MOST_ROWS = 20_000  # of a workbook
MOST_COLUMNS = 500
Spans = dict[tuple[int, int], tuple[int, int]]


def read(source: Source) -> Paper:
    """Read a workbook; raises Unreadable ``reading.encrypted`` or ``reading.malformed``."""
    paper = Paper(source.media_type)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(source.content))
    except python_calamine.PasswordError as error:
        raise Unreadable("reading.encrypted") from error
    except Exception as error:  # calamine's errors share no base, and its panics are none of them
        code = "reading.encrypted" if "password" in str(error).lower() else "reading.malformed"
        raise Unreadable(code, str(error)[:200]) from error
    visible = [sheet for sheet in book.sheets_metadata if "Visible" in str(sheet.visible)] or book.sheets_metadata
    names = [sheet.name for sheet in visible if "WorkSheet" in str(sheet.typ)]
    paper.meta["sheets"] = names[:200]
    blocks: list[Block] = []
    left = MOST_ROWS
    for name in names:
        rows = _rows(book, name, left, paper)
        left -= len(rows)
        if rows:
            blocks += [BREAK, *([name] if len(names) > 1 else []), *_blocks(rows)]
    if left <= 0:
        paper.note("reading.truncated", str(MOST_ROWS))
    paper.pages = pages(blocks)
    return paper


def _rows(book: Any, name: str, most: int, paper: Paper) -> list[list[Cell]]:
    """Return the filled cells of a sheet, row by row; empty rows are kept as gaps."""
    try:
        sheet = book.get_sheet_by_name(name)
        values = sheet.to_python(skip_empty_area=False, nrows=max(most, 0))
        merged = sheet.merged_cell_ranges or []
    except Exception as error:
        paper.note("reading.sheet_damaged", f"{name}: {error}"[:200])
        return []
    spans = {(top, left): (bottom - top + 1, right - left + 1) for (top, left), (bottom, right) in merged}
    return [_cells(number, row[:MOST_COLUMNS], spans) for number, row in enumerate(values)]


def _cells(number: int, row: list[Any], spans: Spans) -> list[Cell]:
    cells = []
    for column, value in enumerate(row):
        text = written(value)
        if text:
            height, width = spans.get((number, column), (1, 1))
            cells.append(Cell(text, None, number, column, height, width))
    return cells


def _blocks(rows: list[list[Cell]]) -> Iterator[Block]:
    """Yield runs of rows with several cells as tables, other rows as lines."""
    for is_table, run in itertools.groupby(rows, key=lambda row: len(row) > 1):
        if is_table:
            yield list(run)
        else:
            yield from (row[0].text for row in run if row)


def written(value: Any) -> str:
    """Return a cell's value as a person would write it: whole numbers without .0, dates as ISO."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(round(value, 10))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return "" if value is None else " ".join(str(value).split())
