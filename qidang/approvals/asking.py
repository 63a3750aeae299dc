"""找人: whom a step asks, for this subject, today; and who takes the place of one that cannot decide.

Nobody decides about what he submitted or owns. Who cannot decide is replaced by his deputy, then by the managers above
him, then by the owner of the route; nobody is ever left out in silence.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from qidang.accounts.models import Department, Deputy, Role, Scope, User
from qidang.approvals.models import Request, Seat
from qidang.approvals.models.requests import SeatQuerySet
from qidang.approvals.plan import Step, Target, Who
from qidang.kit import clock
from qidang.kit.refusal import Refused


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked, why he, and for whom he stands in."""

    person: User
    why: str = Seat.Why.STEP
    asked_for: User | None = None


@dataclass
class Asker:
    """Finds people for one subject on one day."""

    requester: User
    owner: User | None
    department: Department | None
    route_owner: User
    people: Mapping[str, int] = field(default_factory=dict)
    on: dt.date = field(default_factory=clock.today)

    @classmethod
    def of(cls, request: Request) -> Asker:
        """Return the one who asks for a request."""
        route_owner = request.version.route.owner
        return cls(request.requester, request.owner, request.department, route_owner, request.people)

    def step(self, step: Step) -> list[Asked]:
        """Return whom the step asks, each once; raise Refused ``approval.nobody`` where there is not even an owner."""
        found: dict[int, Asked] = {}
        for target in step.targets:
            for asked in self._target(target, step):
                found.setdefault(asked.person.pk, asked)
        return list(found.values())

    def may_decide(self, person: User) -> bool:
        """Whether a person could decide at all: in office, and neither who submitted it nor who owns it."""
        apart = {self.requester.pk, self.owner.pk if self.owner else None}
        return person.is_active and not person.is_service and person.pk not in apart

    def instead_of(self, person: User | None) -> Asked | None:
        """Return ``person`` where he can decide today, else who takes his place; None where nobody can."""
        if person is not None:
            if self._is_here(person):
                return Asked(person)
            if deputy := self._deputy(person):
                return Asked(deputy, Seat.Why.DEPUTY, person)
            for manager in managers(person):
                if here := self._here_or_deputy(manager):
                    return Asked(here, Seat.Why.MANAGER, person)
        if here := self._here_or_deputy(self.route_owner):
            return Asked(here, Seat.Why.OWNER, person)
        return None

    def _target(self, target: Target, step: Step) -> Iterator[Asked]:
        if target.who is Who.ROLE:
            people: list[User | None] = [one for one in self._role(target.value) if self.may_decide(one)]
            people = people or [None]
        else:
            people = [self._single(target)]
        for person in people:
            asked = self.instead_of(person)
            if asked is None:
                raise Refused("approval.nobody", step=step.name)
            yield asked

    def _single(self, target: Target) -> User | None:
        if target.who is Who.PERSON:
            return User.objects.filter(uid=uuid.UUID(target.value)).first()
        if target.who is Who.FIELD:
            return User.objects.filter(pk=self.people.get(target.value, 0)).first()
        if target.who is Who.HEAD:
            return self._head(target.level)
        above = list(managers(self.owner or self.requester))
        return above[target.level - 1] if len(above) >= target.level else None

    def _head(self, level: int) -> User | None:
        """The head of the department ``level`` above the subject's, or of the first one above that has one."""
        department = self.department
        for _ in range(level):
            department = department.parent if department else None
        while department is not None and department.head is None:
            department = department.parent
        return department.head if department else None

    def _role(self, uid: str) -> Iterable[User]:
        """The people in office with a role, as far as its scope reaches the subject's department."""
        role = Role.objects.filter(uid=uuid.UUID(uid)).first()
        if role is None:
            return []
        people = role.people.active().select_related("department").order_by("name", "id")
        if role.scope in (Scope.ALL, Scope.OWN) or self.department is None:
            return people
        path = self.department.path
        if role.scope == Scope.DEPARTMENT:
            return [one for one in people if one.department_id == self.department.pk]
        return [one for one in people if one.department and path.startswith(one.department.path)]

    def _here_or_deputy(self, person: User) -> User | None:
        return person if self._is_here(person) else self._deputy(person)

    def _is_here(self, person: User) -> bool:
        return self.may_decide(person) and not Deputy.objects.standing(self.on).filter(person=person).exists()

    def _deputy(self, person: User) -> User | None:
        standing = Deputy.objects.standing(self.on).filter(person=person).select_related("deputy").first()
        return standing.deputy if standing and self._is_here(standing.deputy) else None


def asked_of(user: User) -> SeatQuerySet:
    """待我审批: the open seats of a person, and of those whom he stands in for today."""
    for_others = Deputy.objects.standing(clock.today()).filter(deputy=user).values("person")
    own = Q(request__requester=user) | Q(request__owner=user, request__owner__isnull=False)
    return Seat.objects.open().filter(Q(person=user) | (Q(person__in=for_others) & ~own))


def open_seat_of(request: Request, user: User) -> Seat:
    """Return the seat in which a person, or whom he stands in for, is asked now; raise Refused where there is none."""
    seat = asked_of(user).filter(request=request).select_related("person").first()
    if seat is None:
        raise Refused("approval.decided_already", name=request)
    return seat


def managers(person: User) -> Iterator[User]:
    """Yield the managers above a person, the nearest first; a circle ends where it closes."""
    seen = {person.pk}
    above = person.manager
    while above is not None and above.pk not in seen:
        seen.add(above.pk)
        yield above
        above = above.manager
