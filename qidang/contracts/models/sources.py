"""字段来源: who said each value of a contract, where on its paper it stands, and who has checked it since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qidang.contracts.choices import Source
from qidang.contracts.models.papers import Version
from qidang.contracts.values import Said
from qidang.kit import clock, rows

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.contracts.models.contract import Contract

LONGEST_RAW = 200  # characters of what stands on the paper; the page shows the rest
WRITTEN = (
    *("source", "raw", "version", "page", "start", "end", "box"),
    *("confidence", "checked_by", "checked_at"),
)


class FieldSourceQuerySet(models.QuerySet["FieldSource"]):
    """Sources of fields."""

    def unchecked(self) -> FieldSourceQuerySet:
        """未核: what a ledger sheet or the reading says and nobody has checked."""
        return self.filter(checked_at__isnull=True)


class FieldSource(models.Model):
    """字段来源 of one field as it stands now; what it was before is told by the revisions."""

    contract = models.ForeignKey(
        "contracts.Contract", on_delete=models.PROTECT, related_name="field_sources", db_index=False
    )
    field = models.CharField(max_length=64)
    source = models.CharField(_("来源"), max_length=16, choices=Source)
    raw = models.CharField(_("原文"), max_length=LONGEST_RAW, blank=True)
    version = models.ForeignKey(Version, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    page = models.PositiveIntegerField(null=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    box = models.JSONField(null=True)
    confidence = models.FloatField(null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    checked_at = models.DateTimeField(null=True)

    objects = FieldSourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "field"], name="field_source_once_per_field"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="field_source_checked_by_somebody_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.get_source_display()}"


def count_unchecked(said: Mapping[str, Said]) -> int:
    """Return how many of these fields nobody has checked."""
    return sum(not one.is_checked for one in said.values())


def lay_sources(drafts: Sequence[Contract], *, by: User, version: Version | None) -> None:
    """Write what is ``said`` of new contracts, whose evidence stands on ``version``."""
    rows.insert_all([_row(draft, field, one, by, version) for draft in drafts for field, one in draft.said.items()])


def lay_sources_anew(contract: Contract, said: Mapping[str, Said], *, by: User) -> None:
    """Write the sources of the fields that an edit changed, and count anew what nobody has checked."""
    made = [_row(contract, field, one, by, None) for field, one in said.items()]
    FieldSource.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["contract", "field"], update_fields=WRITTEN
    )
    contract.unchecked = contract.field_sources.unchecked().count()


def _row(contract: Contract, field: str, said: Said, by: User, version: Version | None) -> FieldSource:
    stands = said.page is not None
    return FieldSource(
        contract=contract,
        field=field,
        source=said.source,
        raw=said.raw[:LONGEST_RAW],
        version=version if stands else None,
        page=said.page,
        start=said.start if stands else None,
        end=said.end if stands else None,
        box=list(said.box) if said.box and stands else None,
        confidence=said.confidence,
        checked_by=by if said.is_checked else None,
        checked_at=clock.now() if said.is_checked else None,
    )
