"""批量补号: many contracts without a number get the next of their rules, without gaps; what each would get is told."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable

from django.db import transaction

from qidang.accounts.capabilities import require
from qidang.accounts.models import User
from qidang.contracts import numbering
from qidang.contracts.models import Contract
from qidang.contracts.models.contract import refuse_gone, refuse_void
from qidang.kit.refusal import Refused
from qidang.ledger import record

CHUNK = 4  # contracts of one transaction: the database is locked for some milliseconds only


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What one contract of many gets, or would get: its number, or why none."""

    contract: Contract
    number: str = ""
    refusal: Refused | None = None


def preview_many(contracts: Iterable[Contract], *, by: User) -> list[Outcome]:
    """Return the number that each would get if all were given now, in this order; nothing is taken or locked."""
    looking = numbering.Looking()
    outcomes = []
    for contract in contracts:
        try:
            require(by, "contract.edit", contract)
            refuse_gone(contract)
            refuse_void(contract)
            if contract.number:
                raise Refused("numbering.has_number", number=contract.number)
        except Refused as refusal:
            outcomes.append(Outcome(contract, refusal=refusal))
        else:
            outcomes.append(Outcome(contract, looking.at(contract)))
    return outcomes


def give_many(contracts: Iterable[Contract], *, by: User) -> list[Outcome]:
    """批量补号, one entry of the log for each time; refusals are returned and leave no gap."""
    outcomes: list[Outcome] = []
    for some in itertools.batched(contracts, CHUNK):
        outcomes += _give_some(some, by=by)
    return outcomes


@transaction.atomic
def _give_some(contracts: Iterable[Contract], *, by: User) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for contract in contracts:
        try:
            outcomes.append(Outcome(contract, numbering.given(contract, by=by).number))
        except Refused as refusal:  # nothing was written of it
            outcomes.append(Outcome(contract, refusal=refusal))
    done = [one for one in outcomes if one.refusal is None]
    if done:
        numbers = [one.number for one in done]
        record("number.given_many", *(one.contract for one in done), by=by, details={"numbers": numbers})
    return outcomes
