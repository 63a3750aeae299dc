"""文件名里的编号与路径: how numbers and paths are found in the names of files and folders. Pure.

Blanks, brackets, dashes, 第 and 号 part a number and are not part of it: HT〔2024〕第001号 is HT-2024-001. Where it is
parted counts: 1-23 is not 12-3.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator

from qidang.kit.text import fold

ORDINALS = "第号"
SHORTEST = 4  # signs of a number that is looked for inside of longer names
SHORTEST_FIGURES = 5  # the same for one of figures alone
_DAY = re.compile(r"(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)?")
_ENDING = re.compile(r"\.(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{1,5}$")


@dataclasses.dataclass(frozen=True, slots=True)
class Plain:
    """A text as letters and figures alone; ``cuts`` are the places between them where something else stood.

    ``joints`` are those of the cuts at which nothing but a dash or a dot stood.
    """

    text: str
    cuts: frozenset[int]
    joints: frozenset[int]


@functools.lru_cache(maxsize=50_000)
def plain(text: str) -> Plain:
    """Return ``text`` as it is compared."""
    signs: list[str] = []
    between: dict[int, str] = {}
    for sign in unicodedata.normalize("NFKC", text).lower():
        if sign.isalnum() and sign not in ORDINALS:
            signs.append(sign)
        else:
            between[len(signs)] = between.get(len(signs), "") + sign
    joints = (place for place, stood in between.items() if _is_joint(stood))
    return Plain("".join(signs), frozenset(between), frozenset(joints))


def _is_joint(stood: str) -> bool:
    return len(stood) == 1 and (stood == "." or unicodedata.category(stood) == "Pd")


def bare_of(number: str) -> str:
    """Return the letters and figures of a number."""
    return plain(number).text


def party_of(name: str) -> str:
    """Return the name of a company as it is compared."""
    return fold(name)


def is_weak(text: str) -> bool:
    """Whether a number is so short, or so like a year or a day, that it may stand in a name by chance."""
    if not any(sign.isdigit() for sign in text) or len(text) < SHORTEST:
        return True
    return text.isdigit() and (len(text) < SHORTEST_FIGURES or _DAY.fullmatch(text) is not None)


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """A number in a name: whose it is, as it stands there, whether parted alike, whether it may go on beyond."""

    rows: list[int]
    told: str
    is_exact: bool
    may_go_on: bool


class Numbers:
    """The numbers of many rows, found in names by index."""

    def __init__(self) -> None:
        self.by_text: dict[str, list[tuple[frozenset[int], int]]] = collections.defaultdict(list)
        self.lengths: set[int] = set()
        self.known: dict[tuple[str, bool], list[Hit]] = {}

    def add(self, number: str, row: int) -> None:
        """Know that ``row`` bears ``number``; one without letters or figures is none."""
        one = plain(number)
        if one.text:
            inner = frozenset(cut for cut in one.cuts if 0 < cut < len(one.text))
            self.by_text[one.text].append((inner, row))
            if not is_weak(one.text):
                self.lengths.add(len(one.text))

    def same(self, number: str) -> tuple[list[int], bool]:
        """Return the rows that bear this very number, and whether it is parted alike there."""
        one = plain(number)
        return self._fitting(one, 0, len(one.text))

    def found_in(self, name: str, *, is_file: bool = False) -> list[Hit]:
        """Return the numbers in ``name``, the longest first; none overlaps another."""
        asked = (name, is_file)
        if asked not in self.known:
            self.known[asked] = self._found(plain(_ENDING.sub("", name) if is_file else name))
        return self.known[asked]

    def _found(self, name: Plain) -> list[Hit]:
        whole, is_exact = self._fitting(name, 0, len(name.text))
        if whole:
            return [Hit(whole, name.text, is_exact and not is_weak(name.text), may_go_on=False)]
        starts = [place for place in range(len(name.text)) if _is_edge(name, place)]
        hits: list[tuple[int, int, Hit]] = []
        for length in sorted(self.lengths, reverse=True):
            for start in starts:
                end = start + length
                if end > len(name.text) or not _is_edge(name, end):
                    continue
                rows, is_exact = self._fitting(name, start, end)
                if rows and not any(start < last and first < end for first, last, _ in hits):
                    goes_on = _goes_on(name, start) or _goes_on(name, end)
                    hits.append((start, end, Hit(rows, name.text[start:end], is_exact, goes_on)))
        return [hit for _, _, hit in hits]

    def _fitting(self, name: Plain, start: int, end: int) -> tuple[list[int], bool]:
        """Return the rows whose number stands there: those parted alike, else those parted more or less often."""
        bearing = self.by_text.get(name.text[start:end])
        if not bearing:
            return [], False
        cuts = frozenset(cut - start for cut in name.cuts if start < cut < end)
        exact = [row for inner, row in bearing if inner == cuts]
        return (exact, True) if exact else ([row for inner, row in bearing if inner <= cuts or cuts <= inner], False)


def _is_edge(name: Plain, place: int) -> bool:
    """Whether a number may begin or end here: at an end, where something stood between, beside a Chinese sign."""
    if place in (0, len(name.text)) or place in name.cuts:
        return True
    return _is_chinese(name.text[place - 1]) or _is_chinese(name.text[place])


def _goes_on(name: Plain, place: int) -> bool:
    """Whether a dash or a dot with a letter or figure beyond may lead on to more of the number."""
    if not 0 < place < len(name.text):
        return False
    pair = (name.text[place - 1], name.text[place])
    if place not in name.cuts:
        return all(_is_chinese(sign) for sign in pair)
    return place in name.joints and not any(_is_chinese(sign) for sign in pair)


def _is_chinese(sign: str) -> bool:
    return sign >= "\u2e80"


class Paths:
    """Many files by their names and folders, to be found by what a path column says."""

    def __init__(self, files: Iterable[tuple[int, str]]) -> None:
        self.by_name: dict[str, list[tuple[list[str], int]]] = collections.defaultdict(list)
        self.below: dict[str, list[tuple[list[str], int]]] = collections.defaultdict(list)
        for key, path in files:
            *folders, name = _parts(path) or [""]
            for known in dict.fromkeys((name, _ENDING.sub("", name))):
                self.by_name[known].append(([*folders, known], key))
            for depth, folder in enumerate(folders, start=1):
                self.below[folder].append((folders[:depth], key))

    def named_in(self, cell: str) -> Iterator[tuple[str, list[int], bool]]:
        """Yield what a cell names: the words, the keys of the files, whether its whole path is theirs."""
        for told in re.split(r"[;；\r\n]+", cell):
            parts = _parts(told)
            if not parts:
                continue
            found = self.by_name.get(parts[-1]) or self.below.get(parts[-1]) or []
            alike = [(_ends_alike(parts, place), len(place), key) for place, key in found]
            best = max((score for score, _, _ in alike), default=0)
            near = [(length, key) for score, length, key in alike if score == best]
            if near:
                is_whole = all(best == min(len(parts), length) for length, _ in near)
                yield told.strip(), list(dict.fromkeys(key for _, key in near)), is_whole

    def is_folder(self, told: str) -> bool:
        """Whether these words name a folder, and so every file in it."""
        parts = _parts(told)
        return bool(parts) and parts[-1] not in self.by_name and parts[-1] in self.below


def _parts(path: str) -> list[str]:
    told = unicodedata.normalize("NFKC", path.strip().strip("\"'")).replace("\\", "/").casefold()
    parts = [" ".join(part.split()) for part in told.split("/")]
    return [part for part in parts if part and part not in {".", ".."} and not re.fullmatch(r"[a-z]:", part)]


def _ends_alike(one: list[str], other: list[str]) -> int:
    count = 0
    for mine, theirs in zip(reversed(one), reversed(other), strict=False):
        if mine != theirs:
            break
        count += 1
    return count
