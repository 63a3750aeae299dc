"""表的行: the rows of a sheet that somebody sends, by the columns that are known; where its heading stands is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qidang.accounts.roster import Line
from qidang.intake.tabs import grids_of
from qidang.kit.refusal import Refused
from qidang.kit.sheets import DANGEROUS
from qidang.kit.text import fold

TRIED = 20  # rows among which the heading is looked for
Columns = Mapping[str, tuple[Any, tuple[str, ...]]]  # by field: its label, and the words that mean it


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows below the heading, and the headings of the columns that mean nothing."""

    rows: list[Line]
    left_out: list[str]


def lines_of(content: bytes, filename: str, known: Columns, *, most: int) -> Lines:
    """Return the rows of the first tab that has a heading we know: ``name`` and one column more.

    Raise Refused ``web.roster_no_heading`` where none has, ``web.roster_too_long`` for more than ``most`` rows.
    """
    for grid in grids_of(content, filename):
        for top in sorted(grid.rows)[:TRIED]:
            columns = _columns(grid.rows[top], known)
            if "name" in columns.values() and len(columns) > 1:
                rows = [(number, cells) for number, cells in sorted(grid.rows.items()) if number > top]
                if len(rows) > most:
                    raise Refused("web.roster_too_long", most=most)
                found = [Line(number + 1, values) for number, cells in rows if (values := _values(cells, columns))]
                left_out = [text for column, text in sorted(grid.rows[top].items()) if column not in columns and text]
                return Lines(found, left_out)
    raise Refused("web.roster_no_heading")


def _columns(cells: dict[int, str], known: Columns) -> dict[int, str]:
    """Return which field stands in which column, the first column of each."""
    found: dict[str, int] = {}
    for name, (label, words) in known.items():
        plain = {fold(word) for word in (*words, str(label))}
        free = (column for column, text in sorted(cells.items()) if fold(text).strip("*:") in plain)
        column = next((one for one in free if one not in found.values()), None)
        if column is not None:
            found[name] = column
    return {column: name for name, column in found.items()}


def _values(cells: dict[int, str], columns: dict[int, str]) -> dict[str, str]:
    return {name: _plain(cells[column]) for column, name in columns.items() if cells.get(column, "").strip()}


def _plain(text: str) -> str:
    """Return a cell's text without the apostrophe that our own exports put before what looks like a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(DANGEROUS) else text
