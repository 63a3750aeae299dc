"""What the tests of approvals share: a subject of their own, and routes."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from qidang.accounts.models import Department, User
from qidang.approvals import subjects
from qidang.approvals.models import Request, Route
from qidang.approvals.plan import Condition, Facts, Rule, Step, Target, Who
from qidang.cast import Cast

KIND = "thing"


@dataclass
class Thing:
    """Something to be approved."""

    owner: User | None
    department: Department | None
    amount: Decimal | None = Decimal("50000")
    text: str = "as submitted"
    uid: uuid.UUID = field(default_factory=uuid.uuid4)
    told: list[str] = field(default_factory=list)
    people: dict[str, int] = field(default_factory=dict)
    ledger_kind: str = KIND

    def __str__(self) -> str:
        return "一件事"

    def approval_facts(self) -> Facts:
        """What its route is chosen by."""
        path = self.department.path if self.department else ""
        return Facts("买卖合同", path, self.amount, "CNY", people=self.people)

    def approval_digest(self) -> str:
        """What is decided upon."""
        return f"{hash(self.text) & 0xFFFFFFFF:064x}"

    def approval_settled(self, request: Request, *, by: User) -> None:
        """Told what came of it."""
        self.told.append(request.state)


Maker = Callable[..., Thing]


@pytest.fixture
def thing(cast: Cast) -> Iterator[Maker]:
    """Make things of the salesperson's in the eastern sales group, known to approvals while the test lasts."""
    made: dict[uuid.UUID, Thing] = {}
    subjects.know(KIND, made.__getitem__)

    def make(**given: object) -> Thing:
        usual: dict[str, object] = {"owner": cast.salesperson, "department": cast.department("sales_east")}
        one = Thing(**(usual | given))  # type: ignore[arg-type]
        made[one.uid] = one
        return one

    yield make
    subjects.forget(KIND)


def asks(*people: User) -> tuple[Target, ...]:
    """Targets that are these people."""
    return tuple(Target(Who.PERSON, str(person.uid)) for person in people)


def step(name: str, *people: User, rule: Rule = Rule.ALL, **given: object) -> Step:
    """A step that asks people."""
    return Step(name, asks(*people), rule, **given)  # type: ignore[arg-type]


def route(cast: Cast, *steps: Step, owner: User | None = None, name: str = "流程", **given: object) -> Route:
    """Draw a route for things, owned by the administrator."""
    return Route.draw(
        kind=KIND, name=name, owner=owner or cast.administrator, steps=steps, by=User.objects.system(), **given
    )


def seat_of(request: Request, person: User):  # type: ignore[no-untyped-def]
    """The seat in which a person is asked now."""
    return request.seats.open().get(person=person)


__all__ = ["Condition", "Maker", "Rule", "Step", "Target", "Thing", "Who", "asks", "route", "seat_of", "step"]
