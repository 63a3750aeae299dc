"""数据范围: how far a person's capability reaches, worked out once per user object with one query."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.apps import apps
from django.db.models import Q, QuerySet

CACHE = "_reaches"


class HasPath(Protocol):
    """What is known of a department here."""

    path: str


class Placed(Protocol):
    """A thing that stands in a department, such as a contract; where it has an ``owner_id``, that counts too."""

    @property
    def department_id(self) -> int | None: ...

    @property
    def department(self) -> HasPath | None: ...


class Seeker(Protocol):
    """Who asks: a person, or Django's anonymous visitor."""

    @property
    def is_active(self) -> bool: ...


@dataclass(slots=True)
class Reach:
    """Whose things: everything, one's own, those of exact departments, those at or below paths."""

    everything: bool = False
    own: bool = False
    department_ids: list[int] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    user_id: int | None = None

    def __bool__(self) -> bool:
        return self.everything or self.own

    def covers(self, thing: "Placed") -> bool:
        """Return whether ``thing`` is within reach."""
        if self.everything:
            return True
        owner_id = getattr(thing, "owner_id", None)
        if self.own and owner_id is not None and owner_id == self.user_id:
            return True
        if thing.department_id is None:
            return False
        if thing.department_id in self.department_ids:
            return True
        department = thing.department if self.paths else None
        return department is not None and any(department.path.startswith(path) for path in self.paths)

    def condition(self, owner: str = "owner", department: str = "department") -> Q:
        """Return the filter for a table whose columns ``owner`` and ``department`` say whose a row is.

        Departments are found by subquery (``IN``), which both databases answer from an index.
        """
        if self.everything:
            return Q()
        within = Q(pk__in=[])
        if self.own:
            within |= Q(**{owner: self.user_id})
        if self.department_ids:
            within |= Q(**{f"{department}__in": self.department_ids})
        if self.paths:
            below = apps.get_model("accounts", "Department").objects.under(*self.paths)
            within |= Q(**{f"{department}__in": below.values("pk")})
        return within

    def widen(self, scope: str, department_id: int | None, path: str | None) -> None:
        """Add what one more role gives; every role reaches at least one's own."""
        self.own = True
        if scope == "ALL":
            self.everything = True
        elif scope == "DEPARTMENT" and department_id is not None and department_id not in self.department_ids:
            self.department_ids.append(department_id)
        elif scope == "BELOW" and path and path not in self.paths:
            self.paths.append(path)


def reach(user: Any, capability: str) -> Reach:
    """Return how far ``capability`` reaches for ``user``; nothing for the anonymous and the disabled."""
    if not getattr(user, "pk", None) or not user.is_active:
        return Reach()
    if user.is_service:
        return Reach(everything=True, own=True, user_id=user.pk)
    return reaches(user).get(capability) or Reach(user_id=user.pk)


def reaches(user: Any) -> dict[str, Reach]:
    """Return every capability that ``user``'s roles give, with its reach; one query per user object."""
    known: dict[str, Reach] | None = getattr(user, CACHE, None)
    return remember(user, held_by(user.__class__, user.pk)) if known is None else known


def held_by(people: Any, pk: int) -> QuerySet[Any]:
    """Return the roles that the person ``pk`` holds, each with the person and his department, in one query."""
    held: QuerySet[Any] = people.roles.through.objects.filter(user_id=pk)  # a request holds its user in a wrapper
    return held.select_related("user__department", "role")


def remember(user: Any, held: Iterable[Any]) -> dict[str, Reach]:
    """Work out, for as long as this user object lives, what the roles ``held`` give it; they are all that it has."""
    found: dict[str, Reach] = {}
    for one in held:
        department = one.user.department
        for capability in one.role.capabilities:
            reached = found.setdefault(capability, Reach(user_id=user.pk))
            reached.widen(one.role.scope, one.user.department_id, department.path if department else None)
    setattr(user, CACHE, found)
    return found


def forget(user: Any) -> None:
    """Forget what was worked out for this user object, after its roles or department changed."""
    if getattr(user, CACHE, None) is not None:
        delattr(user, CACHE)
