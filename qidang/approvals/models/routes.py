"""审批流程: routes and their versions; a running request keeps the version with which it began."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from qidang.accounts.capabilities import require
from qidang.approvals import plan
from qidang.kit import clock
from qidang.kit.ids import Identified
from qidang.kit.refusal import Refused
from qidang.ledger import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qidang.accounts.models import User


class RouteQuerySet(models.QuerySet["Route"]):
    """Sets of routes."""

    def visible_to(self, user: User) -> Self:
        """All for who designs them; nobody else needs the list."""
        return self if user.holds("approval.design") else self.none()

    def open(self, kind: str) -> Self:
        """The routes of a kind of subject that are in use, in the order in which they are tried."""
        return self.filter(kind=kind, is_open=True).order_by("place", "id")


class Route(Identified):
    """流程 for a kind of subject; ``owner`` is asked where nobody else can be."""

    ledger_kind: ClassVar[str] = "route"

    kind = models.CharField(_("用于"), max_length=30)
    name = models.CharField(_("名称"), max_length=100)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("流程负责人"))
    place = models.PositiveSmallIntegerField(_("次序"), default=100)
    is_open = models.BooleanField(_("启用"), default=True)

    objects = RouteQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "place", "id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="one_route_name_per_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def newest(self) -> RouteVersion:
        """The version that new requests take."""
        return self.versions.latest("no")

    @classmethod
    @transaction.atomic
    def draw(cls, *, kind: str, name: str, owner: User, steps: Sequence[plan.Step], by: User, **given: Any) -> Self:
        """新建流程 with its first version; ``given``: condition, place."""
        require(by, "approval.design")
        condition = given.pop("condition", plan.Condition())
        _refuse(name, owner, steps, condition)
        if cls.objects.filter(kind=kind, name=name.strip()).exists():
            raise Refused("route.name_taken", name=name)
        route = cls(kind=kind, name=name.strip(), owner=owner, **given)
        route.save()
        route._write(1, steps, condition, by)
        record("route.drawn", route, by=by)
        return route

    @transaction.atomic
    def redraw(
        self, *, steps: Sequence[plan.Step], condition: plan.Condition, by: User, owner: User | None = None
    ) -> RouteVersion:
        """修改流程: a new version; running requests keep theirs."""
        require(by, "approval.design")
        self.refresh_from_db(from_queryset=Route.objects.select_for_update())
        self.owner = owner or self.owner
        _refuse(self.name, self.owner, steps, condition)
        self.save(update_fields=["owner"])
        made = self._write(self.newest.no + 1, steps, condition, by)
        record("route.redrawn", self, by=by, details={"no": made.no})
        return made

    @transaction.atomic
    def close(self, *, by: User) -> Route:
        """停用流程: nothing new takes it; what runs goes on."""
        return self._turn(by, is_open=False)

    @transaction.atomic
    def reopen(self, *, by: User) -> Route:
        """启用流程."""
        return self._turn(by, is_open=True)

    def _turn(self, by: User, *, is_open: bool) -> Route:
        require(by, "approval.design")
        self.refresh_from_db(from_queryset=Route.objects.select_for_update())
        if self.is_open == is_open:
            raise Refused("route.turned_already", name=self.name)
        self.is_open = is_open
        self.save(update_fields=["is_open"])
        record("route.reopened" if is_open else "route.closed", self, by=by)
        return self

    def _write(self, no: int, steps: Sequence[plan.Step], condition: plan.Condition, by: User) -> RouteVersion:
        return self.versions.create(
            no=no,
            condition=plan.written(condition),
            steps=[plan.written(step) for step in steps],
            by=by,
            at=clock.now(),
        )


class RouteVersion(models.Model):
    """流程版本: its condition and steps as :mod:`qidang.approvals.plan` writes them; never changed."""

    route = models.ForeignKey(Route, models.PROTECT, related_name="versions")
    no = models.PositiveIntegerField()
    condition = models.JSONField()
    steps = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-no"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["route", "no"], name="one_route_version_per_number")]

    def __str__(self) -> str:
        return f"{self.route} v{self.no}"

    def applying(self, facts: plan.Facts) -> list[plan.Step]:
        """Return the steps for these facts; none where the route is not for them."""
        if not plan.condition_of(self.condition).holds(facts):
            return []
        return plan.applying(plan.steps_of(self.steps), facts)


def _refuse(name: str, owner: User, steps: Sequence[plan.Step], condition: plan.Condition) -> None:
    if not name.strip():
        raise Refused("route.unnamed")
    if not owner.is_active or owner.is_service:
        raise Refused("route.owner_unfit", name=owner.name)
    condition.refuse()
    plan.refuse(list(steps))
