"""版面: spans with boxes become lines in reading order and tables, for PDF, OFD and OCR alike."""

import itertools
import re
import statistics
from collections.abc import Sequence

from qidang.reading.layout_tables import Frame, frames_of
from qidang.reading.paper import Box, Cell, Line, Span, Table

WIDE = 1.6  # blanks wider than this many letters part two columns of a line
BLANK = 0.3  # and wider than this many are a blank
SHELF = 0.02  # of the page: lines are kept by their level in steps of this
COLUMN_ROWS = 8  # lines side by side from which a page is set in columns
SEAL = re.compile(r"^.{0,2}(?:合同|同|财务|发票|业务)专用章.?$|^公章$")
FULL = 1.2  # letters: a line that ends nearer than this to its frame was wrapped there


def arrange(
    spans: Sequence[Span], width: float, height: float, rules: Sequence[Box] = ()
) -> tuple[list[Line], list[Table]]:
    """Return the lines of a page in reading order and its tables.

    ``width`` and ``height`` are the page's in points; ``rules`` are the drawn lines and boxes of the page (fractions,
    as the spans' boxes) where the format tells them: a table is found by its frame. A wrapped cell is joined, other
    line ends inside a cell stay in the cell's text and are blanks in the line of its row. A cell's
    box is that of its text.
    """
    kept = [span for span in spans if span.text.strip()]
    width, height = width or 595.0, height or 842.0
    if all(span.score == 1.0 for span in kept):
        return _Page(kept, width, height, rules).arrange()
    seals = [span for span in kept if SEAL.match(span.text)]
    kept, rules = _levelled([span for span in kept if not SEAL.match(span.text)], rules, width, height)
    lines, tables = _Page(kept, width, height, rules).arrange()
    return lines + [Line(span.text, span.box) for span in seals], tables


def _levelled(spans: list[Span], rules: Sequence[Box], width: float, height: float) -> tuple[list[Span], Sequence[Box]]:
    """Return spans and rules of a slanted page image turned level, by the fall of its lines; boxes stay near true."""
    slope = _fall_of_rules(rules)
    if slope is None:
        slope = _Page(spans, width, height, ()).slope(spans)
    if abs(slope) < 0.0015:
        return spans, rules
    lean = slope * (height / width) ** 2

    def level(box: Box) -> Box:
        x, y = (box[0] + box[2]) / 2 - 0.5, (box[1] + box[3]) / 2 - 0.5
        down, right = -slope * x, lean * y
        return box[0] + right, box[1] + down, box[2] + right, box[3] + down

    return [Span(s.text, level(s.box), s.size, s.score) for s in spans], [level(box) for box in rules]


def _fall_of_rules(rules: Sequence[Box]) -> float | None:
    """Return by how much the lines drawn on an image fall from left to right, from piece to next piece."""
    across = sorted((box for box in rules if box[2] - box[0] > 3 * (box[3] - box[1])), key=lambda box: box[0])
    falls = []
    for left in across:
        follower = next((b for b in across if abs(b[0] - left[2]) < 0.004 and abs(b[1] - left[1]) < 0.004), None)
        if follower:
            falls.append((follower[1] - left[1]) / max(0.01, (follower[0] + follower[2] - left[0] - left[2]) / 2))
    return statistics.median(falls) if len(falls) >= 5 else None


