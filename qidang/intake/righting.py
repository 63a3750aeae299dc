"""改错: what becomes of arrivals when the registration that they led to is set right."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db import transaction

from qidang.contracts import joining, withdrawing
from qidang.contracts.models import OriginalsHandover, Version
from qidang.holdings import moving
from qidang.kit.refusal import Refused
from qidang.ledger import record

from .models import Arrival, LedgerRow, State

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.contracts.models import Contract, Document, Joining, Withdrawal

RETURNED = "intake.registration_withdrawn"
BESIDE: dict[str, Any] = {"arrival": Arrival, "ledger_row": LedgerRow, "handover": OriginalsHandover}
"""What follows a registration that is merged, and goes back with it."""


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


@transaction.atomic
def join(
    kept: Contract,
    gone: Contract,
    *,
    take: Collection[str],
    why: str,
    by: User,
    seen: tuple[int | None, int | None] = (None, None),
) -> Joining:
    """合并登记; what came in for the gone one, and the rows of ledgers about it, are the kept one's.

    Refuses where something that came in for one of them is isolated as a state secret.
    """
    if Arrival.objects.filter(contract__in=(kept, gone), state=State.ISOLATED).exists():
        raise Refused("intake.joining_isolated", number=str(gone))
    joined = joining.join(kept, gone, take=take, why=why, by=by, seen=seen)
    for kind, model in BESIDE.items():
        rows = model.objects.filter(contract=gone)
        joined.beside[kind] = list(rows.values_list("pk", flat=True))
        rows.update(contract=kept)
    joined.save(update_fields=["beside"])
    return joined


@transaction.atomic
def part(gone: Contract, *, by: User) -> Joining:
    """撤销合并; what came over with it, and is with the kept one still, goes back."""
    joined = moving.part(gone, by=by)
    for kind, keys in joined.beside.items():
        BESIDE[kind].objects.filter(pk__in=keys, contract=joined.kept).update(contract=gone)
    return joined


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
