"""不落空: where somebody who is asked has left or can no longer decide, another is asked, and somebody is told."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q

from qidang.accounts.models import User
from qidang.approvals.asking import Asked, Asker
from qidang.approvals.models import Request, Seat
from qidang.approvals.running import LIVE, State, about, go_on, open_seat, take_seat
from qidang.kit import clock
from qidang.ledger import record


def mend() -> int:
    """Look at all running requests where somebody asked cannot decide; return how many were changed."""
    unfit = Q(person__is_active=False) | Q(person=F("request__requester")) | Q(person=F("request__owner"))
    unfit |= Q(request__stuck_at__isnull=False)
    seats = Seat.objects.filter(unfit, state__in=LIVE, request__state=Request.State.RUNNING)
    keys = list(seats.order_by("request").values_list("request", flat=True).distinct())
    return sum(_mend(key) for key in keys)


@transaction.atomic
def _mend(key: int) -> bool:
    request = Request.objects.select_for_update(of=("self",)).select_related("version__route__owner").get(pk=key)
    if request.state != Request.State.RUNNING:
        return False
    asker, system, is_changed, is_stuck = Asker.of(request), User.objects.system(), False, False
    seats = request.seats.filter(state__in=LIVE).select_related("person", "before")
    for seat in seats:
        if asker.may_decide(seat.person):
            continue
        asked = asker.instead_of(seat.person)
        if asked is None:
            _stick(request, system)
            is_stuck = True
            continue
        _replace(request, seat, asked)
        is_changed = True
        record("approval.passed_on", about(request), request, seat.person, asked.person, by=system)
    if request.stuck_at is not None and not is_stuck:
        request.stuck_at = None
        request.save(update_fields=["stuck_at"])
    if is_changed:
        go_on(request, by=system)
    return is_changed


def _replace(request: Request, seat: Seat, asked: Asked) -> None:
    """Let another take the seat; where he is asked in this step anyway, or has agreed, his decision counts."""
    others = request.seats.filter(lap=seat.lap, step=seat.step, person=asked.person).exclude(pk=seat.pk)
    seat_taken = others.filter(state__in=[*LIVE, State.AGREED]).first()
    state = seat.state
    seat.state = State.LEFT
    seat.save(update_fields=["state"])
    if seat_taken is not None:
        _count_for(seat_taken, seat)
        return
    made = take_seat(
        request,
        Asked(asked.person, asked.why, seat.person),
        place=seat.place,
        is_waiting=state == State.WAITING,
        is_extra=seat.is_extra,
        before=seat.before,
    )
    seat.awaited.filter(state__in=LIVE).update(before=made)


def _count_for(taken: Seat, seat: Seat) -> None:
    """Let the decision in ``taken`` count for ``seat`` too, and whoever waits for either be asked in the end."""
    seat.awaited.filter(state__in=LIVE).exclude(pk=taken.pk).update(before=taken)
    if taken.before_id == seat.pk:
        taken.before = None
    taken.is_extra = taken.is_extra and seat.is_extra
    taken.save(update_fields=["before", "is_extra"])
    for waiting in (seat.before, taken):
        if waiting and waiting.state == State.WAITING and not waiting.awaited.filter(state__in=LIVE).exists():
            open_seat(waiting)


def _stick(request: Request, by: User) -> None:
    """Nobody can decide: said once, to who designs the routes."""
    if request.stuck_at is not None:
        return
    request.stuck_at = clock.now()
    request.save(update_fields=["stuck_at"])
    record("approval.stuck", about(request), request, by=by)
