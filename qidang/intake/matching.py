"""匹配: which file belongs to which row of a ledger, why, and how sure. Pure: knows no Django and no database.

In this order: the row's path column; the row's number in the name of the file, then of its folders; the number, then
parties, amount and day of signing that were read in the file. Everything is found by index, never pair by pair.
"""

from __future__ import annotations

import collections
import dataclasses
import enum
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from .filenames import Numbers, Paths, bare_of, party_of

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

MOST = 5  # rows that are named for one file; more of them say nothing


class Way(enum.StrEnum):
    """By what a file was matched."""

    PATH = "path"
    FILENAME = "filename"
    FOLDER = "folder"
    NUMBER_READ = "number_read"
    TEXT = "text"
    PERSON = "person"


class Sure(enum.StrEnum):
    """How sure a match is; only what is certain stands without a person."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Clash(enum.StrEnum):
    """What speaks against a match."""

    NUMBER_TWICE = "number_twice"  # several rows bear this number
    SEVERAL_ROWS = "several_rows"  # the file fits several rows
    SEVERAL_FILES = "several_files"  # the path names several files
    OTHER_NUMBER = "other_number"  # the text bears the number of another row
    TEXT_DIFFERS = "text_differs"  # parties and amount in the text are others
    PART_OF_LONGER = "part_of_longer"  # the number may go on in the name
    FOLDER_DIFFERS = "folder_differs"  # the folder bears the number of another row


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """What a row of the ledger can be known by."""

    key: int
    number: str = ""
    other_numbers: tuple[str, ...] = ()
    path: str = ""
    party: str = ""
    amount: Decimal | None = None
    signed_on: dt.date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Read:
    """What was read in a file."""

    numbers: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    amount: Decimal | None = None
    signed_on: dt.date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class File:
    """A file by its path with its folders; ``read`` is None as long as nobody has read it."""

    key: int
    path: str
    read: Read | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    """A file and the row it belongs to. ``told`` is what was found: the path, the number, the fields that agree."""

    row: int
    file: int
    way: Way
    sure: Sure
    told: str = ""
    clashes: tuple[Clash, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Matched:
    """The matches by file, and what is left on both sides; ``shared`` are the rows that several files belong to."""

    matches: list[Match]
    rows_left: list[int]
    files_left: list[int]
    shared: dict[int, int]


def match(rows: Sequence[Row], files: Sequence[File]) -> Matched:
    """Return which file belongs to which row; a file without a match comes to nothing, a row may have many files."""
    table = _Table(rows)
    found: dict[int, list[Match]] = _by_path(rows, files)
    for file in files:
        if file.key not in found and (named := table.named(file)):
            found[file.key] = named
    taken = {one.row for some in found.values() for one in some}
    told = [file for file in files if file.key not in found and file.read is not None]
    found |= _alone(table.told(told, taken))
    by_key = {row.key: row for row in rows}
    read = {file.key: file.read for file in files}
    matches = [table.weighed(one, by_key[one.row], read[one.file]) for file in files for one in found.get(file.key, ())]
    return _summed(matches, rows, files)


def _summed(matches: list[Match], rows: Sequence[Row], files: Sequence[File]) -> Matched:
    counts = collections.Counter(one.row for one in matches)
    matched = {one.file for one in matches}
    return Matched(
        matches,
        [row.key for row in rows if row.key not in counts],
        [file.key for file in files if file.key not in matched],
        {row: count for row, count in counts.items() if count > 1},
    )


def _by_path(rows: Sequence[Row], files: Sequence[File]) -> dict[int, list[Match]]:
    """Return the matches by the path column; a file that several rows name is sure for none of them."""
    paths = Paths((file.key, file.path) for file in files)
    found: dict[int, list[Match]] = {}
    for row in rows:
        for told, keys, is_whole in paths.named_in(row.path):
            sure = Sure.CERTAIN if is_whole else Sure.LIKELY
            clashes: tuple[Clash, ...] = ()
            if len(keys) > 1 and not paths.is_folder(told):
                sure, clashes = Sure.POSSIBLE, (Clash.SEVERAL_FILES,)
            for key in keys:
                found.setdefault(key, []).append(Match(row.key, key, Way.PATH, sure, told, clashes))
    return {key: _shared(some) for key, some in found.items()}


def _shared(some: list[Match]) -> list[Match]:
    """Return the matches of one file, each as possible only where there are several rows; none where too many."""
    rows = {one.row: one for one in some}
    if len(rows) == 1:
        return list(rows.values())
    return [_weaker(one, Sure.POSSIBLE, Clash.SEVERAL_ROWS) for one in rows.values()] if len(rows) <= MOST else []


def _weaker(one: Match, sure: Sure, clash: Clash) -> Match:
    """Return the match with one more thing against it, no surer than ``sure``."""
    order = list(Sure)
    weaker = order[max(order.index(one.sure), order.index(sure))]
    return dataclasses.replace(one, sure=weaker, clashes=tuple(dict.fromkeys((*one.clashes, clash))))


def _alone(pairs: Iterable[tuple[int, list[Match]]]) -> dict[int, list[Match]]:
    """Return matches by the text; where two files without a number claim one row, both are only possible."""
    found = dict(pairs)
    claims = collections.Counter(one.row for some in found.values() for one in some if one.way == Way.TEXT)
    return {
        key: [
            _weaker(one, Sure.POSSIBLE, Clash.SEVERAL_FILES) if one.way == Way.TEXT and claims[one.row] > 1 else one
            for one in some
        ]
        for key, some in found.items()
    }


class _Table:
    """The rows by everything they can be found by."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = {row.key: row for row in rows}
        self.numbers = Numbers()
        self.pairs: dict[tuple[object, object], list[int]] = collections.defaultdict(list)
        for row in rows:
            for number in dict.fromkeys((row.number, *row.other_numbers)):
                self.numbers.add(number, row.key)
            for pair in _pairs((party_of(row.party),) if row.party else (), row.amount, row.signed_on):
                self.pairs[pair].append(row.key)

    def named(self, file: File) -> list[Match]:
        """Return the rows whose number stands in the name of the file, or else of the innermost folder that has one."""
        *folders, name = file.path.replace("\\", "/").split("/")
        found = self._in_name(file, name, Way.FILENAME, is_file=True)
        outer = next((some for one in reversed(folders) if (some := self._in_name(file, one, Way.FOLDER))), [])
        if not found:
            return outer
        if outer and not {one.row for one in outer} & {one.row for one in found}:
            return [_weaker(one, Sure.LIKELY, Clash.FOLDER_DIFFERS) for one in found]
        return found

    def _in_name(self, file: File, name: str, way: Way, *, is_file: bool = False) -> list[Match]:
        found = []
        for hit in self.numbers.found_in(name, is_file=is_file):
            sure = Sure.CERTAIN if hit.is_exact else Sure.LIKELY
            made = [Match(row, file.key, way, sure, self._written(row, hit.told)) for row in hit.rows[:MOST]]
            if hit.may_go_on:
                made = [_weaker(one, Sure.POSSIBLE, Clash.PART_OF_LONGER) for one in made]
            if len(hit.rows) > 1:
                made = [_weaker(one, Sure.POSSIBLE, Clash.NUMBER_TWICE) for one in made]
            found.append(made)
        if len(found) > 1:
            return [_weaker(one, Sure.POSSIBLE, Clash.SEVERAL_ROWS) for some in found[:MOST] for one in some]
        return found[0] if found else []

    def _written(self, row: int, told: str) -> str:
        """Return the number as the ledger writes it."""
        return next(
            (one for one in (self.rows[row].number, *self.rows[row].other_numbers) if bare_of(one) == told), told
        )

    def told(self, files: Iterable[File], taken: set[int]) -> Iterator[tuple[int, list[Match]]]:
        """Yield the files whose text tells their row: by its number, else by parties, amount and day of rows left."""
        for file in files:
            assert file.read is not None
            found = self._by_number_read(file, file.read) or self._by_text(file, file.read, taken)
            if found:
                yield file.key, found

    def _by_number_read(self, file: File, read: Read) -> list[Match]:
        for number in read.numbers:
            rows, is_exact = self.numbers.same(number)
            sure = Sure.LIKELY if is_exact and len(rows) == 1 else Sure.POSSIBLE
            made = [Match(row, file.key, Way.NUMBER_READ, sure, number) for row in rows[:MOST]]
            if len(rows) > 1:
                return [_weaker(one, Sure.POSSIBLE, Clash.NUMBER_TWICE) for one in made]
            if made:
                return made
        return []

    def _by_text(self, file: File, read: Read, taken: set[int]) -> list[Match]:
        """Return the rows left that agree in two of parties, amount and day, those that agree in most."""
        parties = tuple(party_of(party) for party in read.parties)
        scores: dict[int, set[str]] = {}
        for pair in _pairs(parties, read.amount, read.signed_on):
            for key in self.pairs.get(pair, ()) if len(self.pairs.get(pair, ())) <= 50 * MOST else ():
                if key not in taken:
                    scores.setdefault(key, set()).update(_named(pair))
        if not scores:
            return []
        most = max(len(names) for names in scores.values())
        best = sorted(key for key, names in scores.items() if len(names) == most)
        made = [
            Match(key, file.key, Way.TEXT, _surety(scores[key]), " ".join(sorted(scores[key]))) for key in best[:MOST]
        ]
        if len(best) > 1:
            made = [_weaker(one, Sure.POSSIBLE, Clash.SEVERAL_ROWS) for one in made]
        if read.numbers:
            made = [self._other(one) for one in made]
        return made

    def _other(self, one: Match) -> Match:
        """A text with a number that no row bears fits a row with another number only possibly."""
        return _weaker(one, Sure.POSSIBLE, Clash.OTHER_NUMBER) if self.rows[one.row].number else one

    def weighed(self, one: Match, row: Row, read: Read | None) -> Match:
        """Return the match as it stands beside what was read: surer where the text agrees, weaker where it differs."""
        if read is None or one.way == Way.TEXT:
            return one
        agrees = [bare_of(number) == bare_of(row.number) for number in read.numbers] if row.number else []
        if any(agrees):
            alone = not {Clash.NUMBER_TWICE, Clash.SEVERAL_ROWS, Clash.SEVERAL_FILES} & set(one.clashes)
            if alone and (one.way != Way.NUMBER_READ or _agreeing(row, read)):
                clashes = tuple(clash for clash in one.clashes if clash != Clash.PART_OF_LONGER)
                one = dataclasses.replace(one, sure=Sure.CERTAIN, clashes=clashes)
        elif any(row.key not in rows for number in read.numbers if (rows := self.numbers.same(number)[0])):
            one = _weaker(one, Sure.POSSIBLE, Clash.OTHER_NUMBER)
        if _differing(row, read):
            one = _weaker(one, Sure.LIKELY, Clash.TEXT_DIFFERS)
        return one


def _pairs(
    parties: tuple[str, ...], amount: Decimal | None, signed_on: dt.date | None
) -> Iterator[tuple[object, object]]:
    for party in parties:
        if amount:
            yield (party, amount)
        if signed_on:
            yield (party, signed_on)
    if amount and signed_on:
        yield (amount, signed_on)


def _named(pair: tuple[object, object]) -> set[str]:
    kinds = {"str": "party", "Decimal": "amount", "date": "signed_on"}
    return {kinds[type(one).__name__] for one in pair}


def _surety(agreeing: set[str]) -> Sure:
    return Sure.LIKELY if {"party", "amount"} <= agreeing else Sure.POSSIBLE


def _agreeing(row: Row, read: Read) -> bool:
    is_party = bool(row.party) and party_of(row.party) in {party_of(party) for party in read.parties}
    return is_party or (row.amount is not None and row.amount == read.amount)


def _differing(row: Row, read: Read) -> bool:
    """Whether parties and amount are known on both sides and both are others."""
    if not (row.party and read.parties and row.amount is not None and read.amount is not None):
        return False
    return not _agreeing(row, read)
