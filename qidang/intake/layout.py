"""页面的摆法: which page of which arrival comes where, how turned, and where one paper ends and the next begins.

A layout is written as ``key.page.turn`` per page, pages set apart by blanks and papers by ``/``; it travels with the
form, so that page work needs no script and keeps nothing before it is saved.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Iterable, Mapping
from typing import Self

from qidang.kit.refusal import Refused

TURNS = (0, 90, 180, 270)
MOST_PAGES = 600


@dataclasses.dataclass(frozen=True, slots=True)
class Leaf:
    """一页: a page (from 1) of the arrival with the key ``arrival``, turned by ``turn`` degrees clockwise."""

    arrival: int
    page: int
    turn: int = 0

    def __str__(self) -> str:
        return f"{self.arrival}.{self.page}.{self.turn}"


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """摆法: papers, each of its leaves. Leaves are chosen by their place, counted from 0 through all papers."""

    papers: tuple[tuple[Leaf, ...], ...]

    def __str__(self) -> str:
        return " / ".join(" ".join(str(leaf) for leaf in paper) for paper in self.papers)

    @classmethod
    def of(cls, pages: Mapping[int, int]) -> Self:
        """Return all pages in one paper as they came; ``pages`` says how many each arrival has."""
        return cls((tuple(Leaf(key, page) for key, n in pages.items() for page in range(1, n + 1)),))

    @classmethod
    def read(cls, text: str, pages: Mapping[int, int]) -> Self:
        """Return what ``text`` says. Raise Refused for a page that is not there, or is there twice."""
        papers = tuple(tuple(_leaf(one, pages) for one in paper.split()) for paper in text.split("/"))
        leaves = [(leaf.arrival, leaf.page) for paper in papers for leaf in paper]
        if not leaves or len(set(leaves)) != len(leaves):
            raise Refused("intake.bad_layout")
        return cls(tuple(paper for paper in papers if paper))

    @property
    def leaves(self) -> list[Leaf]:
        """All leaves in order."""
        return list(itertools.chain.from_iterable(self.papers))

    @property
    def starts(self) -> set[int]:
        """The places at which a paper begins, the first one included."""
        ends = itertools.accumulate(len(paper) for paper in self.papers)
        return {0, *ends} - {len(self.leaves)}

    def turned(self, chosen: Collection[int], degrees: int) -> Self:
        """旋转: turn the chosen leaves clockwise."""
        leaves = [
            dataclasses.replace(leaf, turn=(leaf.turn + degrees) % 360) if place in chosen else leaf
            for place, leaf in enumerate(self.leaves)
        ]
        return self._parted(leaves, self.starts)

    def without(self, chosen: Collection[int]) -> Self:
        """去页: leave the chosen leaves out. Raise Refused where none would remain."""
        papers = self._kept(chosen)
        if not papers:
            raise Refused("intake.no_pages_left")
        return type(self)(papers)

    def moved(self, chosen: Collection[int], to: int) -> Self:
        """移页: set the chosen leaves, in their order, before the one at ``to`` (from 0; past the end: last)."""
        leaves = self.leaves
        carried = tuple(leaf for place, leaf in enumerate(leaves) if place in chosen)
        anchor = next((leaf for place, leaf in enumerate(leaves) if place >= to and place not in chosen), None)
        papers = self._kept(chosen)
        if anchor is None:
            return type(self)((*papers[:-1], (papers[-1] if papers else ()) + carried))
        return type(self)(tuple(_set_before(paper, anchor, carried) for paper in papers))

    def _kept(self, chosen: Collection[int]) -> tuple[tuple[Leaf, ...], ...]:
        """Return the papers without the chosen leaves; one that has none left is gone."""
        places = iter(range(len(self.leaves)))
        papers = [tuple(leaf for leaf in paper if next(places) not in chosen) for paper in self.papers]
        return tuple(paper for paper in papers if paper)

    def shifted(self, chosen: Collection[int], by: int) -> Self:
        """前移、后移: the chosen leaves by one place."""
        if not chosen:
            return self
        return self.moved(chosen, max(0, min(chosen) - 1) if by < 0 else max(chosen) + 2)

    def parted(self, chosen: Iterable[int]) -> Self:
        """拆分: begin a paper at each chosen leaf, or join it to the one before where one begins there already."""
        return self._parted(self.leaves, (self.starts ^ set(chosen)) | {0})

    def parted_at(self, pages: Iterable[tuple[int, int]]) -> Self:
        """按建议拆分: begin a paper at each of these pages (arrival, page)."""
        wanted = set(pages)
        places = {place for place, leaf in enumerate(self.leaves) if (leaf.arrival, leaf.page) in wanted}
        return self._parted(self.leaves, self.starts | places)

    def whole(self) -> Self:
        """合为一份: all leaves in one paper."""
        return self._parted(self.leaves, {0})

    @classmethod
    def _parted(cls, leaves: list[Leaf], starts: Collection[int]) -> Self:
        edges = [*sorted({0, *starts}), len(leaves)]
        return cls(tuple(tuple(leaves[a:b]) for a, b in itertools.pairwise(edges) if a < b))


def _set_before(paper: tuple[Leaf, ...], anchor: Leaf, carried: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    if anchor not in paper:
        return paper
    place = paper.index(anchor)
    return paper[:place] + carried + paper[place:]


def _leaf(text: str, pages: Mapping[int, int]) -> Leaf:
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) < 12 for part in parts):
        raise Refused("intake.bad_layout")
    leaf = Leaf(*(int(part) for part in parts))
    if leaf.turn not in TURNS or not 1 <= leaf.page <= pages.get(leaf.arrival, 0):
        raise Refused("intake.bad_layout")
    return leaf
