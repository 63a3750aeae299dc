"""撤销登记: a wrong registration leaves lists, totals, search and exports, and can be brought back as it was.

Its number goes with it: one that the rules gave is spent and stands void in the gap report; one that was taken over
from the paper belongs to the paper and is free for the right registration.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable

from django.db import transaction

from qidang.accounts.capabilities import require
from qidang.accounts.models import User
from qidang.contracts.choices import FilingStatus
from qidang.contracts.models import Contract, IssuedNumber, Withdrawal
from qidang.contracts.models.contract import settle_clashes
from qidang.contracts.models.holds import refuse_held
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import record

CAPABILITY = "contract.withdraw"
CHUNK = 20  # contracts of one transaction: the database is locked for some milliseconds only


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one contract of many: withdrawn, or why not."""

    contract: Contract
    refusal: Refused | None = None


@transaction.atomic
def withdraw(contract: Contract, *, why: str, by: User) -> Withdrawal:
    """撤销登记. Refuses without a reason, a filed contract, one under a hold, one that is gone already."""
    withdrawal = _taken_back(contract, why=why, by=by)
    record("contract.withdrawn", contract, by=by, details={"why": withdrawal.why, "number": withdrawal.number})
    return withdrawal


def withdraw_many(contracts: Iterable[Contract], *, why: str, by: User) -> list[Outcome]:
    """批量撤销登记, some at a time and one entry for each time; refusals are returned, and the rest goes on."""
    outcomes: list[Outcome] = []
    for some in itertools.batched(contracts, CHUNK):
        outcomes += _withdraw_some(some, why=why, by=by)
    return outcomes


@transaction.atomic
def restore(contract: Contract, *, by: User) -> Contract:
    """恢复登记: the withdrawal is undone; a number from the paper that another bears by now stays with that one."""
    require(by, CAPABILITY, contract)
    contract.refresh_from_db(from_queryset=Contract.objects.select_for_update())
    require(by, CAPABILITY, contract)
    withdrawal = Withdrawal.objects.standing().filter(contract=contract).first()
    if withdrawal is None:
        raise Refused("contract.not_withdrawn", number=str(contract))
    withdrawal.restored_by, withdrawal.restored_at = by, clock.now()
    withdrawal.save(update_fields=["restored_by", "restored_at"])
    _give_back(contract, withdrawal)
    contract.save_settled()
    settle_clashes([contract])
    record("contract.restored", contract, by=by, details={"number": contract.number})
    return contract


@transaction.atomic
def _withdraw_some(contracts: Iterable[Contract], *, why: str, by: User) -> list[Outcome]:
    outcomes = []
    for contract in contracts:
        try:
            _taken_back(contract, why=why, by=by)
        except Refused as refusal:  # nothing was written of it
            outcomes.append(Outcome(contract, refusal))
        else:
            outcomes.append(Outcome(contract))
    if done := [outcome.contract for outcome in outcomes if outcome.refusal is None]:
        record("contract.withdrawn", *done, by=by, details={"why": why.strip()})
    return outcomes


def _taken_back(contract: Contract, *, why: str, by: User) -> Withdrawal:
    require(by, CAPABILITY, contract)
    if not why.strip():
        raise Refused("contract.withdrawal_unexplained", number=str(contract))
    contract.locked(even_void=True)
    require(by, CAPABILITY, contract)
    if contract.filing_status == FilingStatus.FILED:
        raise Refused("contract.withdrawal_filed", number=str(contract), reference=contract.reference)
    refuse_held(contract)
    withdrawal = Withdrawal.objects.create(
        contract=contract, number=contract.number, why=why.strip(), by=by, at=clock.now()
    )
    _spend_numbers(contract, withdrawal)
    contract.edit_version += 1
    contract.save_settled()
    return withdrawal


def _spend_numbers(contract: Contract, withdrawal: Withdrawal) -> None:
    numbers = IssuedNumber.objects.filter(contract=contract, voided_at__isnull=True)
    if numbers.filter(number=contract.number, is_from_paper=True).exists():
        contract.number = ""
    numbers.update(voided_at=withdrawal.at, voided_by=withdrawal.by, void_why=withdrawal.why, withdrawal=withdrawal)


def _give_back(contract: Contract, withdrawal: Withdrawal) -> None:
    numbers = IssuedNumber.objects.filter(contract=contract, withdrawal=withdrawal)
    if not contract.number and numbers.filter(number=withdrawal.number).exists():
        contract.number = withdrawal.number
    numbers.update(voided_at=None, voided_by=None, void_why="", withdrawal=None)
    contract.edit_version += 1
