"""规整: the folded copy of a paper on which the fields are read, with the way back to what is written."""

import bisect
import re
from dataclasses import dataclass, field

from qidang.reading.fields.cells import Row, Strip, rows_of
from qidang.reading.fields.folding import breadth
from qidang.reading.fields.wraps import continues, spread_joined
from qidang.reading.paper import Box, Cell, Found, Paper

PARTED = re.compile("[ \t:]")  # a line without any of these has neither gaps nor labels glued to a value


@dataclass(slots=True)
class Bit:
    """A cell of a table: its folded text without line ends, and where it stands in the original."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Spot:
    """Where in the copy a cell begins: which table, which row of it, which column (-1, -1, n outside tables)."""

    start: int
    table: int
    row: int
    col: int


@dataclass
class Copy:
    """The folded copy: logical lines set apart by line ends, their cells and wide gaps by tabs.

    ``places[i]`` is the offset of ``text[i]`` in ``original`` (the pages' texts joined by form feeds), -1 for a
    character that only the copy has.
    """

    original: str
    page_starts: list[int]
    text: str = ""
    places: list[int] = field(default_factory=list)
    line_starts: list[int] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    grids: list[list[list[Bit]]] = field(default_factory=list)
    ocr_pages: frozenset[int] = frozenset()
    furniture: list[str] = field(default_factory=list)

    def is_recognised(self, place: int) -> bool:
        """Tell whether what stands at ``place`` was recognised from an image."""
        original = next((p for p in self.places[place : place + 20] if p >= 0), 0)
        return bisect.bisect_right(self.page_starts, original) - 1 in self.ocr_pages

    def line_of(self, place: int) -> int:
        """Return the number of the logical line in which ``place`` stands."""
        return bisect.bisect_right(self.line_starts, place) - 1

    def line(self, number: int) -> tuple[int, int]:
        """Return start and end of a logical line, the line end left out."""
        start = self.line_starts[number]
        end = self.line_starts[number + 1] - 1 if number + 1 < len(self.line_starts) else len(self.text)
        return start, end

    def spot_of(self, place: int) -> Spot:
        """Return the cell in which ``place`` stands."""
        return self.spots[max(0, bisect.bisect_right(self.spots, place, key=lambda s: s.start) - 1)]

    def written(self, start: int, end: int) -> str:
        """Return what the original has for this stretch of the copy, wraps and gaps left out, blanks kept."""
        return "".join(self.original[p] for p in self.places[start:end] if p >= 0)

    def reach(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the original that this stretch of the copy was made from."""
        there = [p for p in self.places[start:end] if p >= 0]
        return (min(there), max(there) + 1) if there else (0, 0)


def copy_of(paper: Paper) -> Copy:
    """Return the folded copy of a paper."""
    starts, parts, place = [], [], 0
    for page in paper.pages:
        starts.append(place)
        parts.append(page.text)
        place += len(page.text) + 1
    copy = Copy("\f".join(parts), starts)
    copy.ocr_pages = frozenset(n for n, page in enumerate(paper.pages) if page.source == "ocr")
    rows, copy.furniture = rows_of(paper, starts)
    writer = _Writer(copy)
    for row in rows:
        writer.write(row)
    writer.finish()
    return copy


class _Writer:
    """Writes rows into a copy, joining wrapped lines."""

    def __init__(self, copy: Copy) -> None:
        self.copy = copy
        self.chars: list[str] = []
        self.last: Strip | None = None
        self.grid_of: dict[int, int] = {}

    def write(self, row: Row) -> None:
        """Write a row: a plain line, joined to the line before where it goes on, or the cells of a table's row."""
        if row.table < 0:
            strip = row.cells[0][0]
            if self.last and not row.after_blank and continues(self.last, strip):
                self._space(strip)
                self._put(strip)
            else:
                self._begin_line()
                self._mark(-1, -1, 0)
                self._put(strip)
            self.last = strip
            return
        self.last = None
        self._keep_grid(row)
        self._begin_line()
        for number, cell in enumerate(row.cells):
            self._write_cell(row, number, cell)

    def finish(self) -> None:
        """Close the copy: its text and line starts."""
        self.copy.text = "".join(self.chars)
        self.copy.line_starts = [0, *(n + 1 for n, char in enumerate(self.chars) if char == "\n")]
        if not self.copy.spots:
            self.copy.spots.append(Spot(0, -1, -1, 0))

    def _write_cell(self, row: Row, number: int, cell: list[Strip]) -> None:
        if number:
            self._char("\t", -1)
        self._mark(row.table, row.number, row.lanes[number])
        last: Strip | None = None
        for strip in cell:
            if last is not None and not continues(last, strip, in_cell=True):
                self._char("\n", -1)
                self._mark(row.table, row.number, row.lanes[number])
            elif last is not None:
                self._space(strip)
            self._put(strip)
            last = strip

    def _keep_grid(self, row: Row) -> None:
        if row.table not in self.grid_of:
            self.grid_of[row.table] = len(self.copy.grids)
            self.copy.grids.append([])
        bits = []
        for cell in row.cells:
            full = [strip for strip in cell if strip.text.strip()]
            text = "".join(strip.text.strip() for strip in full)
            bits.append(Bit(text, full[0].start, full[-1].start + len(full[-1].text)) if full else Bit("", 0, 0))
        self.copy.grids[self.grid_of[row.table]].append(bits)

    def _begin_line(self) -> None:
        if self.chars:
            self._char("\n", -1)

    def _mark(self, table: int, row: int, col: int) -> None:
        self.copy.spots.append(Spot(len(self.chars), table, row, col))

    def _char(self, char: str, place: int) -> None:
        self.chars.append(char)
        self.copy.places.append(place)

    def _space(self, strip: Strip) -> None:
        """Part the last word of a wrapped line from the first of the next, where they are words of letters."""
        before, after = self.chars[-1] if self.chars else "", strip.text[:1]
        if before.isascii() and after.isascii() and before and (before.isalpha() or after.isalpha()):
            self._char(" ", -1)

    def _put(self, strip: Strip) -> None:
        """Put a strip: spread labels closed up, wide gaps as tabs, single blanks kept."""
        if not PARTED.search(strip.text):
            self.chars.extend(strip.text)
            self.copy.places.extend(range(strip.start, strip.start + len(strip.text)))
            return
        start_col = 0
        for piece, place in spread_joined(strip.text, strip.start):
            if piece == "\t":
                start_col += 1
                self._char(piece, place)
                spot = self.copy.spots[-1]
                if spot.table < 0:
                    self._mark(-1, -1, start_col)
            else:
                self.chars.extend(piece)
                self.copy.places.extend(range(place, place + len(piece)))


def box_of(paper: Paper, page: int, start: int, end: int) -> Box | None:
    """Return the box of a stretch of a page's text, shared out by the width of its letters; None where unknown."""
    place, boxes = 0, []
    rows = {t.first_line + n: row for t in paper.pages[page].tables for n, row in enumerate(t.rows)}
    for number, line in enumerate(paper.pages[page].lines):
        stop = place + len(line.text)
        if line.box and start < stop and end > place:
            first, last = max(0, start - place), min(len(line.text), end - place)
            boxes += (
                _cell_boxes(rows[number], first, last) if number in rows else [_part(line.box, line.text, first, last)]
            )
        place = stop + 1
        if place > end:
            break
    if not boxes:
        return None
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def _cell_boxes(row: list[Cell], start: int, end: int) -> list[Box]:
    """Return the boxes of the part of a row's line, its cells joined by tabs, that lies in each cell."""
    boxes, place = [], 0
    for cell in row:
        stop = place + len(cell.text)
        if cell.box and start < stop and end > place:
            boxes.append(_line_box(cell.box, cell.text, max(0, start - place), min(len(cell.text), end - place)))
        place = stop + 1
    return boxes


def _line_box(box: Box, text: str, start: int, end: int) -> Box:
    """Return the box of a part of a cell's text; its lines share the cell's height."""
    lines = text.split("\n")
    number = text.count("\n", 0, start)
    if text.count("\n", 0, end) != number:
        return box
    tall = (box[3] - box[1]) / len(lines)
    first = text.rfind("\n", 0, start) + 1
    top = box[1] + tall * number
    longest = max(1, *(breadth(line) for line in lines))
    line_box = (box[0], top, box[0] + (box[2] - box[0]) * breadth(lines[number]) / longest, top + tall)
    return _part(line_box, lines[number], start - first, end - first)


def _part(box: Box, text: str, start: int, end: int) -> Box:
    widths = [1 if char < "\u2000" else 2 for char in text]
    whole = sum(widths) or 1
    x0, x1 = (box[0] + (box[2] - box[0]) * sum(widths[:n]) / whole for n in (start, end))
    return x0, box[1], x1, box[3]


def found(paper: Paper, copy: Copy, value: object, span: tuple[int, int], confidence: float, derived: bool) -> Found:
    """Return a field's value with its evidence; ``span`` is a stretch of the original."""
    page = max(0, bisect.bisect_right(copy.page_starts, span[0]) - 1)
    first = copy.page_starts[page]
    limit = first + len(paper.pages[page].text)
    start, end = span[0] - first, min(span[1], limit) - first
    if page in copy.ocr_pages and (paper.pages[page].score or 1.0) < 0.9:
        confidence -= 0.1
    raw = copy.original[span[0] : span[1]]
    return Found(
        value,
        raw,
        paper.pages[page].number,
        start,
        end,
        box_of(paper, page, start, end),
        round(max(0.05, min(0.99, confidence)), 2),
        derived,
    )
