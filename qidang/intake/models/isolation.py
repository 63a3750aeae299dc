"""隔离: papers that bear the mark of a state secret, and how such a mark was found to be none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from qidang.accounts.scopes import reach
from qidang.kit.clock import now
from qidang.kit.ids import Identified

from .arrival import Arrival
from .batch import Batch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qidang.accounts.models import User


class IsolationQuerySet(models.QuerySet["Isolation"]):
    """Isolations."""

    def visible_to(self, user: User) -> IsolationQuerySet:
        """Return what the security people within whose reach it came to have to deal with."""
        scope = reach(user, "secrets.handle")
        if scope.everything:
            return self
        if not scope:
            return self.none()
        batches = Batch.objects.filter(scope.condition(owner="by", department="department"))
        return self.filter(sha256__in=Arrival.objects.filter(batch__in=batches).values("sha256"))

    def standing(self) -> IsolationQuerySet:
        """Return those that still hold."""
        return self.filter(released_at=None)

    def to_deal_with(self) -> IsolationQuerySet:
        """Return those whose bytes are still here."""
        return self.standing().filter(cleared_at=None)

    def among(self, sha256s: Iterable[str], *, released: bool = False) -> set[str]:
        """Return which of these bytes are isolated, or were released again."""
        found = self.filter(sha256__in=sha256s, released_at__isnull=not released)
        return set(found.values_list("sha256", flat=True))


class Isolation(Identified):
    """隔离: bytes of which this system shows, keeps and finds nothing but that they are there.

    ``inner`` is the isolated paper that these bytes carry inside them, where they are an archive or a mail.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    inner = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="containers")
    found_at = models.DateTimeField(default=now)
    released_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)

    objects = IsolationQuerySet.as_manager()
    ledger_kind = "isolation"

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"隔离件 {self.sha256[:8]}"

    @property
    def proposal(self) -> Release | None:
        """The proposal to release it that waits for a second look."""
        return next((one for one in self.releases.all() if one.decided_at is None), None)


class Release(models.Model):
    """解除隔离: a person says with a reason that the mark is none of a state secret, and another one looks."""

    isolation = models.ForeignKey(Isolation, on_delete=models.PROTECT, related_name="releases")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    why = models.CharField(max_length=500)
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_agreed = models.BooleanField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["isolation"], condition=models.Q(decided_at=None), name="one_open_release_per_isolation"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("by")),
                name="release_needs_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.isolation} {self.why}"
