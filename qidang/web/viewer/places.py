"""落笔处: the boxes to draw for characters of a page; in tables within their cells, which lines do not know."""

from __future__ import annotations

import statistics
import unicodedata
from typing import TYPE_CHECKING

from qidang.search.spots import boxes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qidang.reading.paper import Box, Cell, Page

PITCH = 1.25  # from one line of a paragraph to the next, in heights of a line


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
    """Return the part of a cell's text that its characters ``low`` to ``high`` take, a box a line.

    The box is that of the text; its lines share the height, and the longest takes the whole width.
    """
    x0, y0, x1, y1 = box
    lines = text.split("\n") if "\n" in text else _wrapped(text, _lines_in(box, page))
    height, longest = (y1 - y0) / len(lines), max(1, *map(_breadth, lines))
    at, found = 0, []
    for number, line in enumerate(lines):
        first, last = max(low - at, 0), min(high - at, len(line))
        at += len(line) + ("\n" in text)
        if first < last:
            left, right = (x0 + (x1 - x0) * _breadth(line[:place]) / longest for place in (first, last))
            found.append((left, y0 + number * height, right, y0 + (number + 1) * height))
    return found


def _lines_in(box: Box, page: Page) -> int:
    """Return how many of the page's usual lines are as high as the box."""
    heights = [line.box[3] - line.box[1] for line in page.lines if line.box]
    return max(1, round((box[3] - box[1]) / (PITCH * statistics.median_low(heights)))) if heights else 1


def _wrapped(text: str, count: int) -> list[str]:
    """Break the text into ``count`` lines of the same breadth."""
    room = -(-_breadth(text) // count)
    lines, used = [""], 0
    for character in text:
        used += _breadth(character)
        if used > room and lines[-1]:
            lines.append("")
            used = _breadth(character)
        lines[-1] += character
    return lines


def _breadth(text: str) -> int:
    """Return the breadth of the text in half widths: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
