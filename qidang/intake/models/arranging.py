"""页面整理: what was made of which pages, and by whom; the bytes that came stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from qidang.kit.clock import now
from qidang.kit.ids import Identified

if TYPE_CHECKING:
    from qidang.vault.models import Blob


class Arranging(Identified):
    """页面整理: arrivals whose pages were turned, parted, put together or left out, as one act."""

    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    maker = models.CharField(max_length=80)
    undone_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(undone_by=None, undone_at=None)
                | models.Q(undone_by__isnull=False, undone_at__isnull=False),
                name="an_undoing_has_person_and_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class ArrangedSource(models.Model):
    """整理的来源: an arrival whose pages went into an arranging."""

    arranging = models.ForeignKey(Arranging, on_delete=models.PROTECT, related_name="sources")
    arrival = models.ForeignKey("intake.Arrival", on_delete=models.PROTECT, related_name="arrangings")
    position = models.PositiveSmallIntegerField()
    state_before = models.CharField(max_length=10)

    class Meta:
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["arranging", "arrival"], name="a_source_once_per_arranging"),
        ]

    def __str__(self) -> str:
        return str(self.arrival)


class RenditionQuerySet(models.QuerySet["Rendition"]):
    """Renditions."""

    def of(self, blob: Blob) -> Self:
        """Return those that made these bytes, the one that stands first."""
        rows = self.filter(arrival__blob=blob).select_related("arranging__by", "arrival")
        return rows.order_by(models.F("arranging__undone_at").asc(nulls_first=True), "id")


class Rendition(Identified):
    """整理件: an arrival made of pages of others. ``recipe``: digest of the source, page from 1, degrees, per page."""

    arranging = models.ForeignKey(Arranging, on_delete=models.PROTECT, related_name="renditions")
    arrival = models.OneToOneField("intake.Arrival", on_delete=models.PROTECT, related_name="rendition")
    recipe = models.JSONField()

    objects = RenditionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.arrival)
