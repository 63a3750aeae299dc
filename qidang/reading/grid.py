"""表格的格子: the tabs of a workbook cell by cell, as plain values that travel between processes."""

import json
import zlib
from dataclasses import dataclass, field
from typing import Any

LARGEST = 512 << 20  # bytes of grids as JSON


@dataclass(slots=True)
class Grid:
    """A tab: its filled cells as text by row and column, all counted from 0.

    ``height`` is the number of rows down to the last filled one. ``merges`` are (top, left, bottom, right), inclusive.
    ``uncalculated`` are the cells whose formula was saved without a value; ``is_cut`` says that rows were left out.
    """

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    uncalculated: list[tuple[int, int]] = field(default_factory=list)
    is_hidden: bool = False
    is_cut: bool = False

    @property
    def height(self) -> int:
        """How many rows there are down to the last filled one."""
        return max(self.rows, default=-1) + 1

    def texts(self, number: int) -> list[str]:
        """Return the cells of a row as far as it is filled, empty ones as ""."""
        row = self.rows.get(number, {})
        return [row.get(column, "") for column in range(max(row, default=-1) + 1)]


def pack(grids: list[Grid]) -> bytes:
    """Return the tabs as they are kept: JSON, compressed."""
    return zlib.compress(
        json.dumps([_values(grid) for grid in grids], ensure_ascii=False).encode("utf-8", "replace"), 1
    )


def unpack(packed: bytes) -> list[Grid]:
    """Build the tabs again from ``pack``; what would swell beyond what a child may write is cut off, and fails."""
    return [_grid(values) for values in json.loads(zlib.decompressobj().decompress(packed, LARGEST))]


def _values(grid: Grid) -> list[Any]:
    rows = [[number, list(row), list(row.values())] for number, row in grid.rows.items()]
    return [grid.name, rows, grid.merges, grid.hidden_rows, grid.uncalculated, grid.is_hidden, grid.is_cut]


def _grid(values: list[Any]) -> Grid:
    name, rows, merges, hidden_rows, uncalculated, is_hidden, is_cut = values
    return Grid(
        name=name,
        rows={number: dict(zip(columns, texts, strict=True)) for number, columns, texts in rows},
        merges=[(top, left, bottom, right) for top, left, bottom, right in merges],
        hidden_rows=hidden_rows,
        uncalculated=[(row, column) for row, column in uncalculated],
        is_hidden=is_hidden,
        is_cut=is_cut,
    )
