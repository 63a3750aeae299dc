"""误传清除: papers that were brought by mistake and are removed for good; who asked, who agreed, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from qidang.accounts.scopes import reach
from qidang.kit.clock import now
from qidang.kit.ids import Identified

if TYPE_CHECKING:
    from qidang.accounts.models import User


class ClearingQuerySet(models.QuerySet["Clearing"]):
    """Removals."""

    def visible_to(self, user: User) -> ClearingQuerySet:
        """Return what the user asked for, and what he may decide."""
        return self.filter(Q(asked_by=user) | _decidable_by(user))

    def decidable_by(self, user: User) -> ClearingQuerySet:
        """Return what waits for a second person and may be decided by ``user``."""
        return self.filter(_decidable_by(user), decided_at=None).exclude(asked_by=user)

    def agreed(self) -> ClearingQuerySet:
        """Return those that were carried out and whose papers were not allowed back."""
        return self.filter(is_agreed=True, returned_at=None)


def _decidable_by(user: User) -> Q:
    """The condition: one's reach over papers brought by mistake, and another one over those with a state secret."""
    plain, secret = reach(user, "intake.clear"), reach(user, "secrets.handle")
    condition = Q(is_secret=False) & plain.condition(owner="owner", department="department")
    return condition | (Q(is_secret=True) & secret.condition(owner="owner", department="department"))


class Clearing(Identified):
    """误传清除: asked for by one person with a reason, carried out or declined by another.

    ``owner`` and ``department`` are those of the paper, ``hides_name`` says that its name goes too.
    ``index_rewritten_at`` is when the last trace left the files of the search index.
    """

    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    called = models.CharField(max_length=300)
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", null=True, on_delete=models.PROTECT, related_name="+")
    is_secret = models.BooleanField(default=False)
    hides_name = models.BooleanField(default=False)
    why = models.CharField(max_length=500)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_agreed = models.BooleanField(null=True)
    decision_why = models.CharField(max_length=500, blank=True)
    index_rewritten_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True)
    return_why = models.CharField(max_length=500, blank=True)

    objects = ClearingQuerySet.as_manager()
    ledger_kind = "clearing"

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(decided_at__isnull=True), name="one_open_clearing_per_bytes"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")),
                name="clearing_needs_a_second_person",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="clearing_has_a_reason"),
        ]
        indexes = [
            models.Index(
                fields=["decided_at"],
                condition=Q(is_agreed=True, index_rewritten_at__isnull=True),
                name="clearing_left_in_index",
            )
        ]

    def __str__(self) -> str:
        return f"误传件 {self.sha256[:8]}"


class ClearedThing(models.Model):
    """清除的去处: an arrival or a version of a contract's paper that lets its bytes go in a removal."""

    clearing = models.ForeignKey(Clearing, on_delete=models.PROTECT, related_name="things")
    sha256 = models.CharField(max_length=64, db_index=True)
    arrival = models.ForeignKey("intake.Arrival", null=True, on_delete=models.PROTECT, related_name="clearings")
    version = models.ForeignKey("contracts.Version", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["clearing", "arrival"], name="an_arrival_once_per_clearing"),
            models.UniqueConstraint(fields=["clearing", "version"], name="a_version_once_per_clearing"),
            models.CheckConstraint(
                condition=Q(arrival__isnull=True) ^ Q(version__isnull=True), name="a_cleared_thing_is_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return str(self.arrival or self.version)
