"""审批过程 as a page shows it: each step, who was asked and why, what each said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from qidang.approvals.asking import Asked
from qidang.approvals.models import Decision, Request, Seat
from qidang.approvals.plan import Rule, Step

TONES = {
    Seat.State.WAITING: "idle",
    Seat.State.OPEN: "busy",
    Seat.State.AGREED: "done",
    Seat.State.RETURNED: "late",
    Seat.State.LEFT: "idle",
    Seat.State.CLOSED: "idle",
    Seat.State.COPIED: "idle",
}
STATES = {
    Request.State.RUNNING: "busy",
    Request.State.APPROVED: "done",
    Request.State.RETURNED: "late",
    Request.State.WITHDRAWN: "idle",
}


@dataclass
class Place:
    """A person in a step: why he, and what he said."""

    person: Any
    why: str
    asked_for: Any = None
    tone: str = "idle"
    state: str = ""
    said: list[Decision] = field(default_factory=list)


@dataclass
class Shown:
    """A step: its name, how many must agree, its people, and which lap it is."""

    no: int
    name: str
    rule: str
    is_now: bool = False
    lap: int = 1
    places: list[Place] = field(default_factory=list)


def rule_words(step: Step, count: int) -> str:
    """Say how many must agree."""
    if count <= 1:
        return ""
    if step.rule is Rule.RATIO:
        return _("会签，%(needed)s 人同意即可") % {"needed": step.needed(count)}
    return {Rule.ALL: _("会签，全部同意"), Rule.ANY: _("或签，一人同意即可"), Rule.IN_TURN: _("依次审批")}[step.rule]


def flow(request: Request) -> list[Shown]:
    """Return every step with its people, those of earlier laps before those of later ones; two queries."""
    seats = list(request.seats.select_related("person__department", "asked_for").order_by("lap", "step", "place", "id"))
    said: dict[int, list[Decision]] = {}
    for one in Decision.objects.filter(seat__in=seats).select_related("by").order_by("id"):
        said.setdefault(one.seat_id, []).append(one)
    steps = request.steps
    shown: dict[tuple[int, int], Shown] = {}
    for seat in seats:
        if seat.state == Seat.State.COPIED:
            continue
        step = steps[seat.step]
        is_now = request.state == "RUNNING" and (seat.lap, seat.step) == (request.lap, request.step)
        at = shown.setdefault((seat.lap, seat.step), Shown(seat.step + 1, step.name, "", is_now, seat.lap))
        why = "" if seat.why == Seat.Why.STEP else seat.get_why_display()
        words = said.get(seat.pk, [])
        at.places.append(
            Place(seat.person, why, seat.asked_for, TONES[Seat.State(seat.state)], seat.get_state_display(), words)
        )
    for (_lap, number), past in shown.items():
        past.rule = rule_words(steps[number], len(past.places))
    ahead = [Shown(n + 1, step.name, "") for n, step in enumerate(steps) if n > request.step]
    return [*shown.values(), *(ahead if request.state == "RUNNING" else [])]


def foreseen(steps: Iterable[tuple[Step, list[Asked]]]) -> list[Shown]:
    """Return the steps of a preview in the same shape."""
    return [
        Shown(
            number,
            step.name,
            rule_words(step, len(asked)),
            places=[
                Place(one.person, "" if one.why == Seat.Why.STEP else str(Seat.Why(one.why).label), one.asked_for)
                for one in asked
            ],
        )
        for number, (step, asked) in enumerate(steps, 1)
    ]
