"""表头: which rows of a tab are its heading, and what each column is called."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING

from qidang.kit.text import fold

from .columns import JOINT, known

if TYPE_CHECKING:
    from qidang.reading.grid import Grid

TRIED = 20  # filled rows among which the heading is looked for
HIGHEST = 4  # rows of a heading
FULL = 0.6  # of the fullest row; a heading that nobody knows is at least as full


@dataclasses.dataclass(frozen=True, slots=True)
class Heading:
    """表头: the rows ``top`` to ``bottom`` of a tab, from 0 and inclusive, and what they say by column."""

    top: int
    bottom: int
    texts: dict[int, str]

    @property
    def height(self) -> int:
        """How many rows it takes."""
        return self.bottom - self.top + 1

    @property
    def listed(self) -> list[str]:
        """The texts from column 0 on, as far as there are any."""
        return [self.texts.get(column, "") for column in range(max(self.texts, default=-1) + 1)]

    @property
    def fingerprint(self) -> str:
        """指纹: equal for tabs whose columns are called the same, in the same places."""
        words = "\n".join(f"{column} {fold(text)}" for column, text in sorted(self.texts.items()))
        return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def find(grid: Grid) -> Heading:
    """Return the heading: the rows whose words say most of what a register's columns are called, a group row above
    and a row of subdivisions below them included."""
    tried = sorted(grid.rows)[:TRIED]
    best, top, bottom = 1, -1, -1
    for first in tried:
        for last in range(first, first + HIGHEST):
            worth = known(joined(grid, first, last).values()) if last in grid.rows else 0
            if worth > best:
                best, top, bottom = worth, first, last
    if top < 0:
        top = bottom = _fullest(grid, tried)
    else:
        top, bottom = _up(grid, top), _down(grid, top, bottom)
    return at(grid, top, bottom)


def at(grid: Grid, top: int, bottom: int) -> Heading:
    """Return the heading in the rows that a person named."""
    return Heading(top, bottom, joined(grid, top, bottom))


def joined(grid: Grid, top: int, bottom: int) -> dict[int, str]:
    """Return the words over each column, from above to below: 合同信息/金额; what is said twice is said once."""
    words: dict[int, list[str]] = {}
    for row in range(top, bottom + 1):
        for column, text in _spread(grid, row, bottom).items():
            above = words.setdefault(column, [])
            if text not in above:
                above.append(text)
    return {column: JOINT.join(parts) for column, parts in sorted(words.items())}


def _spread(grid: Grid, row: int, bottom: int) -> dict[int, str]:
    """Return the texts of a heading row with merged ones over all their columns.

    Where nothing is merged (a CSV), a text of a row above the last one stands for the blank columns to its right.
    """
    texts = dict(grid.rows.get(row, {}))
    merges = [merge for merge in grid.merges if merge[0] <= row <= merge[2]]
    for top, left, _, right in merges:
        text = grid.rows.get(top, {}).get(left, "")
        for column in range(left, right + 1) if text and top >= 0 else ():
            texts.setdefault(column, text)
    if row < bottom and not grid.merges and len(texts) > 1:
        under = set(grid.rows.get(bottom, {}))
        last = ""
        for column in range(max([*texts, *under]) + 1):
            last = texts.get(column, last)
            if last and column in under:
                texts.setdefault(column, last)
    return texts


def _up(grid: Grid, top: int) -> int:
    """Return where the heading begins when rows of groups above it are counted in."""
    while top > 0 and _is_groups(grid, top - 1):
        top -= 1
    return top


def _is_groups(grid: Grid, row: int) -> bool:
    """Return whether a row names groups of columns: several texts, some over several columns; no title, no 编制人：."""
    texts = grid.rows.get(row, {})
    spans = [merge for merge in grid.merges if merge[0] == row and merge[3] > merge[1] and merge[1] in texts]
    return len(texts) > 1 and bool(spans) and not any("：" in text or ":" in text for text in texts.values())


def _down(grid: Grid, top: int, bottom: int) -> int:
    """Return where the heading ends when what is merged reaches down, or a row subdivides merged columns."""
    width = max((max(grid.rows[row], default=0) for row in range(top, bottom + 1) if row in grid.rows), default=0)
    while bottom - top < HIGHEST - 1:
        here = [merge for merge in grid.merges if top <= merge[0] <= bottom and merge[2] - merge[0] < HIGHEST]
        lower = max([bottom, *(merge[2] for merge in here)])
        parted = [merge for merge in here if merge[2] == lower and 0 < merge[3] - merge[1] < width]
        if parted and _subdivides(grid, lower + 1, parted):
            lower += 1
        if lower == bottom:
            break
        bottom = lower
    return min(bottom, top + HIGHEST - 1)


def _subdivides(grid: Grid, row: int, parted: list[tuple[int, int, int, int]]) -> bool:
    """Return whether ``row`` has words without figures under every one of the merged columns."""
    texts = grid.rows.get(row, {})
    under = [[texts.get(column, "") for column in range(left, right + 1)] for _, left, _, right in parted]
    return all(sum(bool(text) for text in some) > 1 for some in under) and not any(
        char.isdigit() for some in under for text in some for char in text
    )


def _fullest(grid: Grid, tried: list[int]) -> int:
    most = max((len(grid.rows[row]) for row in tried), default=0)
    return next((row for row in tried if len(grid.rows[row]) >= FULL * most), 0)
