"""落笔处: the boxes to draw for characters of a page; in tables within their cells, which lines do not know."""

from __future__ import annotations

import statistics
import unicodedata
from typing import TYPE_CHECKING

from qidang.search.spots import boxes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qidang.reading.paper import Box, Cell, Page

SMALLER = 0.9  # tables are often set a size smaller than running lines
SHORT = 8  # characters: a line of fewer may be set widely


def places(page: Page, start: int, end: int) -> list[Box]:
    """Return the boxes of the characters ``start`` to ``end`` of a page's text; none where it has no boxes."""
    cells = list(_cells(page, start, end))
    if not cells:
        return boxes(page, start, end)
    return [box for cell, low, high in cells if cell.box for box in _within(cell.box, cell.text, low, high, page)]


def _cells(page: Page, start: int, end: int) -> Iterator[tuple[Cell, int, int]]:
    """Yield the cells that the characters touch, with the part of each; a row's line is its cells, a tab between."""
    at = 0
    rows = {table.first_line + number: row for table in page.tables for number, row in enumerate(table.rows)}
    for number, line in enumerate(page.lines):
        row = rows.get(number)
        if row is not None and start < at + len(line.text) and end > at:
            if sum(len(cell.text) for cell in row) + len(row) - 1 != len(line.text):
                return
            yield from _touched(row, start - at, end - at)
        at += len(line.text) + 1
        if at >= end:
            return


def _touched(row: list[Cell], start: int, end: int) -> Iterator[tuple[Cell, int, int]]:
    at = 0
    for cell in row:
        low, high = max(start - at, 0), min(end - at, len(cell.text))
        if low < high:
            yield cell, low, high
        at += len(cell.text) + 1


def _within(box: Box, text: str, low: int, high: int, page: Page) -> list[Box]:
    """Return the part of a cell that its characters ``low`` to ``high`` take, a box a line, as if set from the left."""
    if low == 0 and high == len(text):
        return [box]
    x0, y0, x1, y1 = box
    em, at, found = _half_width(page), 0, []
    lines = text.split("\n") if "\n" in text else _wrapped(text, (x1 - x0) / em if em else 0)
    height = (y1 - y0) / len(lines)
    for number, line in enumerate(lines):
        first, last = max(low - at, 0), min(high - at, len(line))
        at += len(line) + ("\n" in text)
        if first >= last:
            continue
        step = min(em, (x1 - x0) / max(_halves(line), 1)) or (x1 - x0) / max(_halves(line), 1)
        left, right = x0 + step * _halves(line[:first]), x0 + step * (_halves(line[:last]) + 1)
        found.append((left, y0 + number * height, min(right, x1), y0 + (number + 1) * height))
    return found


def _wrapped(text: str, room: float) -> list[str]:
    """Break the text where ``room`` half widths are full; it is one line where the room is unknown."""
    lines, used = [""], 0
    for character in text:
        wide = _halves(character)
        if room and used + wide > room and lines[-1]:
            lines.append("")
            used = 0
        lines[-1] += character
        used += wide
    return lines


def _halves(text: str) -> int:
    """Return the width of the text in half widths: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _half_width(page: Page) -> float:
    """Return the usual half width of letters in the page's tables, 0.0 where no running line has a box."""
    inside = {number for table in page.tables for number in range(table.first_line, table.last_line + 1)}
    running = [
        (line.box[2] - line.box[0]) / _halves(line.text)
        for number, line in enumerate(page.lines)
        if line.box and number not in inside and len(line.text) > SHORT
    ]
    return SMALLER * statistics.median(running) if running else 0.0
