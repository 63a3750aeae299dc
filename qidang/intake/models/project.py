"""导入项目."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qidang.kit.clock import now
from qidang.kit.ids import Identified

from .arrival import Arrival
from .batch import in_hand_of
from .row import LedgerRow, LedgerRowQuerySet
from .sheet import SheetImport

if TYPE_CHECKING:
    from qidang.accounts.models import User


class Winner(models.TextChoices):
    """Whose value stands where ledger and paper differ."""

    SHEET = "sheet", _("以台账为准")
    PAPER = "paper", _("以原文为准")


class ProjectQuerySet(models.QuerySet["Project"]):
    """Onboarding projects."""

    def visible_to(self, user: User) -> ProjectQuerySet:
        """Return what the user began himself and what is for departments that he reviews."""
        return self.filter(in_hand_of(user))


class Project(Identified):
    """导入项目: ledgers and files of old that belong together, brought in as one piece of work.

    Its ledgers and files are those of its batches. ``wins`` says by field whose value stands where ledger and paper
    differ; what it does not name, the ledger wins. ``reads_from`` and ``reads_until`` are the hours (of the company's
    zone) in which its papers are read; both are None where any hour will do.
    """

    name = models.CharField(max_length=120)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("accounts.Department", null=True, on_delete=models.PROTECT, related_name="+")
    is_historical = models.BooleanField(default=False)
    wins = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)
    paused_at = models.DateTimeField(null=True)
    reads_from = models.TimeField(null=True)
    reads_until = models.TimeField(null=True)
    is_queued = models.BooleanField(default=False)
    matched_at = models.DateTimeField(null=True)

    objects = ProjectQuerySet.as_manager()
    ledger_kind = "project"

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reads_from__isnull=True, reads_until__isnull=True)
                | models.Q(reads_from__isnull=False, reads_until__isnull=False),
                name="project_hours_have_both_ends",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rows(self) -> LedgerRowQuerySet:
        """The rows of its ledgers."""
        return LedgerRow.objects.filter(sheet__batch__project=self)

    @property
    def current_rows(self) -> LedgerRowQuerySet:
        """The rows of its ledgers, each ledger as it was imported last: what a later import corrected is left out."""
        corrections = SheetImport.objects.in_force().filter(batch__project=self, previous__isnull=False)
        return self.rows.exclude(sheet__in=corrections.values("previous"))

    @property
    def files(self) -> models.QuerySet[Arrival]:
        """The files of its folders, uploads and packed files."""
        return Arrival.objects.filter(batch__project=self)

    def rests(self, at: dt.datetime) -> bool:
        """Whether nothing of it is read at this moment: it is paused, or it is none of its hours."""
        return self.paused_at is not None or not self.is_hour(at)

    def is_hour(self, at: dt.datetime) -> bool:
        """Whether its papers may be read at this hour of the day; hours may go over midnight."""
        if self.reads_from is None or self.reads_until is None:
            return True
        hour = timezone.localtime(at).time()
        if self.reads_from <= self.reads_until:
            return self.reads_from <= hour < self.reads_until
        return hour >= self.reads_from or hour < self.reads_until

    def winner(self, field: str) -> str:
        """Return whose value of ``field`` stands where ledger and paper differ."""
        return str(self.wins.get(field, Winner.SHEET))


class ProjectFolder(Identified):
    """项目的文件夹: a folder on the server whose files are taken in and left where they lie."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="folders")
    batch = models.OneToOneField("intake.Batch", on_delete=models.PROTECT, related_name="folder")
    path = models.CharField(max_length=500)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)
    skipped = models.JSONField(default=list)
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["project", "path"], name="project_folder_once")]

    def __str__(self) -> str:
        return self.path
