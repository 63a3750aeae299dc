"""接页: the pages of a paper joined to one stream, so that words broken over a page end are found.

The bare join finds a word whose halves touch. Where page numbers or running heads stand between them, a *bridge* is
added at the end of the stream: the folded text around that page end with the running lines taken out.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qidang.search.analysis import SEPARATOR, fold

SPAN = 40  # folded characters of a bridge on each side of the page end
EDGE = 2  # lines at the top and at the bottom of a page that may be running lines
_NUMERAL = r"[\d一二三四五六七八九十]{1,4}"
_PAGE_NUMBER = re.compile(rf"-?(第?{_NUMERAL}页?|page{_NUMERAL})([,/]?(共|of)?{_NUMERAL}页?)?-?")


@dataclass(frozen=True)
class Bridge:
    """Folded text around the end of page ``page`` (counted from 0); starts are places in the two folded pages."""

    page: int
    tail: str
    head: str
    tail_start: int
    head_start: int


def stream(pages: Sequence[str]) -> str:
    """Return the folded stream of a paper: its pages joined, then its bridges, each behind a separator."""
    folded = [fold(page) for page in pages]
    return SEPARATOR.join(["".join(folded), *(bridge.tail + bridge.head for bridge in bridges(pages, folded))])


def bridges(pages: Sequence[str], folded: Sequence[str]) -> list[Bridge]:
    """Return a bridge for every page end at which running lines part the text."""
    if len(pages) < 2:
        return []
    lines = [page.strip().split("\n") for page in pages]
    repeated = _repeated(lines)
    feet = [len(_edge(page[::-1], repeated)) for page in lines]
    heads = [len(_edge(page, repeated)) for page in lines]
    return [
        _bridge(index, lines, folded, feet[index], heads[index + 1])
        for index in range(len(pages) - 1)
        if feet[index] or heads[index + 1]
    ]


def _bridge(index: int, lines: list[list[str]], folded: Sequence[str], foot: int, head: int) -> Bridge:
    """Cut ``foot`` lines from the end of a page and ``head`` lines from the beginning of the next."""
    before, after = lines[index], lines[index + 1]
    end = len(folded[index]) - len(fold("\n".join(before[len(before) - foot :])))
    start = len(fold("\n".join(after[:head])))
    first = max(0, end - SPAN)
    return Bridge(index, folded[index][first:end], folded[index + 1][start : start + SPAN], first, start)


def _edge(lines: Sequence[str], repeated: set[str]) -> list[str]:
    """Return the running lines with which ``lines`` begin, at most two; a page of nothing else keeps all."""
    found = list(itertools.takewhile(lambda line: _is_running(line, repeated), lines[:EDGE]))
    return found if len(found) < len(lines) else []


def _is_running(line: str, repeated: set[str]) -> bool:
    shape = fold(line)
    return not shape or bool(_PAGE_NUMBER.fullmatch(shape)) or _digits_alike(shape) in repeated


def _digits_alike(shape: str) -> str:
    return re.sub(r"\d+", "0", shape)


def _repeated(pages: Sequence[list[str]]) -> set[str]:
    """Return the shapes of first and last lines that half of the pages share, three at least."""
    counts: dict[str, int] = {}
    for lines in pages:
        for shape in {_digits_alike(fold(line)) for line in (*lines[:EDGE], *lines[-EDGE:])}:
            counts[shape] = counts.get(shape, 0) + 1
    return {shape for shape, count in counts.items() if count >= max(3, len(pages) / 2)}
