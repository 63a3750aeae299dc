"""审批: what a person who is asked can do; of two at once one wins, and the other is told what happened."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from qidang.accounts.models import Deputy, User
from qidang.approvals import subjects
from qidang.approvals.asking import Asked, Asker
from qidang.approvals.models import Decision, Request, Seat
from qidang.approvals.running import (
    LIVE,
    State,
    about,
    begin,
    close_seats,
    go_on,
    seats_of_step,
    settle,
    settle_seat,
    take_seat,
)
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import record

Act = Decision.Act
AGAIN = 3600  # seconds between two urgings


@transaction.atomic
def agree(seat: Seat, *, by: User, opinion: str = "") -> Decision:
    """同意."""
    request, seat = _locked(seat, by)
    _refuse_silence(request, opinion)
    decision = _decide(seat, Act.AGREE, by, opinion)
    settle_seat(seat, State.AGREED)
    record("approval.agreed", about(request), request, by=by)
    _continue(request, by)
    return decision


@transaction.atomic
def send_back(seat: Seat, *, by: User, opinion: str, to: int | None = None) -> Decision:
    """驳回 with the reason: to who submitted (``to`` is None), or to an earlier step, which is begun anew."""
    request, seat = _locked(seat, by, unchanged=to is not None)
    if not opinion.strip():
        raise Refused("approval.opinion_needed")
    if to is not None and not 0 <= to < request.step:
        raise Refused("approval.bad_step")
    decision = _decide(seat, Act.RETURN, by, opinion, to_step=to)
    settle_seat(seat, State.RETURNED)
    close_seats(request)
    if to is None:
        settle(request, Request.State.RETURNED, by=by)
    else:
        record("approval.sent_back", about(request), request, by=by, details={"to": to})
        request.lap += 1
        begin(request, to, by=by, afresh=True)
    return decision


@transaction.atomic
def hand_on(seat: Seat, *, to: User, by: User, opinion: str = "") -> Seat:
    """转办: another person decides instead."""
    request, seat = _locked(seat, by)
    _refuse_unfit(request, [to])
    _decide(seat, Act.HAND_ON, by, opinion)
    seat.state = State.LEFT
    seat.save(update_fields=["state"])
    asked = Asked(to, Seat.Why.HANDED_ON, seat.person)
    made = take_seat(request, asked, place=seat.place, is_extra=seat.is_extra, before=seat.before)
    seat.awaited.filter(state__in=LIVE).update(before=made)
    record("approval.handed_on", about(request), request, to, by=by)
    return made


@transaction.atomic
def add_before(seat: Seat, *, people: Sequence[User], by: User, opinion: str = "") -> list[Seat]:
    """前加签: others decide first; then one is asked again oneself."""
    request, seat = _locked(seat, by)
    _refuse_unfit(request, people)
    _decide(seat, Act.ADD_BEFORE, by, opinion)
    seat.state = State.WAITING
    seat.save(update_fields=["state"])
    made = [_add(request, seat, one, before=seat) for one in people]
    record("approval.added", about(request), request, *people, by=by)
    return made


@transaction.atomic
def add_after(seat: Seat, *, people: Sequence[User], by: User, opinion: str = "") -> list[Seat]:
    """同意并后加签: one agrees, and others decide besides before the step is over."""
    request, seat = _locked(seat, by)
    _refuse_silence(request, opinion)
    _refuse_unfit(request, people)
    _decide(seat, Act.ADD_AFTER, by, opinion)
    made = [_add(request, seat, one) for one in people]
    settle_seat(seat, State.AGREED)
    record("approval.added", about(request), request, *people, by=by)
    _continue(request, by)
    return made


@transaction.atomic
def withdraw(request: Request, *, by: User) -> Request:
    """撤回, by who submitted, while it runs; by who designs routes too, for one who has left."""
    request = _running(request)
    if request.requester_id != by.pk and not by.holds("approval.design"):
        raise Refused("approval.not_yours")
    settle(request, Request.State.WITHDRAWN, by=by)
    return request


@transaction.atomic
def urge(request: Request, *, by: User) -> Request:
    """催办: those who are asked are told again, once an hour at most."""
    request = _running(request)
    if request.requester_id != by.pk and not by.holds("approval.read"):
        raise Refused("approval.not_yours")
    if request.urged_at is not None and (clock.now() - request.urged_at).total_seconds() < AGAIN:
        raise Refused("approval.urged_already")
    request.urged_at = clock.now()
    request.save(update_fields=["urged_at"])
    people = [seat.person for seat in request.seats.open().select_related("person")]
    record("approval.urged", about(request), request, *people, by=by)
    return request


@transaction.atomic
def copy_to(request: Request, *, people: Sequence[User], by: User) -> None:
    """抄送, by who submitted it or is asked in it: they see the request and decide nothing."""
    request = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not may_copy(request, by):
        raise Refused("approval.not_yours")
    if not people:
        raise Refused("approval.nobody_named")
    known = set(request.seats.values_list("person_id", flat=True))
    fresh = [one for one in people if one.pk not in known and one.is_active and not one.is_service]
    if not fresh:
        raise Refused("approval.copied_already")
    for one in fresh:
        Seat.objects.create(
            request=request, lap=request.lap, step=request.step, person=one, why=Seat.Why.COPY, state=State.COPIED
        )
    record("approval.copied", about(request), request, *fresh, by=by)


def may_copy(request: Request, by: User) -> bool:
    """Whether a person may show the request to others: not one who only got a copy himself."""
    asked = request.seats.exclude(state=State.COPIED).filter(Q(person=by) | Q(asked_for=by) | Q(decisions__by=by))
    return request.requester_id == by.pk or by.holds("approval.read") or asked.exists()


def _running(request: Request) -> Request:
    request = Request.objects.select_for_update(of=("self",)).select_related("version__route").get(pk=request.pk)
    if request.state != Request.State.RUNNING:
        raise Refused("approval.settled", name=request, state=request.get_state_display())
    return request


def _locked(seat: Seat, by: User, *, unchanged: bool = True) -> tuple[Request, Seat]:
    """Lock the request; refuse who is not asked (any more), and what is not as it was when it was submitted.

    To send back what has changed to its requester is no decision about it: that asks nothing (``unchanged``).
    """
    request = _running(seat.request)
    seat = Seat.objects.select_related("before", "person").get(pk=seat.pk)
    is_deputy = Deputy.objects.standing(clock.today()).filter(person=seat.person_id, deputy=by).exists()
    if seat.person_id != by.pk and not is_deputy:
        raise Refused("approval.not_asked")
    if seat.state != State.OPEN:
        raise Refused("approval.decided_already", name=request)
    if not Asker.of(request).may_decide(by):
        raise Refused("approval.own_subject")
    if unchanged and subjects.load(request.kind, request.subject_uid).approval_digest() != request.digest:
        raise Refused("approval.changed", name=request)
    return request, seat


def _decide(seat: Seat, act: str, by: User, opinion: str, to_step: int | None = None) -> Decision:
    return Decision.objects.create(
        seat=seat, act=act, by=by, opinion=opinion.strip()[:1000], to_step=to_step, at=clock.now()
    )


def _add(request: Request, seat: Seat, person: User, before: Seat | None = None) -> Seat:
    asked = Asked(person, Seat.Why.ADDED, seat.person)
    return take_seat(request, asked, place=seat.place, is_extra=True, before=before)


def _refuse_silence(request: Request, opinion: str) -> None:
    if request.steps[request.step].needs_opinion and not opinion.strip():
        raise Refused("approval.opinion_needed")


def _refuse_unfit(request: Request, people: Sequence[User]) -> None:
    """Refuse nobody, who cannot decide, and who is asked in this step already."""
    asker = Asker.of(request)
    seated = {seat.person_id for seat in seats_of_step(request) if seat.state in LIVE}
    if not people:
        raise Refused("approval.nobody_named")
    for person in User.objects.filter(pk__in=[one.pk for one in people]):  # as they are now, the request locked
        if not asker.may_decide(person):
            raise Refused("approval.unfit", name=person.name)
        if person.pk in seated:
            raise Refused("approval.asked_already", name=person.name)


def _continue(request: Request, by: User) -> None:
    """Go on, and log who is asked now and was not before."""
    before = set(request.seats.open().values_list("pk", flat=True))
    step, lap = request.step, request.lap
    go_on(request, by=by)
    if request.state != Request.State.RUNNING or (request.step, request.lap) != (step, lap):
        return
    opened = request.seats.open().exclude(pk__in=before).select_related("person")
    if people := [seat.person for seat in opened]:
        record("approval.asked", request, about(request), *people, by=by)
