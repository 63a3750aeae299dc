"""历史状态: which state a past contract may enter in, and which one its dates tell."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from qidang.contracts.choices import PastState
from qidang.kit import clock
from qidang.kit.refusal import Refused

if TYPE_CHECKING:
    from qidang.contracts.models import Contract
    from qidang.contracts.values import PastValues


def resolved(contract: Contract, state: str) -> str:
    """Return ``state``, or where it is "" what the dates tell; refuse one that contradicts the day of expiry."""
    today = clock.today()
    ended = contract.expires_on is not None and contract.expires_on < today
    if state == PastState.IN_FORCE and ended:
        raise _against(contract, state)
    if state == PastState.EXPIRED and contract.expires_on is not None and not ended:
        raise _against(contract, state)
    return PastState(state).value if state else _by_dates(contract, today)


def refuse_unvouched(contract: Contract, past: PastValues) -> None:
    """Refuse a state for which nobody says why, or by which paper."""
    named = past.voucher.strip() or (past.document and past.document.contract_id == contract.pk)
    if not named or not past.why.strip():
        raise Refused("contract.history_unvouched", number=str(contract))


def refuse_future(contract: Contract, since: dt.date | None) -> None:
    """Refuse what is not past: a contract signed after today, a state that begins after today or before signing."""
    today, signed = clock.today(), contract.signed_on
    for day in (signed, since):
        if day is not None and day > today:
            raise Refused("contract.history_ahead", number=str(contract), day=day.isoformat())
    if since is not None and signed is not None and since < signed:
        raise Refused("contract.history_before_signing", day=since.isoformat(), signed=signed.isoformat())


def _by_dates(contract: Contract, today: dt.date) -> str:
    begun = contract.in_force_on or contract.signed_on
    if contract.closed_on is not None and contract.closed_on <= today:
        return PastState.CLOSED.value
    if contract.expires_on is not None and contract.expires_on < today:
        return PastState.EXPIRED.value
    if begun is None:
        raise Refused("contract.history_undated", number=str(contract))
    if begun > today:
        raise Refused("contract.history_ahead", number=str(contract), day=begun.isoformat())
    return PastState.IN_FORCE.value


def _against(contract: Contract, state: str) -> Refused:
    day = contract.expires_on.isoformat() if contract.expires_on else ""
    return Refused("contract.history_against_dates", number=str(contract), state=PastState(state).label, day=day)
