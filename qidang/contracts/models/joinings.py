"""合并登记: two registrations that were one contract all along; what moved is kept, so that it can go back."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qidang.vault.fields import SealedField


class JoiningQuerySet(models.QuerySet["Joining"]):
    """Sets of joinings."""

    def standing(self) -> Self:
        """Return those not undone."""
        return self.filter(parted_at__isnull=True)


class Joining(models.Model):
    """合并登记: the registration ``gone`` became part of ``kept``.

    ``taken`` names the fields in which the gone one won; ``before`` holds what ``kept`` said in them, as JSON, sealed
    because accounts and phones are among it. ``documents`` and ``children`` are the keys of what moved, ``beside``
    those of what upper rooms moved, by kind.
    """

    kept = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="joined")
    gone = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="joinings")
    why = models.TextField(_("合并原因"))
    taken = models.JSONField(default=list)
    before = SealedField(default="", blank=True)
    documents = models.JSONField(default=list)
    children = models.JSONField(default=list)
    beside = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    parted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    parted_at = models.DateTimeField(null=True, blank=True)

    objects = JoiningQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="joining_has_a_reason"),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="joining_of_two"),
            models.UniqueConstraint(
                fields=["gone"], condition=Q(parted_at__isnull=True), name="one_standing_joining_per_gone_contract"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"
