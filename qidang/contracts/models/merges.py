"""客户合并: two companies that were one all along; what moved is kept, so that it can go back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qidang.contracts.models.companies import Company
from qidang.contracts.models.sets import MergeQuerySet, TwinsQuerySet
from qidang.kit.ids import Identified


class Merge(Identified):
    """合并: ``gone`` became part of ``kept``. ``beside`` holds the keys of what moved besides contracts, by kind.

    ``taken`` names the fields that ``kept`` lacked and took over. ``finished_at`` is empty while contracts still move.
    """

    ledger_kind = "merge"

    kept = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="merges_in", verbose_name=_("保留"))
    gone = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="merges_out", verbose_name=_("并入"))
    why = models.CharField(max_length=300, blank=True)
    taken = models.JSONField(default=list)
    beside = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, db_index=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"

    @property
    def undone(self) -> Any:
        """撤销, where there is one."""
        return getattr(self, "undoing", None)

    def moved(self) -> dict[str, int]:
        """Return how many of each kind have moved so far."""
        batches = self.batches.values_list("kind", "keys")
        counts = {kind: len(keys) for kind, keys in self.beside.items()}
        for kind, keys in batches:
            counts[kind] = counts.get(kind, 0) + len(keys)
        return counts


class MovedBatch(models.Model):
    """移动批次: contracts, or the contracts whose parties, moved in one go; ``names`` are these parties'."""

    class Kind(models.TextChoices):
        """What moved."""

        CONTRACT = "contract", _("合同")
        PARTY = "party", _("签约方")

    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="batches")
    kind = models.CharField(max_length=8, choices=Kind)
    keys = models.JSONField()
    names = models.JSONField(default=list)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {len(self.keys)}"


class MergeUndoing(models.Model):
    """撤销合并: who, when, why; ``finished_at`` is empty while contracts still go back."""

    merge = models.OneToOneField(Merge, on_delete=models.PROTECT, related_name="undoing")
    why = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="merge_undoing_has_a_reason")]

    def __str__(self) -> str:
        return str(self.merge)


class Twins(models.Model):
    """疑似重复: two companies that may be one, found anew each night; ``score`` says how much, to 100."""

    one = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField()
    score = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField()

    objects = TwinsQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="twins_once"),
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="twins_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one} ≈ {self.other}"


class Distinction(models.Model):
    """不是同一家: somebody looked at two companies and said that they are two."""

    one = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="distinction_once")]

    def __str__(self) -> str:
        return f"{self.one} ≠ {self.other}"
