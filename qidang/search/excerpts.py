"""摘录: what a hit shows: the file and page on which most of the query stands, a snippet with marks, and boxes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qidang.reading.paper import Page
from qidang.search.analysis import fold
from qidang.search.spots import Pages, Spot, boxes

BEFORE, AFTER = 30, 90  # characters of a snippet around its first hit
MOST_BOXES = 200
Snippet = list[tuple[str, bool]]
_BLANKS = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+(?=[\u3000-\u9fff\uff00-\uffef])|[＿_]{4,}")


@dataclass(frozen=True)
class File:
    """A current file of a contract or arrival, as read."""

    name: str
    sha256: str
    pages: Sequence[Page]


@dataclass(frozen=True)
class Excerpt:
    """``page`` is the number of the page, from 1; a box is (page, x0, y0, x1, y1) in fractions of the page."""

    file: str = ""
    sha256: str = ""
    page: int | None = None
    snippet: Snippet = field(default_factory=list)
    boxes: list[tuple[int, float, float, float, float]] = field(default_factory=list)


def excerpt(files: Sequence[File], head: Sequence[str], needles: Sequence[str]) -> Excerpt:
    """Return the best place for the folded ``needles``; in ``head`` (fields) where no file has any of them."""
    found = [(*best, file) for file in files if (best := _best_page(file, needles))]
    if found:
        _, hits, file = max(found, key=lambda one: one[0])
        return _of_page(file, hits)
    named = next((text for text in head if any(needle in fold(text) for needle in needles)), "")
    if named:
        return Excerpt(*_first(files), snippet=mark(named, needles))
    return _beginning(files)


def mark(text: str, needles: Sequence[str]) -> Snippet:
    """Return a short text with the folded ``needles`` marked."""
    pages = Pages([text])
    spots = [pages.original(spot) for needle in needles for hit in pages.hits(needle) for spot in hit]
    marks = [(spot.start, spot.end) for spot in spots]
    return _cut(text, marks) if len(text) <= BEFORE + AFTER or not marks else _window(text, marks)


def _best_page(file: File, needles: Sequence[str]) -> tuple[tuple[int, int], list[list[Spot]]] | None:
    """Return ((different needles, hits), hits) of the page with most of them, the first of equals; None without any."""
    pages = Pages([page.text for page in file.pages])
    found: dict[int, tuple[set[str], list[list[Spot]]]] = {}
    for needle in needles:
        for hit in pages.hits(needle):
            seen, hits = found.setdefault(hit[0].page, (set(), []))
            seen.add(needle)
            hits.append(hit)
    if not found:
        return None
    best = max(sorted(found), key=lambda page: (len(found[page][0]), len(found[page][1])))
    seen, hits = found[best]
    return (len(seen), len(hits)), [[pages.original(spot) for spot in hit] for hit in hits]


def _of_page(file: File, hits: list[list[Spot]]) -> Excerpt:
    first = min(hits, key=lambda hit: hit[0].start)
    page = first[0].page
    text = file.pages[page].text
    marks = [(spot.start, spot.end) for hit in hits for spot in hit if spot.page == page]
    snippet = _window(text, marks)
    for spot in first[1:]:
        rest, length = file.pages[spot.page].text[spot.start :], spot.end - spot.start
        snippet = [*_window(text[: first[0].end], marks), *_cut(rest[: length + AFTER // 2], [(0, length)])]
    drawn = [
        (file.pages[spot.page].number, *box)
        for hit in hits
        for spot in hit
        for box in boxes(file.pages[spot.page], spot.start, spot.end)
    ]
    return Excerpt(file.name, file.sha256, file.pages[page].number, snippet, drawn[:MOST_BOXES])


def _window(text: str, marks: list[tuple[int, int]]) -> Snippet:
    """Cut the window around the first mark out of ``text``."""
    start = max(0, min(start for start, _ in marks) - BEFORE)
    end = min(len(text), min(end for _, end in marks) + AFTER)
    inside = [(max(low, start) - start, min(high, end) - start) for low, high in marks if low < end and high > start]
    pieces = _cut(text[start:end], inside)
    return [*([("…", False)] if start else []), *pieces, *([("…", False)] if end < len(text) else [])]


def _cut(text: str, marks: list[tuple[int, int]]) -> Snippet:
    """Cut ``text`` into pieces, marked and not; overlapping marks are one."""
    is_hit = bytearray(len(text))
    for low, high in marks:
        is_hit[low:high] = b"\1" * (high - low)
    pieces: Snippet = []
    at = 0
    while at < len(text):
        end = is_hit.find(1 - is_hit[at], at)
        end = len(text) if end < 0 else end
        pieces.append((_tidy(text[at:end]), bool(is_hit[at])))
        at = end
    return [piece for piece in pieces if piece[0]]


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", _BLANKS.sub("", text))


def _first(files: Sequence[File]) -> tuple[str, str, int | None]:
    if not files:
        return "", "", None
    return files[0].name, files[0].sha256, files[0].pages[0].number if files[0].pages else None


def _beginning(files: Sequence[File]) -> Excerpt:
    """The first words of the first file, for queries that ask for fields alone."""
    text = files[0].pages[0].text if files and files[0].pages else ""
    return Excerpt(*_first(files), snippet=_cut(text[: BEFORE + AFTER], []))