class _Page:
    """One page while it is arranged."""

    def __init__(self, spans: list[Span], width: float, height: float, rules: Sequence[Box]) -> None:
        self.width = width
        self.height = height
        self.spans = spans
        self.frames = frames_of(rules, width, height) if spans else []
        self.lines: list[Line] = []
        self.tables: list[Table] = []

    def arrange(self) -> tuple[list[Line], list[Table]]:
        """Return lines and tables, from the top down, a table where its frame begins."""
        inside: dict[int, list[Span]] = {n: [] for n in range(len(self.frames))}
        outside: list[Span] = []
        for span in self.spans:
            home = next((n for n, frame in enumerate(self.frames) if frame.holds(span.box)), None)
            (outside if home is None else inside[home]).append(span)
        blocks: list[tuple[float, Frame | list[list[Span]], list[Span]]] = []
        for n, frame in enumerate(self.frames):
            if inside[n]:
                blocks.append((frame.box[1], frame, inside[n]))
        bands = self._bands(outside, [frame.box for n, frame in enumerate(self.frames) if inside[n]])
        blocks += [(min(span.box[1] for span in band), self.rows(band), band) for band in bands]
        for _, block, members in sorted(blocks, key=lambda block: block[0]):
            if isinstance(block, Frame):
                self._put_table(block, members)
            else:
                self._put_rows(block)
        return self.lines, self.tables

    def _bands(self, spans: list[Span], frames: list[Box]) -> list[list[Span]]:
        """Part the spans outside tables into what stands above, between and below them."""
        tops = sorted(box[1] for box in frames)
        bands: dict[int, list[Span]] = {}
        for span in spans:
            middle = (span.box[1] + span.box[3]) / 2
            bands.setdefault(sum(top < middle for top in tops), []).append(span)
        return list(bands.values())

    def rows(self, spans: list[Span]) -> list[list[Span]]:
        """Return the spans by visual line, each from left to right."""
        is_image = any(span.score < 1.0 for span in spans)
        slope = self.slope(spans) if is_image else 0.0
        rows = self._chains(spans, slope, 0.5)
        rows.sort(key=lambda row: self._level(row[0], slope))
        return rows

    def _level(self, span: Span, slope: float) -> float:
        return (span.box[1] + span.box[3]) / 2 - slope * (span.box[0] + span.box[2]) / 2

    def _drift(self, row: list[Span], span: Span, slope: float) -> float:
        """Return how far ``span`` lies above or below a row's last span, in heights of the lower of the two."""
        last = row[-1]
        if span.box[0] < last.box[2] - 0.5 * (last.box[2] - last.box[0]) and span.box[0] < last.box[2] - 0.02:
            return 9.0
        tall = min(last.box[3] - last.box[1], span.box[3] - span.box[1]) or 0.001
        tall = max(tall, 0.6 * min(last.size, span.size) / self.height)
        return abs(self._level(span, slope) - self._level(last, slope)) / tall

    def slope(self, spans: list[Span]) -> float:
        """Return by how much lines fall from left to right: the median over neighbours."""
        falls = []
        for row in self._chains(spans, 0.0, 0.6):
            for left, right in itertools.pairwise(row):
                reach = (right.box[0] + right.box[2] - left.box[0] - left.box[2]) / 2
                if reach > 0.05:
                    falls.append((right.box[1] + right.box[3] - left.box[1] - left.box[3]) / 2 / reach)
        if len(falls) < 8:
            return 0.0
        low, middle, high = statistics.quantiles(falls, n=4)
        return middle if high - low < 0.012 else 0.0

    def _chains(self, spans: list[Span], slope: float, most: float) -> list[list[Span]]:
        """Chain each span to the line whose last span it drifts least from; lines are looked up by their level."""
        rows: list[list[Span]] = []
        shelves: dict[int, list[list[Span]]] = {}
        for span in sorted(spans, key=lambda s: s.box[0]):
            level, reach = self._level(span, slope), max(span.box[3] - span.box[1], span.size / self.height)
            near = range(int((level - reach) // SHELF), int((level + reach) // SHELF) + 1)
            candidates = [row for shelf in near for row in shelves.get(shelf, ())]
            row = min(candidates, key=lambda row: self._drift(row, span, slope), default=None)
            if row is not None and self._drift(row, span, slope) < most:
                shelves[int(self._level(row[-1], slope) // SHELF)].remove(row)
                row.append(span)
            else:
                row = [span]
                rows.append(row)
            shelves.setdefault(int(level // SHELF), []).append(row)
        return rows

    def _put_rows(self, rows: list[list[Span]]) -> None:
        """Put lines; a long run of lines that are all parted at one place is set in columns: left ones first."""
        at = 0
        while at < len(rows):
            count, gutter = self._columns(rows[at:])
            if count >= COLUMN_ROWS:
                run = rows[at : at + count]
                for side in (0, 1):
                    for row in run:
                        part = [s for s in row if (s.box[0] > gutter) == bool(side)]
                        if part:
                            self.lines.append(self._line(part))
                at += count
            else:
                self.lines.append(self._line(rows[at]))
                at += 1

    def _columns(self, rows: list[list[Span]]) -> tuple[int, float]:
        """Return how many rows from here on leave the same upright stripe free between two full columns."""
        low, high, count, filled = 0.3, 0.7, 0, 0.0
        for row in rows:
            left, right = self._gap_near_middle(row, low, high)
            if right - left < 0.012:
                break
            low, high = left, right
            filled += sum(s.box[2] - s.box[0] for s in row)
            count += 1
        if count < COLUMN_ROWS or filled / count < 0.62:
            return 0, 0.0
        both = sum(row[0].box[2] <= high and row[-1].box[0] >= low for row in rows[:count])
        return (count, (low + high) / 2) if both >= 0.7 * count else (0, 0.0)

    @staticmethod
    def _gap_near_middle(row: list[Span], low: float, high: float) -> tuple[float, float]:
        edges = [(s.box[0], s.box[2]) for s in row]
        best = (0.0, 0.0)
        lefts = [low, *(x1 for _, x1 in edges if low <= x1 <= high)]
        for left in lefts:
            right = min([high, *(x0 for x0, x1 in edges if x1 > left)], default=high)
            if right - left > best[1] - best[0] and all(not x0 < left < x1 for x0, x1 in edges):
                best = (left, right)
        return best

    def _text(self, row: list[Span], wide: str) -> str:
        text, edge = row[0].text, row[0].box[2]
        for span in row[1:]:
            gap = (span.box[0] - edge) * self.width
            text += (wide if gap > WIDE * span.size else " " if gap > BLANK * span.size else "") + span.text
            edge = max(edge, span.box[2])
        return text

    def _line(self, row: list[Span]) -> Line:
        return Line(self._text(row, "\t"), _around([span.box for span in row]))

    def _put_table(self, frame: Frame, spans: list[Span]) -> None:
        """Put a table: its cells, and a line for each of its rows."""
        homes: dict[tuple[int, int], list[Span]] = {}
        for span in spans:
            homes.setdefault(frame.home(span.box), []).append(span)
        rows: dict[int, list[Cell]] = {}
        for number, col, rowspan, colspan, box in frame.cells():
            inside = homes.get((number, col), [])
            text = self._cell_text(inside, box)
            around = _around([span.box for span in inside]) if inside else box
            rows.setdefault(number, []).append(Cell(text, around, number, col, rowspan, colspan))
        full = [row for _, row in sorted(rows.items()) if any(cell.text for cell in row)]
        if not full:
            return
        first = len(self.lines)
        for row in full:
            text = "\t".join(cell.text.replace("\n", " ") for cell in row)
            self.lines.append(Line(text, _around([cell.box for cell in row if cell.box])))
        self.tables.append(Table(full, first, len(self.lines) - 1))

    def _cell_text(self, spans: list[Span], box: Box) -> str:
        if not spans:
            return ""
        text, was_full = "", False
        for row in self.rows(spans):
            piece = self._text(row, "  ")
            text += ("" if not text or was_full else "\n") + piece
            was_full = (box[2] - row[-1].box[2]) * self.width < FULL * row[-1].size + 3
        return text


def _around(boxes: list[Box]) -> Box:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
