"""转办, 加签, 催办, 抄送."""

import pytest

from qidang.approvals.deciding import add_after, add_before, agree, copy_to, hand_on, send_back, urge, withdraw
from qidang.approvals.models import Request
from qidang.approvals.running import submit
from qidang.approvals.tests.conftest import Maker, route, seat_of, step
from qidang.approvals.tests.test_running import asked
from qidang.cast import Cast
from qidang.kit.refusal import Refused


def test_handed_on_another_decides(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager))
    request = submit(thing(), by=cast.salesperson)
    seat = seat_of(request, cast.manager)
    hand_on(seat, to=cast.lawyer, by=cast.manager, opinion="请法务定")
    with pytest.raises(Refused, match=r"approval\.decided_already"):
        agree(seat, by=cast.manager)
    agree(seat_of(request, cast.lawyer), by=cast.lawyer)
    request.refresh_from_db()
    assert request.state == Request.State.APPROVED


def test_added_before_they_decide_first_and_then_one_is_asked_again(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager))
    request = submit(thing(), by=cast.salesperson)
    add_before(seat_of(request, cast.manager), people=[cast.lawyer, cast.auditor], by=cast.manager)
    assert asked(request) == ["auditor", "lawyer"]
    agree(seat_of(request, cast.lawyer), by=cast.lawyer)
    assert asked(request) == ["auditor"]
    agree(seat_of(request, cast.auditor), by=cast.auditor)
    assert asked(request) == ["manager"]
    agree(seat_of(request, cast.manager), by=cast.manager)
    request.refresh_from_db()
    assert request.state == Request.State.APPROVED


def test_added_after_they_decide_besides(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager), step("二", cast.archivist))
    request = submit(thing(), by=cast.salesperson)
    add_after(seat_of(request, cast.manager), people=[cast.lawyer], by=cast.manager, opinion="同意，请法务看一眼")
    assert asked(request) == ["lawyer"]
    agree(seat_of(request, cast.lawyer), by=cast.lawyer)
    assert asked(request) == ["archivist"]


def test_nobody_is_brought_in_who_cannot_decide_or_is_asked_already(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager, cast.lawyer))
    request = submit(thing(), by=cast.salesperson)
    seat = seat_of(request, cast.manager)
    for people, code in (
        ([], "nobody_named"),
        ([cast.salesperson], "unfit"),
        ([cast.lawyer], "asked_already"),
    ):
        with pytest.raises(Refused, match=rf"approval\.{code}"):
            add_before(seat, people=people, by=cast.manager)
    with pytest.raises(Refused, match=r"approval\.not_asked"):
        agree(seat, by=cast.auditor)


def test_an_opinion_is_written_where_the_step_wants_one(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager, needs_opinion=True))
    request = submit(thing(), by=cast.salesperson)
    with pytest.raises(Refused, match=r"approval\.opinion_needed"):
        agree(seat_of(request, cast.manager), by=cast.manager)
    agree(seat_of(request, cast.manager), by=cast.manager, opinion="已阅")


def test_urged_once_an_hour(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager))
    request = submit(thing(), by=cast.salesperson)
    urge(request, by=cast.salesperson)
    with pytest.raises(Refused, match=r"approval\.urged_already"):
        urge(request, by=cast.salesperson)
    with pytest.raises(Refused, match=r"approval\.not_yours"):
        urge(request, by=cast.rival)


def test_who_gets_a_copy_sees_it_and_decides_nothing(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager))
    request = submit(thing(), by=cast.salesperson)
    assert not Request.objects.visible_to(cast.suzhou).exists()
    copy_to(request, people=[cast.suzhou], by=cast.salesperson)
    assert Request.objects.visible_to(cast.suzhou).exists()
    with pytest.raises(Refused, match=r"approval\.decided_already"):
        agree(request.seats.get(person=cast.suzhou), by=cast.suzhou)
    with pytest.raises(Refused, match=r"approval\.copied_already"):
        copy_to(request, people=[cast.manager], by=cast.salesperson)


def test_sent_back_to_a_step_it_is_looked_at_anew_by_who_agreed_before_it(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager), step("二", cast.manager), step("三", cast.lawyer))
    request = submit(thing(), by=cast.salesperson)
    agree(seat_of(request, cast.manager), by=cast.manager)
    send_back(seat_of(request, cast.lawyer), by=cast.lawyer, opinion="请再看", to=1)
    assert asked(request) == ["manager"]


def test_where_an_opinion_is_wanted_one_is_asked_again(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager), step("二", cast.manager, needs_opinion=True))
    request = submit(thing(), by=cast.salesperson)
    agree(seat_of(request, cast.manager), by=cast.manager)
    assert asked(request) == ["manager"]


def test_what_changed_can_be_sent_back_and_be_withdrawn_for_one_who_left(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager))
    first, second = thing(), thing()
    request = submit(first, by=cast.salesperson)
    first.text = "another"
    send_back(seat_of(request, cast.manager), by=cast.manager, opinion="内容已变")
    assert first.told == ["RETURNED"]
    withdraw(submit(second, by=cast.salesperson), by=cast.administrator)
    assert second.told == ["WITHDRAWN"]


def test_who_only_got_a_copy_does_not_copy_it_on(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager))
    request = submit(thing(), by=cast.salesperson)
    copy_to(request, people=[cast.suzhou], by=cast.salesperson)
    with pytest.raises(Refused, match=r"approval\.not_yours"):
        copy_to(request, people=[cast.rival], by=cast.suzhou)
