"""批量补登历史合同: many past contracts in one go, some at a time; one that cannot be is named and the rest go on."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable

from django.db import transaction

from qidang.accounts.models import User
from qidang.contracts.choices import PastState
from qidang.contracts.models import Contract, HistoryEntry
from qidang.contracts.models.contract import refuse_gone, refuse_void
from qidang.contracts.models.histories import checked
from qidang.contracts.values import PastValues
from qidang.kit.refusal import Refused
from qidang.ledger import record

CHUNK = 4  # contracts of one transaction: the database is locked for some milliseconds only


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What became, or would become, of one contract of many: the state it entered in, or why not."""

    contract: Contract
    state: str = ""
    refusal: Refused | None = None

    @property
    def word(self) -> str:
        """The name of the state."""
        return str(PastState(self.state).label) if self.state else ""


def preview_many(contracts: Iterable[Contract], past: PastValues) -> list[Outcome]:
    """Return the state that each contract would enter in; nothing is written."""
    return [_looked_at(contract, past) for contract in contracts]


def enter_many(contracts: Iterable[Contract], past: PastValues, *, by: User) -> list[Outcome]:
    """批量补登, one entry of the log for each time; refusals are returned."""
    outcomes: list[Outcome] = []
    for some in itertools.batched(contracts, CHUNK):
        outcomes += _enter_some(some, past, by=by)
    return outcomes


def _looked_at(contract: Contract, past: PastValues) -> Outcome:
    try:
        refuse_gone(contract)
        refuse_void(contract)
        return Outcome(contract, checked(contract, past))
    except Refused as refusal:
        return Outcome(contract, refusal=refusal)


@transaction.atomic
def _enter_some(contracts: Iterable[Contract], past: PastValues, *, by: User) -> list[Outcome]:
    outcomes: list[Outcome] = []
    told: dict[str, str] = {}
    for contract in contracts:
        try:
            entry = HistoryEntry.lay(contract, past, by=by)
        except Refused as refusal:  # nothing was written of it
            outcomes.append(Outcome(contract, refusal=refusal))
        else:
            told = entry.told()
            outcomes.append(Outcome(contract, entry.state))
    if done := [outcome.contract for outcome in outcomes if outcome.refusal is None]:
        states = sorted({outcome.state for outcome in outcomes if outcome.state})
        record("contract.history_entered", *done, by=by, details=told | {"state": " ".join(states)})
    return outcomes
