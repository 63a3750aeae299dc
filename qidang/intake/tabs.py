"""工作表: one tab of a ledger, row by row, with what is merged written into every row that it covers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qidang import vault
from qidang.kit.refusal import Refused
from qidang.kit.text import fold
from qidang.reading import READER_VERSION
from qidang.reading.grid import Grid, unpack
from qidang.reading.limits import Limits

from . import headings
from .columns import CellProblem
from .headings import Heading
from .texts import kept, pool

if TYPE_CHECKING:
    from .models import SheetImport

GRID = "grid"
WIDEST = 200  # columns over which a merged cell is written
TOTALS = ("合计", "总计", "小计", "共计", "累计", "本页合计", "本月合计", "total", "subtotal", "sum")
LIMITS = Limits(cpu=120, wall=180.0)


@dataclasses.dataclass(frozen=True, slots=True)
class TabRow:
    """One filled row below the heading: ``number`` as the sheet counts it, from 1; ``cells`` by column, from 0.

    ``borrowed`` are the columns whose text stands in a merged cell that begins in a row above.
    """

    number: int
    cells: dict[int, str]
    borrowed: frozenset[int] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its cells, and where its heading stands."""

    grid: Grid
    heading: Heading

    @property
    def name(self) -> str:
        """What the tab is called."""
        return self.grid.name

    @property
    def headings(self) -> list[str]:
        """What the columns are called, from column 0 on."""
        return self.heading.listed

    def rows(self, after: int = 0) -> Iterator[TabRow]:
        """Yield the filled rows below the heading whose number is greater than ``after``."""
        cells, borrowed = self._spread()
        for row in sorted(cells):
            if row > self.heading.bottom and row >= after:
                yield TabRow(row + 1, cells[row], frozenset(borrowed.get(row, ())))

    @property
    def count(self) -> int:
        """How many filled rows there are below the heading."""
        return sum(row > self.heading.bottom for row in self.grid.rows)

    def skipped(self, row: TabRow) -> CellProblem | None:
        """Say why a row is no contract: a line of totals, or the heading once more (as on every printed page)."""
        texts = [(column, text) for column, text in sorted(row.cells.items()) if text.strip()]
        for column, text in texts[:3]:
            word = fold(text).rstrip(":")
            if word in TOTALS or (word.endswith(("合计", "总计", "小计")) and len(word) <= 8):
                return CellProblem(row.number, self.heading.texts.get(column, ""), "intake.totals_row", text[:80])
        bottom = self.grid.rows.get(self.heading.bottom, {})
        again = sum(bottom.get(column) == text for column, text in texts)
        if again > 2 and 2 * again > len(texts):
            return CellProblem(row.number, "", "intake.heading_again", "")
        return None

    def uncalculated(self) -> dict[int, set[int]]:
        """Return by row number (from 1) the columns whose formula was saved without a value."""
        found: dict[int, set[int]] = {}
        for row, column in self.grid.uncalculated:
            found.setdefault(row + 1, set()).add(column)
        return found

    def hidden(self) -> set[int]:
        """Return the numbers (from 1) of the filled rows below the heading that the sheet hides."""
        return {row + 1 for row in self.grid.hidden_rows if row > self.heading.bottom and row in self.grid.rows}

    def _spread(self) -> tuple[dict[int, dict[int, str]], dict[int, set[int]]]:
        """Return the rows with merged texts in every filled row they cover, and which columns are borrowed so."""
        cells = {row: dict(texts) for row, texts in self.grid.rows.items()}
        borrowed: dict[int, set[int]] = {}
        for top, left, bottom, right in self.grid.merges:
            text = self.grid.rows.get(top, {}).get(left)
            if not text or top <= self.heading.bottom:
                continue
            for row in range(top, min(bottom, self.grid.height - 1) + 1):
                for column in range(left, min(right, left + WIDEST) + 1) if row in cells else ():
                    if column not in cells[row]:
                        cells[row][column] = text
                        borrowed.setdefault(row, set()).update({column} if row > top else ())
        return cells, borrowed


def tabs(sheet: SheetImport) -> list[Tab]:
    """Return the tabs of the file that hold anything, visible ones first. Raise Refused("intake.not_a_sheet")."""
    grids = sorted((grid for grid in _grids(sheet) if grid.rows), key=lambda grid: grid.is_hidden)
    if not any(len(row) > 1 for grid in grids for row in grid.rows.values()):
        raise Refused("intake.not_a_sheet", filename=sheet.filename)
    return [Tab(grid, headings.find(grid)) for grid in grids]


def tab_of(sheet: SheetImport) -> Tab:
    """Return the tab that was chosen, with the heading rows that were chosen. Raise Refused("intake.not_a_sheet")."""
    for grid in _grids(sheet):
        if grid.name == sheet.tab:
            return Tab(grid, headings.at(grid, sheet.header_row - 1, sheet.header_row + sheet.header_rows - 2))
    raise Refused("intake.not_a_sheet", filename=sheet.filename)


def grids_of(content: bytes, filename: str) -> list[Grid]:
    """Return the tabs of a sheet that is not kept (a list of people), read in a child process.

    Raise Refused("intake.not_a_sheet") or the reader's own refusal.
    """
    result, blobs = pool().run("grid", content, filename, LIMITS)
    if not blobs:
        raise Refused(result.get("refused") or "intake.not_a_sheet", filename=filename)
    return unpack(blobs[0])


def _grids(sheet: SheetImport) -> list[Grid]:
    """Return the cells of the file; a child process reads them once, and they are kept beside the text of papers."""
    packed = kept(sheet.blob.sha256, GRID)
    if packed is None:
        result, blobs = pool().run("grid", vault.read(sheet.blob), sheet.filename, LIMITS)
        if not blobs:
            raise Refused(result.get("refused") or "intake.not_a_sheet", filename=sheet.filename)
        packed = blobs[0]
        vault.derive(sheet.blob.sha256, GRID, READER_VERSION, packed)
    return unpack(packed)
