"""流转: a request begins, goes from step to step, and settles. Whoever calls has locked the request's row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from qidang.approvals import subjects
from qidang.approvals.asking import Asked, Asker
from qidang.approvals.models import Decision, Request, Route, RouteVersion, Seat
from qidang.approvals.plan import Facts, Step, written
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import Subject, record

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.approvals.subjects import Approvable

State = Seat.State
LIVE = (State.OPEN, State.WAITING)


def route_for(kind: str, facts: Facts) -> tuple[RouteVersion, list[Step]]:
    """Return the first open route that is for these facts, and its steps; without one nothing can be submitted."""
    for route in Route.objects.open(kind).select_related("owner"):
        if steps := route.newest.applying(facts):
            return route.newest, steps
    raise Refused("approval.no_route")


def preview(subject: Approvable, *, by: User) -> tuple[RouteVersion, list[tuple[Step, list[Asked]]]]:
    """预览: the steps that would be gone through, and exactly who would be asked today and why."""
    facts = subject.approval_facts()
    version, steps = route_for(subject.ledger_kind, facts)
    asker = Asker(by, subject.owner, subject.department, version.route.owner, facts.people)
    return version, [(step, asker.step(step)) for step in steps]


@transaction.atomic
def submit(subject: Approvable, *, by: User, remark: str = "") -> Request:
    """提交审批; who calls has locked the subject's row.

    Raise Refused ``approval.no_route``, ``approval.nobody``, ``approval.running``.
    """
    facts = subject.approval_facts()
    version, steps = route_for(subject.ledger_kind, facts)
    if Request.objects.running().filter(subject_uid=subject.uid).exists():
        raise Refused("approval.running", name=subject)
    request = Request.objects.create(
        kind=subject.ledger_kind,
        subject_uid=subject.uid,
        subject_name=str(subject)[:300],
        digest=subject.approval_digest(),
        version=version,
        plan=[written(step) for step in steps],
        requester=by,
        owner=subject.owner,
        department=subject.department,
        people=dict(facts.people),
        remark=remark.strip()[:500],
        submitted_at=clock.now(),
    )
    record("approval.submitted", subject, request, by=by)
    begin(request, 0, by=by)
    return request


def begin(request: Request, step: int, *, by: User, afresh: bool = False) -> None:
    """Begin a step: ask its people; who agreed in the step just before is not asked again.

    He is where the step wants an opinion, and where it is begun ``afresh`` because somebody sent it back.
    """
    request.step = step
    request.save(update_fields=["step", "lap"])
    now, content = clock.now(), request.steps[step]
    earlier = {} if afresh or content.needs_opinion else _agreed_before(request)
    for place, asked in enumerate(Asker.of(request).step(content)):
        take_seat(request, asked, place=place, is_waiting=place > 0 and content.rule == "IN_TURN")
        if said := earlier.get(asked.person.pk):
            seat = request.seats.get(lap=request.lap, step=step, person=asked.person)
            Decision.objects.create(seat=seat, act=said.act, by=said.by, stands_for=said, at=now)
            settle_seat(seat, State.AGREED)
    _open_next_in_turn(request)
    _tell_asked(request, by)
    go_on(request, by=by)


def take_seat(request: Request, asked: Asked, *, place: int, is_waiting: bool = False, **given: object) -> Seat:
    """Seat a person in the step that runs."""
    now = clock.now()
    return Seat.objects.create(
        request=request,
        lap=request.lap,
        step=request.step,
        place=place,
        person=asked.person,
        asked_for=asked.asked_for,
        why=asked.why,
        state=State.WAITING if is_waiting else State.OPEN,
        asked_at=None if is_waiting else now,
        **given,
    )


def settle_seat(seat: Seat, state: str) -> None:
    """Write what became of a seat, and open the one that waited for it alone."""
    seat.state = state
    seat.save(update_fields=["state"])
    waiting = seat.before
    if waiting is not None and not waiting.awaited.filter(state__in=LIVE).exists() and waiting.state == State.WAITING:
        open_seat(waiting)


def open_seat(seat: Seat) -> None:
    """Ask the person of a seat that has waited."""
    seat.state, seat.asked_at = State.OPEN, clock.now()
    seat.save(update_fields=["state", "asked_at"])


def seats_of_step(request: Request) -> list[Seat]:
    """The seats of the step that runs, in its present lap."""
    return list(request.seats.filter(lap=request.lap, step=request.step).exclude(state=State.COPIED))


def is_satisfied(step: Step, seats: Iterable[Seat]) -> bool:
    """Whether enough have agreed, those added besides included."""
    own = [seat for seat in seats if not seat.is_extra and seat.state != State.LEFT]
    if any(seat.is_extra and seat.state in LIVE for seat in seats):
        return False
    agreed = sum(seat.state == State.AGREED for seat in own)
    return agreed > 0 and agreed >= step.needed(len(own))


def go_on(request: Request, *, by: User) -> None:
    """Go to the next step where this one has enough, or open who is next in turn; the last one approves."""
    seats = seats_of_step(request)
    if not is_satisfied(request.steps[request.step], seats):
        _open_next_in_turn(request)
        return
    close_seats(request)
    if request.step + 1 < len(request.plan):
        begin(request, request.step + 1, by=by)
    else:
        settle(request, Request.State.APPROVED, by=by)


def settle(request: Request, state: str, *, by: User) -> None:
    """End the request and tell its subject."""
    close_seats(request)
    request.state, request.settled_at, request.stuck_at = state, clock.now(), None
    request.save(update_fields=["state", "settled_at", "stuck_at"])
    subject = subjects.load(request.kind, request.subject_uid)
    subject.approval_settled(request, by=by)
    record(f"approval.{state.lower()}", subject, request, by=by)


def close_seats(request: Request) -> None:
    """Nobody is asked any more in what runs now."""
    request.seats.filter(state__in=LIVE).update(state=State.CLOSED)


def about(request: Request) -> Subject:
    """The subject as the ledger names it, without loading it."""
    return Subject(request.kind, request.subject_uid, request.subject_name)


def _agreed_before(request: Request) -> dict[int, Decision]:
    """Who agreed himself in the step just before, by person."""
    if request.step == 0:
        return {}
    seats = request.seats.filter(step=request.step - 1, state=State.AGREED)
    last = max(seats.values_list("lap", flat=True), default=0)
    said = Decision.objects.filter(seat__in=seats.filter(lap=last), act__in=["AGREE", "ADD_AFTER"])
    return {one.by_id: one for one in said.select_related("by").order_by("id")}


def _open_next_in_turn(request: Request) -> None:
    seats = [seat for seat in seats_of_step(request) if not seat.is_extra]
    if request.steps[request.step].rule != "IN_TURN" or any(seat.state == State.OPEN for seat in seats):
        return
    waiting = next((seat for seat in seats if seat.state == State.WAITING), None)
    if waiting is not None and not waiting.awaited.filter(state__in=LIVE).exists():
        open_seat(waiting)


def _tell_asked(request: Request, by: User) -> None:
    """Log who is asked now; notices follow the log."""
    open_now = request.seats.open().filter(lap=request.lap, step=request.step).select_related("person")
    if people := [seat.person for seat in open_now]:
        record("approval.asked", request, about(request), *people, by=by)
