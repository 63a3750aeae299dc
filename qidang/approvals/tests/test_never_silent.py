"""Never silent: whatever happens to routes and people, approved means that enough people decided who could."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qidang.accounts.models import User
from qidang.approvals import deciding, subjects
from qidang.approvals.asking import Asker
from qidang.approvals.mending import mend
from qidang.approvals.models import Decision, Request, Seat
from qidang.approvals.plan import Rule, Step, Target, Who
from qidang.approvals.running import LIVE, submit
from qidang.approvals.tests.conftest import KIND, Thing, asks, route
from qidang.cast import Cast
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry

PEOPLE = ("manager", "colleague", "rival", "lawyer", "archivist", "auditor", "suzhou")
STEP = st.tuples(
    st.lists(st.sampled_from((*PEOPLE, "salesperson", "outsider")), min_size=1, max_size=3, unique=True),
    st.sampled_from(list(Rule)),
    st.integers(1, 100),
    st.booleans(),
)
ACT = st.tuples(
    st.sampled_from(["agree", "agree", "agree", "agree", "back", "step back", "hand on", "before", "after", "leave"]),
    st.integers(0, 9),
    st.sampled_from(PEOPLE),
)


def _do(act: str, seat: Seat, other: User, at: int) -> None:
    by = seat.person
    if act == "agree":
        deciding.agree(seat, by=by, opinion="同意")
    elif act == "back" and at == 0:
        deciding.send_back(seat, by=by, opinion="不行")
    elif act == "step back":
        deciding.send_back(seat, by=by, opinion="再看", to=at % 3)
    elif act == "hand on":
        deciding.hand_on(seat, to=other, by=by)
    elif act == "before":
        deciding.add_before(seat, people=[other], by=by)
    elif act == "after":
        deciding.add_after(seat, people=[other], by=by, opinion="同意")
    elif act == "leave":
        User.objects.filter(pk=other.pk).update(is_active=False)
        mend()


def _check_decided(request: Request) -> None:
    """Every step, as it was begun last, has enough seats agreed, each by a decision of somebody else than the owner."""
    for number, step in enumerate(request.steps):
        seats = request.seats.filter(step=number).exclude(state=Seat.State.COPIED)
        last = max(seats.values_list("lap", flat=True))
        own = [seat for seat in seats.filter(lap=last) if not seat.is_extra and seat.state != Seat.State.LEFT]
        agreed = [seat for seat in own if seat.state == Seat.State.AGREED]
        assert agreed
        assert len(agreed) >= step.needed(len(own))
        for seat in agreed:
            said = seat.decisions.get(act__in=["AGREE", "ADD_AFTER"])
            assert said.by_id not in (request.requester_id, request.owner_id)
            assert said.stands_for is None or said.stands_for.by_id == said.by_id


def _check_waits(request: Request) -> None:
    """Somebody who can decide is asked now, or it was said that nobody can."""
    asker = Asker.of(request)
    can = [seat for seat in request.seats.open().select_related("person") if asker.may_decide(seat.person)]
    assert can or Entry.objects.filter(act="approval.stuck", subjects__uid=request.uid).exists()


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(STEP, min_size=1, max_size=3), acts=st.lists(ACT, max_size=14))
def test_approved_means_decided_and_nothing_is_stuck_in_silence(
    cast: Cast, steps: list[tuple[list[str], Rule, int, bool]], acts: list[tuple[str, int, str]]
) -> None:
    User.objects.filter(username__in=PEOPLE).update(is_active=True)
    thing = Thing(cast.salesperson, cast.department("sales_east"))
    subjects.know(KIND, lambda uid: thing)
    drawn = route(
        cast,
        *(
            Step(f"第{n}步", (*asks(*(cast.people[one] for one in people)), *_manager(climbs)), rule, ratio)
            for n, (people, rule, ratio, climbs) in enumerate(steps)
        ),
        name=str(thing.uid),
    )
    request = submit(thing, by=cast.salesperson)
    try:
        for act, at, other in acts:
            request.refresh_from_db()
            seats = list(request.seats.open().select_related("person"))
            if request.state != Request.State.RUNNING or not seats:
                break
            try:
                _do(act, seats[at % len(seats)], cast.people[other], at)
            except Refused:
                continue
            request.refresh_from_db()
            if request.state == Request.State.RUNNING:
                _check_waits(request)
        if request.state == Request.State.APPROVED:
            _check_decided(request)
            assert not request.seats.filter(state__in=LIVE).exists()
            assert thing.told == ["APPROVED"]
    finally:
        drawn.close(by=User.objects.system())
        subjects.forget(KIND)
    assert not Decision.objects.filter(by=cast.salesperson).exists()


def _manager(climbs: bool) -> tuple[Target, ...]:
    return (Target(Who.MANAGER, "1"),) if climbs else ()
