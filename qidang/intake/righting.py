"""改错: what becomes of arrivals when the registration that they led to is set right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from qidang.contracts import withdrawing
from qidang.contracts.models import Version
from qidang.holdings import moving
from qidang.ledger import record

from .models import Arrival, State

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.contracts.models import Contract, Document, Withdrawal

RETURNED = "intake.registration_withdrawn"


@transaction.atomic
def withdraw(contract: Contract, *, why: str, papers_back: bool, by: User) -> Withdrawal:
    """撤销登记; with ``papers_back`` what came in for it waits again (待登记), otherwise its papers stay with it."""
    withdrawal = withdrawing.withdraw(contract, why=why, by=by)
    if papers_back and (returned := _moved(contract, State.REGISTERED, State.TO_REVIEW, code=RETURNED)):
        record("arrival.returned", *returned, by=by, details={"why": withdrawal.why})
    return withdrawal


@transaction.atomic
def restore(contract: Contract, *, by: User) -> Contract:
    """恢复登记; what waits again because of it, and nobody has dealt with since, is registered as before."""
    withdrawing.restore(contract, by=by)
    if taken := _moved(contract, State.TO_REVIEW, State.REGISTERED, was=RETURNED):
        record("arrival.taken_back", *taken, by=by)
    return contract


@transaction.atomic
def move_paper(document: Document, to: Contract, *, why: str, by: User) -> Document:
    """移动文件; what came in as one of its versions is found beside the contract that it belongs to now."""
    source = document.contract
    moving.move(document, to, why=why, by=by)
    digests = Version.objects.filter(document=document).values("blob__sha256")
    Arrival.objects.filter(contract=source, state=State.REGISTERED, sha256__in=digests).update(contract=to)
    return document


def returnable(contract: Contract) -> int:
    """Return how many arrivals would wait again."""
    return Arrival.objects.filter(contract=contract, state=State.REGISTERED).count()


def _moved(contract: Contract, state: State, to: State, *, code: str = "", was: str | None = None) -> list[Arrival]:
    """Set the arrivals of ``contract`` that stand in ``state`` (for the reason ``was``) to another; return them."""
    rows = Arrival.objects.select_for_update(of=("self",)).filter(contract=contract, state=state).order_by("pk")
    moved = list(rows if was is None else rows.filter(code=was))
    for arrival in moved:
        arrival.state, arrival.code = to, code
    Arrival.objects.bulk_update(moved, ["state", "code"])
    return moved
