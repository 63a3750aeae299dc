"""A request goes through its steps."""

from decimal import Decimal

import pytest

from qidang.approvals.deciding import agree, send_back, withdraw
from qidang.approvals.models import Request, Seat
from qidang.approvals.plan import Condition, Rule, Step, Target, Who
from qidang.approvals.running import preview, submit
from qidang.approvals.tests.conftest import Maker, route, seat_of, step
from qidang.cast import Cast
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry

State = Request.State


def asked(request: Request) -> list[str]:
    return sorted(seat.person.username for seat in request.seats.open())


def test_it_goes_from_step_to_step_and_its_subject_is_told(cast: Cast, thing: Maker) -> None:
    route(cast, step("主管", cast.manager), step("法务", cast.lawyer))
    one = thing()
    request = submit(one, by=cast.salesperson)
    assert asked(request) == ["manager"]
    agree(seat_of(request, cast.manager), by=cast.manager, opinion="可以")
    assert asked(request) == ["lawyer"]
    agree(seat_of(request, cast.lawyer), by=cast.lawyer)
    request.refresh_from_db()
    assert request.state == State.APPROVED
    assert one.told == ["APPROVED"]
    acts = list(Entry.objects.filter(subjects__uid=request.uid).order_by("seq").values_list("act", flat=True))
    assert acts == [
        "approval.submitted",
        "approval.asked",
        "approval.agreed",
        "approval.asked",
        "approval.agreed",
        "approval.approved",
    ]


def test_all_any_ratio_and_in_turn(cast: Cast, thing: Maker) -> None:
    four = (cast.manager, cast.lawyer, cast.archivist, cast.auditor)
    for rule, ratio, enough in ((Rule.ALL, 100, 4), (Rule.ANY, 100, 1), (Rule.RATIO, 60, 3), (Rule.IN_TURN, 100, 4)):
        drawn = route(cast, step("会签", *four, rule=rule, ratio=ratio), name=rule)
        request = submit(thing(), by=cast.salesperson)
        for number, person in enumerate(four, 1):
            if rule is Rule.IN_TURN:
                assert asked(request) == [person.username]
            agree(seat_of(request, person), by=person)
            request.refresh_from_db()
            assert (request.state == State.APPROVED) == (number >= enough)
            if request.state == State.APPROVED:
                break
        drawn.close(by=cast.administrator)


def test_an_amount_ladder_asks_more_people_the_larger_it_is_and_all_where_it_is_unknown(
    cast: Cast, thing: Maker
) -> None:
    ladder = [
        step("部门", cast.manager),
        step("分管", cast.lawyer, condition=Condition(at_least="100000")),
        step("总经理", cast.administrator, condition=Condition(at_least="1000000")),
    ]
    route(cast, *ladder, owner=cast.archivist)
    for amount, steps in ((Decimal("99999.99"), 1), (Decimal(100000), 2), (Decimal("1e6"), 3), (None, 3)):
        _, found = preview(thing(amount=amount), by=cast.salesperson)
        assert len(found) == steps, amount


def test_sent_back_to_an_earlier_step_it_is_decided_anew_from_there(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager), step("二", cast.lawyer), step("三", cast.archivist))
    request = submit(thing(), by=cast.salesperson)
    for person in (cast.manager, cast.lawyer):
        agree(seat_of(request, person), by=person)
    send_back(seat_of(request, cast.archivist), by=cast.archivist, opinion="第二步请再看", to=1)
    assert asked(request) == ["lawyer"]
    for person in (cast.lawyer, cast.archivist):
        agree(seat_of(request, person), by=person)
    request.refresh_from_db()
    assert request.state == State.APPROVED
    assert request.seats.filter(state=Seat.State.RETURNED).count() == 1


def test_sent_back_to_the_requester_it_ends_and_can_be_submitted_again(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager))
    one = thing()
    request = submit(one, by=cast.salesperson)
    with pytest.raises(Refused, match=r"approval\.opinion_needed"):
        send_back(seat_of(request, cast.manager), by=cast.manager, opinion=" ")
    send_back(seat_of(request, cast.manager), by=cast.manager, opinion="金额不对")
    request.refresh_from_db()
    assert (request.state, one.told) == (State.RETURNED, ["RETURNED"])
    submit(one, by=cast.salesperson)


def test_who_agreed_in_the_step_before_is_asked_once(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager), step("二", cast.manager), step("三", cast.lawyer, cast.manager))
    request = submit(thing(), by=cast.salesperson)
    agree(seat_of(request, cast.manager), by=cast.manager)
    assert asked(request) == ["lawyer"]
    agree(seat_of(request, cast.lawyer), by=cast.lawyer)
    request.refresh_from_db()
    assert request.state == State.APPROVED
    assert all(seat.decisions.exists() for seat in request.seats.all())


def test_it_is_withdrawn_by_who_submitted_it_and_nobody_else(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager))
    one = thing()
    request = submit(one, by=cast.salesperson)
    with pytest.raises(Refused, match=r"approval\.running"):
        submit(one, by=cast.salesperson)
    with pytest.raises(Refused, match=r"approval\.not_yours"):
        withdraw(request, by=cast.colleague)
    withdraw(request, by=cast.salesperson)
    assert one.told == ["WITHDRAWN"]
    with pytest.raises(Refused, match=r"approval\.settled"):
        agree(request.seats.get(), by=cast.manager)


def test_without_a_route_nothing_is_submitted(cast: Cast, thing: Maker) -> None:
    with pytest.raises(Refused, match=r"approval\.no_route"):
        submit(thing(), by=cast.salesperson)
    route(cast, step("一", cast.manager), condition=Condition(types=("租赁合同",)))
    with pytest.raises(Refused, match=r"approval\.no_route"):
        submit(thing(), by=cast.salesperson)


def test_a_route_that_could_pass_by_itself_is_refused(cast: Cast) -> None:
    nobody = Step("空", ())
    for steps, code in (
        ([], "route.empty"),
        ([nobody], "route.step_empty"),
        ([step("一", cast.manager, rule=Rule.RATIO, ratio=0)], "route.bad_ratio"),
        ([step("一", cast.manager, hours=-1)], "route.bad_deadline"),
        ([Step("一", (Target(Who.MANAGER, "0"),))], "route.bad_target"),
        ([step("一", cast.manager, condition=Condition(at_least="5", below="5"))], "route.bad_amounts"),
    ):
        with pytest.raises(Refused, match=code.replace(".", r"\.")):
            route(cast, *steps)


def test_what_changed_since_it_was_submitted_is_not_decided(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager))
    one = thing()
    request = submit(one, by=cast.salesperson)
    one.text = "another"
    with pytest.raises(Refused, match=r"approval\.changed"):
        agree(seat_of(request, cast.manager), by=cast.manager)


def test_a_running_request_keeps_its_version(cast: Cast, thing: Maker) -> None:
    drawn = route(cast, step("一", cast.manager))
    request = submit(thing(), by=cast.salesperson)
    drawn.redraw(
        steps=[step("一", cast.manager), step("二", cast.lawyer)], condition=Condition(), by=cast.administrator
    )
    agree(seat_of(request, cast.manager), by=cast.manager)
    request.refresh_from_db()
    assert request.state == State.APPROVED
    assert len(submit(thing(), by=cast.salesperson).plan) == 2
