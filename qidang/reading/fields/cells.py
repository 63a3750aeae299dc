"""单元格: the rows and cells of a paper, from its tables, from frames drawn with │ and ─, and from plain lines."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from qidang.reading.fields.folding import breadth, fold
from qidang.reading.paper import Line, Page, Paper, Table

RULED = re.compile(r"[─━═┄┈┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝]{2,}")
CUT = re.compile(r"[│┃║├┤┼┣┫╋╠╣╬┌┐└┘┏┓┗┛╔╗╚╝┬┴]")
FRAME = re.compile(r"^\s*[│┃║├┌└┏┗┣╔╠╚]")
PAGE_MARK = re.compile(
    r"^\W*(?:第 ?\d{1,4} ?页(?: ?[,/]? ?共 ?\d{1,4} ?页)?|\d{1,3} ?/ ?\d{1,3}|- ?\d{1,3} ?-|[Pp]age \d{1,4}.{0,12})\W*$"
)
MOST_CHARS = 400_000  # of a paper; what stands behind them is searched, but no fields are read there
MONEYLIKE = re.compile(r"^[^\d]{0,6}\d[\d,.]*\D{0,4}$")


@dataclass(slots=True)
class Strip:
    """A run of text in one line of a cell: folded, its outer blanks gone; ``start`` is its offset in the original."""

    text: str
    start: int
    is_full: bool | None = None  # whether its line reaches the right edge, where that is known
    left: float | None = None  # where its line begins, in letters from the page's edge, where that is known
    begins: bool = False  # a rule above it says that it begins something of its own


@dataclass(slots=True)
class Row:
    """A plain line (``table`` -1, one cell of one strip) or a row of a table; ``lanes`` number its columns."""

    cells: list[list[Strip]]
    table: int = -1
    number: int = 0
    lanes: list[int] = field(default_factory=lambda: [0])
    after_blank: bool = False


def rows_of(paper: Paper, starts: list[int]) -> tuple[list[Row], list[str]]:
    """Return the rows of all pages in order, and the running heads and feet that were left out."""
    repeated = _repeated_edges(paper)
    rows: list[Row] = []
    furniture: list[str] = []
    tables = 0
    for page, start in zip(paper.pages, starts, strict=True):
        if start > MOST_CHARS:
            break
        maker = _Rows(page, start, tables, repeated)
        rows += maker.make()
        furniture += maker.furniture
        tables = maker.tables
    return rows, furniture


def _repeated_edges(paper: Paper) -> frozenset[str]:
    """Return the texts that stand first or last on several pages."""
    if len(paper.pages) < 2:
        return frozenset()
    edges: Counter[str] = Counter()
    for page in paper.pages:
        texts = [line.text.strip() for line in page.lines if line.text.strip()]
        edges.update(set(texts[:2] + texts[-2:]))
    return frozenset(text for text, count in edges.items() if count >= max(2, len(paper.pages) // 2) and len(text) < 60)


class _Rows:
    """Makes the rows of one page."""

    def __init__(self, page: Page, start: int, tables: int, repeated: frozenset[str]) -> None:
        self.page = page
        self.start = start
        self.tables = tables
        self.repeated = repeated
        self.furniture: list[str] = []
        self.right = max((line.box[2] for line in page.lines if line.box), default=0.0)

    def make(self) -> Iterator[Row]:
        """Return the rows in reading order."""
        place, number, blank = self.start, 0, False
        tables = {table.first_line: table for table in self.page.tables}
        lines = self.page.lines
        while number < len(lines) and place <= MOST_CHARS:
            if number in tables and tables[number].last_line >= number:
                count = tables[number].last_line - number + 1
                yield from self._table_rows(tables[number], lines[number : number + count], place)
                self.tables += 1
            elif (count := self._framed(number)) > 0:
                yield from self._framed_rows(lines[number : number + count], place)
            else:
                count = 1
                row = self._plain(lines[number], place)
                if row:
                    row.after_blank = blank
                    yield row
                blank = not lines[number].text.strip()
            place += sum(len(line.text) + 1 for line in lines[number : number + count])
            number += count

    def _plain(self, line: Line, place: int) -> Row | None:
        text = fold(line.text)
        bare = text.strip()
        if not bare or not bare.strip("-─_ ="):
            return None
        if PAGE_MARK.match(bare) or line.text.strip() in self.repeated:
            self.furniture.append(bare)
            return None
        place += len(text) - len(text.lstrip())
        if bare.count("\t") >= 2:
            return self._tabbed(bare, place)
        if bare.count("|") >= 3:
            return self._tabbed(bare.replace("|", "\t"), place)
        is_full = left = None
        if line.box and self.right:
            letter = max(0.002, 2 * (line.box[2] - line.box[0]) / max(8, breadth(bare)))
            is_full = line.box[2] >= self.right - 2.5 * letter
            left = line.box[0] / letter
        return Row([[Strip(bare, place, is_full, left)]])

    def _tabbed(self, text: str, place: int) -> Row:
        """A line with several tabs is the row of a table without frame."""
        cells = []
        for part in text.split("\t"):
            cells.append([Strip(part.strip(), place + len(part) - len(part.lstrip()))])
            place += len(part) + 1
        return Row(cells, 1_000_000 + self.tables, 0, list(range(len(cells))))

    def _table_rows(self, table: Table, lines: list[Line], place: int) -> Iterator[Row]:
        if len(lines) != len(table.rows):
            for line in lines:
                parts = fold(line.text).split("\t")
                yield self._row_of(parts, list(range(len(parts))), place, [None] * len(parts))
                place += len(line.text) + 1
            return
        for line, cells in zip(lines, table.rows, strict=True):
            parts = fold(line.text).split("\t")
            lanes = [cell.col for cell in cells] if len(cells) == len(parts) else list(range(len(parts)))
            texts: list[str | None] = [None] * len(parts)
            if len(cells) == len(parts):
                texts = [cell.text for cell in cells]
            yield self._row_of(parts, lanes, place, texts)
            place += len(line.text) + 1

    def _row_of(self, parts: list[str], lanes: list[int], place: int, texts: list[str | None]) -> Row:
        cells = []
        for part, text in zip(parts, texts, strict=True):
            cells.append(_strips(part, place, text))
            place += len(part) + 1
        return Row(cells, self.tables, 0, lanes)

    def _framed(self, number: int) -> int:
        """Return how many lines from here on belong to a drawn frame."""
        count = 0
        for line in self.page.lines[number:]:
            text = line.text
            if not (FRAME.match(text) or text.count("│") >= 2 or (count and RULED.search(text))):
                break
            count += 1
        return count if count > 1 else 0

    def _framed_rows(self, lines: list[Line], place: int) -> Iterator[Row]:
        group: list[list[Strip | None]] = []
        for line in lines:
            text = fold(line.text)
            parts = _cut(text, place)
            is_rule = bool(RULED.search(text)) and all(part is None or not part.text for part in parts)
            if is_rule or (group and len(parts) != len(group[-1])):
                yield from self._group_rows(group)
                group = []
                if RULED.match(text.strip()) and text.strip()[0] in "┌┏╔":
                    self.tables += 1
            if not is_rule:
                group.append(parts)
            place += len(line.text) + 1
        yield from self._group_rows(group)
        self.tables += 1

    def _group_rows(self, group: list[list[Strip | None]]) -> Iterator[Row]:
        if not group:
            return
        if _is_a_row_a_line(group):
            for parts in group:
                cells = [[part] if part and part.text else [] for part in parts]
                yield Row(cells, self.tables, 0, list(range(len(cells))))
            return
        cells = _columns(group)
        if any(cells):
            yield Row(cells, self.tables, 0, list(range(len(cells))))


def _cut(text: str, place: int) -> list[Strip | None]:
    """Cut a line of a frame at its bars; a part that is a rule is None."""
    inner = text.strip()
    place += len(text) - len(text.lstrip())
    parts: list[Strip | None] = []
    start = 0
    for bar in [*CUT.finditer(inner), None]:
        end = bar.start() if bar else len(inner)
        part = inner[start:end]
        if part.strip() and part.strip("─━═ ") == "":
            parts.append(None)
        else:
            parts.append(Strip(part.strip(), place + start + len(part) - len(part.lstrip())))
        start = bar.end() if bar else end
    if parts and parts[0] is not None and not parts[0].text and inner and CUT.match(inner[0]):
        parts.pop(0)
    if parts and parts[-1] is not None and not parts[-1].text and inner and CUT.match(inner[-1]):
        parts.pop()
    return parts


def _is_a_row_a_line(group: list[list[Strip | None]]) -> bool:
    """Tell whether the lines between two rules are rows of their own: several hold figures in the same columns."""
    if len(group) < 2 or len(group[0]) < 4:
        return False
    figures = Counter(n for parts in group for n, part in enumerate(parts) if part and MONEYLIKE.match(part.text))
    return sum(count >= 2 and count >= len(group) - 1 for count in figures.values()) >= 2


def _columns(group: list[list[Strip | None]]) -> list[list[Strip]]:
    """Return the lines between two rules by column; a rule inside a column begins something new there."""
    cells: list[list[Strip]] = [[] for _ in group[0]]
    ruled: set[int] = set()
    for parts in group:
        for lane, part in enumerate(parts):
            if part is None:
                ruled.add(lane)
            elif part.text:
                part.begins = lane in ruled
                ruled.discard(lane)
                cells[lane].append(part)
    return cells


def _strips(part: str, place: int, text: str | None) -> list[Strip]:
    """Return the lines of a cell; ``text`` is the cell as the reader gave it, with its line ends."""
    pieces = re.split(r"\n", fold(text)) if text and "\n" in text else [part]
    strips, at = [], 0
    for piece in pieces:
        bare = piece.strip()
        if not bare:
            continue
        here = part.find(bare, at)
        if here < 0:
            return [Strip(part.strip(), place + len(part) - len(part.lstrip()))] if part.strip() else []
        strips.append(Strip(bare, place + here))
        at = here + len(bare)
    return strips
