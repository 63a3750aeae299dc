"""批量归档: many contracts in one go, each an act of its own; one that is not ready is named and the rest go on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from qidang.accounts.models import User
from qidang.contracts.models import Contract
from qidang.contracts.models.contract import refuse_void
from qidang.holdings import filing
from qidang.holdings.filing import Place, suggested
from qidang.holdings.models import Fonds, Record, RetentionRule
from qidang.holdings.references import Reference
from qidang.kit import clock
from qidang.kit.refusal import Refused


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What filing one contract gives, or would give: its 档号, or why not. ``place`` is its own suggestion."""

    contract: Contract
    place: Place
    reference: str = ""
    refusal: Refused | None = None
    record: Record | None = None


def preview_many(contracts: Iterable[Contract], *, retention: str | RetentionRule) -> list[Outcome]:
    """Return the 档号 that each contract would get if all were filed now, in this order; nothing is taken or locked."""
    looking = _Looking()
    return [looking.at(contract, place) for contract, place in _placed(contracts, retention)]


def file_many(contracts: Iterable[Contract], *, retention: str | RetentionRule, by: User) -> list[Outcome]:
    """归档 each contract under its own year and 机构 and this retention; refusals are returned, not raised."""
    return [_filed(contract, place, by) for contract, place in _placed(contracts, retention)]


def _placed(contracts: Iterable[Contract], retention: str | RetentionRule) -> Iterator[tuple[Contract, Place]]:
    rule = filing.place_of(
        clock.today().year, retention, ""
    ).retention  # a wrong one is refused before anything is done
    for contract in contracts:
        yield contract, dataclasses.replace(suggested(contract), retention=rule)


def _filed(contract: Contract, place: Place, by: User) -> Outcome:
    try:
        kept = filing.file(contract, year=place.year, retention=place.retention, org=place.org, by=by)
    except Refused as refusal:
        return Outcome(contract, place, refusal=refusal)
    return Outcome(contract, place, kept.reference, record=kept)


class _Looking:
    """The item numbers that contracts filed one after another would take."""

    def __init__(self) -> None:
        self.fonds: dict[int, tuple[str, str]] = {}
        self.items: dict[str, int] = {}

    def at(self, contract: Contract, place: Place) -> Outcome:
        """Return what ``contract`` would get after those looked at before."""
        try:
            filing.fileable(contract)
            refuse_void(contract)
            told = filing.preview(contract, year=place.year, retention=place.retention, org=place.org)
        except Refused as refusal:
            return Outcome(contract, place, refusal=refusal)
        first = Reference.parse(told)
        assert first is not None
        code, category = self.fonds.setdefault(contract.unit_id, self._fonds(first))
        start = dataclasses.replace(first, fonds=code, category=category)
        taken = self.items.get(str(start), 0)
        self.items[str(start)] = taken + 1
        return Outcome(contract, place, str(dataclasses.replace(start, item=start.item + taken)))

    def _fonds(self, first: Reference) -> tuple[str, str]:
        """Return code and category of a unit's fonds; one that is not open yet takes the next code nobody has."""
        given = {code for code, _category in self.fonds.values()}
        return (Fonds.next_code(given) if first.fonds in given else first.fonds), first.category
