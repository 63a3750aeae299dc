"""落点: where in the pages of a paper a needle stands, and which boxes to draw around it."""

import bisect
import functools
import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qidang.reading.paper import Box, Line, Page
from qidang.search.analysis import fold, places
from qidang.search.joining import bridges

MOST = 300  # places looked up for one needle in one paper


@dataclass(frozen=True)
class Spot:
    """Characters ``start`` to ``end`` of page ``page`` (counted from 0): of its text, or, while looking, folded."""

    page: int
    start: int
    end: int


class Pages:
    """The pages of one paper, folded for looking things up."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.folded = [fold(text) for text in texts]
        self.joined = "".join(self.folded)
        self.starts = list(itertools.accumulate(map(len, self.folded), initial=0))[:-1]
        self._places = functools.cache(lambda page: places(self.texts[page]))

    def hits(self, needle: str) -> list[list[Spot]]:
        """Return the folded places of a folded ``needle``; one that goes over a page end has a spot on each page."""
        if not needle:
            return []
        found = [self._spots(start, start + len(needle)) for start in _occurrences(self.joined, needle)]
        return found or self._bridged(needle)

    def _spots(self, start: int, end: int) -> list[Spot]:
        first = bisect.bisect_right(self.starts, start) - 1
        spots = []
        for page in range(first, len(self.starts)):
            low, high = max(start - self.starts[page], 0), min(end - self.starts[page], len(self.folded[page]))
            if high <= 0:
                break
            if low < high:
                spots.append(Spot(page, low, high))
        return spots

    def original(self, folded: Spot) -> Spot:
        """Return the place in the text of the page; worked out for the pages that are shown, no others."""
        found = self._places(folded.page)
        return Spot(folded.page, found[folded.start], found[folded.end - 1] + 1)

    def _bridged(self, needle: str) -> list[list[Spot]]:
        """Return the places across page ends where running lines stand between."""
        found = []
        for bridge in bridges(self.texts, self.folded):
            at = (bridge.tail + bridge.head).find(needle)
            before = len(bridge.tail) - at
            if at >= 0 and 0 < before < len(needle):
                tail = Spot(bridge.page, bridge.tail_start + at, bridge.tail_start + len(bridge.tail))
                head_end = bridge.head_start + len(needle) - before
                found.append([tail, Spot(bridge.page + 1, bridge.head_start, head_end)])
        return found


def _occurrences(text: str, needle: str) -> Iterator[int]:
    at, count = text.find(needle), 0
    while at >= 0 and count < MOST:
        yield at
        count += 1
        at = text.find(needle, at + len(needle))


def boxes(page: Page, start: int, end: int) -> list[Box]:
    """Return a box per line for the characters ``start`` to ``end`` of a page; none where lines have no boxes."""
    found, at = [], 0
    for line in page.lines:
        low, high = max(start - at, 0), min(end - at, len(line.text))
        if line.box is not None and low < high:
            found.append(_part(line, line.box, low, high))
        at += len(line.text) + 1
        if at >= end:
            break
    return found


def _part(line: Line, box: Box, low: int, high: int) -> Box:
    """Return the share of a line's box that its characters ``low`` to ``high`` take; wide characters count twice."""
    widths = [2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line.text]
    total = sum(widths)
    left, right = sum(widths[:low]) / total, sum(widths[:high]) / total
    x0, y0, x1, y1 = box
    return (x0 + (x1 - x0) * left, y0, x0 + (x1 - x0) * right, y1)
