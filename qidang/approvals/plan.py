"""流程的内容: steps, whom each asks, and when; immutable, written as JSON into a version of a route. No tables here."""

from __future__ import annotations

import dataclasses
import enum
import math
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from qidang.kit.refusal import Refused

HIGHEST = 10  # levels of managers that a step may climb
MOST_STEPS, MOST_TARGETS = 30, 30
FLAGS = ("risk", "deviation")  # what compliance found, and a text that is not the template's


class Rule(enum.StrEnum):
    """How many of those asked must agree."""

    ALL = "ALL"  # 会签
    ANY = "ANY"  # 或签
    RATIO = "RATIO"  # 按比例会签
    IN_TURN = "IN_TURN"  # 依次


class Who(enum.StrEnum):
    """By what a step finds whom it asks."""

    PERSON = "PERSON"
    ROLE = "ROLE"
    MANAGER = "MANAGER"
    HEAD = "HEAD"
    FIELD = "FIELD"


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """Whom to ask: a person or a role by uid, the owner's manager at a level, the head of a department, a field."""

    who: Who
    value: str = ""

    @property
    def level(self) -> int:
        """The level of MANAGER (1 is the direct one), or of HEAD (0 is the subject's own department)."""
        return int(self.value or "0")

    def refuse(self) -> None:
        """Refuse what asks nobody."""
        fits = {
            Who.PERSON: _is_uid(self.value),
            Who.ROLE: _is_uid(self.value),
            Who.MANAGER: self.value.isdecimal() and 1 <= int(self.value) <= HIGHEST,
            Who.HEAD: self.value in ("", "0") or (self.value.isdecimal() and int(self.value) <= HIGHEST),
            Who.FIELD: bool(self.value),
        }
        if not fits[self.who]:
            raise Refused("route.bad_target", value=self.value)


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What a subject says of itself when its route is chosen; ``people`` are persons it names, by field.

    ``amount`` is None where it is unknown: then no step that begins at an amount is left out.
    """

    type: str = ""
    department_path: str = ""
    amount: Decimal | None = None
    currency: str = "CNY"
    customer: str = ""
    flags: frozenset[str] = frozenset()
    people: Mapping[str, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """条件: what the facts must be; an empty part says nothing. Amounts are in ``currency``, ``below`` not included."""

    types: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()  # paths
    customers: tuple[str, ...] = ()  # uids
    flags: tuple[str, ...] = ()
    currency: str = "CNY"
    at_least: str = ""
    below: str = ""

    def holds(self, facts: Facts) -> bool:
        """Return whether the condition holds; an amount that cannot be compared never leaves anybody out."""
        return (
            (not self.types or facts.type in self.types)
            and (not self.departments or any(facts.department_path.startswith(path) for path in self.departments))
            and (not self.customers or facts.customer in self.customers)
            and (not self.flags or any(flag in facts.flags for flag in self.flags))
            and self._fits(facts)
        )

    def _fits(self, facts: Facts) -> bool:
        if facts.amount is None or facts.currency != self.currency:
            return True
        if self.at_least and facts.amount < Decimal(self.at_least):
            return False
        return not self.below or facts.amount < Decimal(self.below)

    def refuse(self) -> None:
        """Refuse amounts that are none, or out of order, and flags nobody raises."""
        low, high = _amount(self.at_least), _amount(self.below)
        if low is not None and high is not None and low >= high:
            raise Refused("route.bad_amounts", low=self.at_least, high=self.below)
        if unknown := next((flag for flag in self.flags if flag not in FLAGS), None):
            raise Refused("route.bad_condition", value=unknown)


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """步骤: whom it asks and how many must agree; ``hours`` are working hours, 0 without a deadline."""

    name: str
    targets: tuple[Target, ...]
    rule: Rule = Rule.ALL
    ratio: int = 100
    hours: int = 0
    needs_opinion: bool = False
    condition: Condition = Condition()

    def needed(self, asked: int) -> int:
        """Return how many of ``asked`` people must agree."""
        if self.rule is Rule.ANY:
            return min(1, asked)
        return math.ceil(asked * self.ratio / 100) if self.rule is Rule.RATIO else asked

    def refuse(self) -> None:
        """Refuse a step that could pass without a decision."""
        if not self.name.strip():
            raise Refused("route.step_unnamed")
        if not self.targets or len(self.targets) > MOST_TARGETS:
            raise Refused("route.step_empty", step=self.name)
        if self.rule is Rule.RATIO and not 1 <= self.ratio <= 100:
            raise Refused("route.bad_ratio", step=self.name, ratio=self.ratio)
        if self.hours < 0:
            raise Refused("route.bad_deadline", step=self.name)
        for target in self.targets:
            target.refuse()
        self.condition.refuse()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """Return a step from JSON; raise Refused ``route.unreadable``."""
        try:
            given = dict(data)
            targets = tuple(Target(Who(one["who"]), str(one.get("value", ""))) for one in given.pop("targets"))
            condition = condition_of(given.pop("condition", {}))
            return cls(targets=targets, condition=condition, rule=Rule(given.pop("rule", Rule.ALL)), **given)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise Refused("route.unreadable", problem=error) from error


def condition_of(data: Mapping[str, Any]) -> Condition:
    """Return a condition from JSON."""
    given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    return Condition(**given)


def written(one: Step | Condition) -> dict[str, Any]:
    """Return a step or a condition as JSON."""
    return dataclasses.asdict(one)


def steps_of(data: Iterable[Mapping[str, Any]]) -> list[Step]:
    """Return steps from JSON."""
    return [Step.read(one) for one in data]


def refuse(steps: list[Step]) -> None:
    """Refuse a route without steps, with too many, or with a step that could pass by itself."""
    if not steps:
        raise Refused("route.empty")
    if len(steps) > MOST_STEPS:
        raise Refused("route.too_long", most=MOST_STEPS)
    for step in steps:
        step.refuse()


def applying(steps: Iterable[Step], facts: Facts) -> list[Step]:
    """Return the steps that a subject with these facts has to go through, in order."""
    return [step for step in steps if step.condition.holds(facts)]


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text) if text else None
    except InvalidOperation as error:
        raise Refused("route.bad_condition", value=text) from error
    if amount is not None and (not amount.is_finite() or amount < 0):
        raise Refused("route.bad_condition", value=text)
    return amount


def _is_uid(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False
