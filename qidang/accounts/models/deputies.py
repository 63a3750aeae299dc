"""代理: who acts for a person who is out of office, from a day to a day."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qidang.accounts.capabilities import require
from qidang.accounts.models.people import User
from qidang.kit import clock
from qidang.kit.ids import Identified
from qidang.kit.refusal import Refused
from qidang.ledger import record


class DeputyQuerySet(models.QuerySet["Deputy"]):
    """Sets of deputies."""

    def visible_to(self, user: User) -> Self:
        """One's own, those whom one stands in for, and all for who keeps people."""
        own = Q(person=user) | Q(deputy=user)
        if user.holds("people.manage"):
            return self.filter(own | Q(person__in=User.objects.visible_to(user)))
        return self.filter(own)

    def standing(self, on: dt.date) -> Self:
        """Those who act on a day."""
        return self.filter(from_on__lte=on, to_on__gte=on, ended_at=None)


class Deputy(Identified):
    """代理人 for ``person``, first and last day included; one at a time."""

    ledger_kind: ClassVar[str] = "deputy"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="stands_in", verbose_name=_("代理人")
    )
    from_on = models.DateField(_("起始日期"))
    to_on = models.DateField(_("截止日期"))
    why = models.CharField(_("原因"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        ordering = ["-from_on", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="deputy_is_somebody_else"),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="deputy_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.person}→{self.deputy}"

    @classmethod
    @transaction.atomic
    def appoint(cls, person: User, deputy: User, *, from_on: dt.date, to_on: dt.date, by: User, why: str = "") -> Self:
        """指定代理人, by the person himself or by who keeps people. Refuse days that overlap another deputy's."""
        _require_own(person, by)
        User.objects.select_for_update().get(pk=person.pk)
        if deputy.pk == person.pk or not deputy.is_active or deputy.is_service:
            raise Refused("deputy.unfit", name=deputy.name)
        if to_on < from_on or to_on < clock.today():
            raise Refused("deputy.bad_days")
        others = cls.objects.filter(person=person, ended_at=None, from_on__lte=to_on, to_on__gte=from_on)
        if other := others.select_related("deputy").first():
            raise Refused("deputy.overlaps", name=other.deputy.name, start=other.from_on, end=other.to_on)
        days = {"from_on": from_on, "to_on": to_on}
        made = cls(person=person, deputy=deputy, why=why.strip()[:200], by=by, at=clock.now(), **days)
        made.save()
        record("deputy.appointed", made, person, deputy, by=by)
        return made

    @transaction.atomic
    def end(self, *, by: User) -> Deputy:
        """结束代理 before its last day."""
        _require_own(self.person, by)
        self.refresh_from_db(from_queryset=Deputy.objects.select_for_update())
        if self.ended_at is not None or self.to_on < clock.today():
            raise Refused("deputy.ended_already")
        self.ended_at = clock.now()
        self.save(update_fields=["ended_at"])
        record("deputy.ended", self, self.person, self.deputy, by=by)
        return self


def _require_own(person: User, by: User) -> None:
    if person.pk != by.pk:
        require(by, "people.manage", person)
