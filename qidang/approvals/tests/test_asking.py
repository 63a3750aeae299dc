"""Whom a step asks, and who takes the place of one that cannot decide."""

import datetime as dt

import pytest

from qidang.accounts.changing import disable_person
from qidang.accounts.models import Deputy, Role, User
from qidang.approvals.asking import Asker
from qidang.approvals.deciding import agree
from qidang.approvals.mending import mend
from qidang.approvals.models import Request, Seat
from qidang.approvals.plan import Step, Target, Who
from qidang.approvals.running import submit
from qidang.approvals.tests.conftest import Maker, asks, route, seat_of, step
from qidang.approvals.tests.test_running import asked
from qidang.cast import Cast
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry

Why = Seat.Why


def asker(cast: Cast, **given: object) -> Asker:
    usual: dict[str, object] = {
        "requester": cast.salesperson,
        "owner": cast.salesperson,
        "department": cast.department("sales_east"),
        "route_owner": cast.administrator,
    }
    return Asker(**(usual | given))  # type: ignore[arg-type]


def names(found: object) -> list[tuple[str, str]]:
    return [(one.person.username, one.why) for one in found]  # type: ignore[attr-defined]


def away(cast: Cast, person: User, deputy: User) -> Deputy:
    today = clock.today()
    return Deputy.appoint(person, deputy, from_on=today, to_on=today + dt.timedelta(days=3), by=person)


def test_the_manager_the_head_the_role_and_the_field(cast: Cast) -> None:
    def of(*targets: Target) -> list[tuple[str, str]]:
        return names(asker(cast, people={"signatory": cast.lawyer.pk}).step(Step("步", targets)))

    assert of(Target(Who.MANAGER, "1")) == [("manager", Why.STEP)]
    assert of(Target(Who.MANAGER, "2")) == [("administrator", Why.OWNER)]
    assert of(Target(Who.FIELD, "signatory")) == [("lawyer", Why.STEP)]
    assert of(Target(Who.FIELD, "unheard_of")) == [("administrator", Why.OWNER)]
    assert of(Target(Who.HEAD)) == [("administrator", Why.OWNER)]
    sales = cast.department("sales")
    sales.head = cast.manager
    sales.save()
    assert of(Target(Who.HEAD)) == [("manager", Why.STEP)]
    archivists = Role.objects.get(slug="archivist")
    assert sorted(of(Target(Who.ROLE, str(archivists.uid)))) == [
        ("archivist", Why.STEP),
        ("second_archivist", Why.STEP),
    ]


def test_each_is_asked_once(cast: Cast) -> None:
    twice = Step("步", (*asks(cast.manager), Target(Who.MANAGER, "1")))
    assert names(asker(cast).step(twice)) == [("manager", Why.STEP)]


def test_the_deputy_the_manager_and_the_owner_of_the_route_take_the_place(cast: Cast) -> None:
    one = Step("步", asks(cast.colleague))
    away(cast, cast.colleague, cast.rival)
    assert names(asker(cast).step(one)) == [("rival", Why.DEPUTY)]
    away(cast, cast.rival, cast.suzhou)  # who stands in is out himself
    assert names(asker(cast).step(one)) == [("manager", Why.MANAGER)]
    disable_person(cast.manager, by=cast.administrator)
    assert names(asker(cast).step(one)) == [("administrator", Why.OWNER)]
    with pytest.raises(Refused, match=r"approval\.nobody"):
        asker(cast, route_owner=cast.salesperson).step(one)


def test_nobody_decides_about_his_own(cast: Cast) -> None:
    assert names(asker(cast).step(Step("步", asks(cast.salesperson)))) == [("manager", Why.MANAGER)]
    assert names(asker(cast, owner=cast.manager).step(Step("步", asks(cast.manager)))) == [("administrator", Why.OWNER)]


def test_managers_in_a_circle_end(cast: Cast) -> None:
    User.objects.filter(pk=cast.manager.pk).update(manager=cast.salesperson)
    step_of = Step("步", (Target(Who.MANAGER, "3"),))
    assert names(asker(cast).step(step_of)) == [("administrator", Why.OWNER)]


def test_who_leaves_in_the_middle_is_replaced_and_somebody_is_told(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.lawyer, cast.colleague))
    request = submit(thing(), by=cast.salesperson)
    agree(seat_of(request, cast.lawyer), by=cast.lawyer)
    disable_person(cast.colleague, by=cast.administrator)
    assert mend() == 1
    assert asked(request) == ["manager"]
    told = Entry.objects.get(act="approval.passed_on")
    assert {one.name for one in told.subjects.all()} >= {str(cast.colleague), str(cast.manager)}
    agree(seat_of(request, cast.manager), by=cast.manager)
    request.refresh_from_db()
    assert request.state == Request.State.APPROVED


def test_where_nobody_can_decide_that_is_said_once(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.lawyer), owner=cast.lawyer)
    request = submit(thing(), by=cast.salesperson)
    disable_person(cast.lawyer, by=cast.administrator)
    assert (mend(), mend()) == (0, 0)
    assert Entry.objects.filter(act="approval.stuck").count() == 1
    assert Request.objects.get(pk=request.pk).stuck_at


def test_a_deputy_decides_what_was_asked_before_he_stood_in(cast: Cast, thing: Maker) -> None:
    route(cast, step("一", cast.manager))
    request = submit(thing(), by=cast.salesperson)
    seat = seat_of(request, cast.manager)
    away(cast, cast.manager, cast.lawyer)
    decision = agree(seat, by=cast.lawyer)
    assert (decision.by, decision.seat.person) == (cast.lawyer, cast.manager)


def test_deputies_do_not_overlap(cast: Cast) -> None:
    first = away(cast, cast.manager, cast.lawyer)
    with pytest.raises(Refused, match=r"deputy\.overlaps"):
        away(cast, cast.manager, cast.auditor)
    with pytest.raises(Refused, match=r"deputy\.unfit"):
        away(cast, cast.lawyer, cast.lawyer)
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        first.end(by=cast.rival)
    first.end(by=cast.manager)
    away(cast, cast.manager, cast.auditor)
