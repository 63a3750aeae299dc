"""文中查找: where in a paper the words of a query stand, page by page."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from qidang.search.analysis import fold
from qidang.search.query import needles_of
from qidang.search.spots import Pages, Spot
from qidang.web.viewer.sheet import Mark

if TYPE_CHECKING:
    from qidang.reading.paper import Paper


@dataclasses.dataclass(frozen=True, slots=True)
class Hits:
    """The places found, by page number (from 1), as the search keeps them: folded."""

    paper: Paper
    looked: Pages | None = None
    spots: dict[int, set[Spot]] = dataclasses.field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many places."""
        return sum(map(len, self.spots.values()))

    @property
    def pages(self) -> list[tuple[int, int]]:
        """(page number, places on it), in order."""
        return [(number, len(spots)) for number, spots in sorted(self.spots.items())]

    @property
    def first(self) -> int | None:
        """The first page with a place."""
        return min(self.spots, default=None)

    def marks_on(self, number: int) -> list[Mark]:
        """Return the marks of page ``number``, in the order of the text."""
        if self.looked is None:
            return []
        spots = [self.looked.original(spot) for spot in self.spots.get(number, ())]
        return [Mark(number, spot.start, spot.end, name="hit") for spot in sorted(spots, key=lambda one: one.start)]


def hits(paper: Paper, words: str) -> Hits:
    """Find the words of a query in the paper; what is no query is looked up as it is written."""
    words = words.strip()
    needles = (needles_of(words) or [fold(words)]) if words else []
    if not needles or not paper.pages:
        return Hits(paper)
    looked = Pages([page.text for page in paper.pages])
    spots: dict[int, set[Spot]] = {}
    for needle in needles:
        for spot in (spot for hit in looked.hits(needle) for spot in hit):
            spots.setdefault(spot.page + 1, set()).add(spot)
    return Hits(paper, looked, spots)
