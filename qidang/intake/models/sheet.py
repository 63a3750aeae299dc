"""台账导入."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from qidang.kit.clock import now
from qidang.kit.ids import Identified

from .batch import Batch, in_hand_of

if TYPE_CHECKING:
    from qidang.accounts.models import User


class Work(models.TextChoices):
    """What the worker does with a ledger sheet at the moment."""

    NONE = "", _("没有")
    PLAN = "plan", _("试导入")
    IMPORT = "import", _("导入")
    UNDO = "undo", _("撤销")


class SheetImportQuerySet(models.QuerySet["SheetImport"]):
    """Ledger sheets."""

    def visible_to(self, user: User) -> SheetImportQuerySet:
        """Return the sheets that the user brought or that came to departments he reviews."""
        return self.filter(batch__in=Batch.objects.filter(in_hand_of(user)))

    def in_force(self) -> SheetImportQuerySet:
        """Return the sheets that were imported and not undone."""
        return self.filter(imported_at__isnull=False, undone_at=None)


class SheetImport(Identified):
    """台账导入: an Excel or CSV register, the meaning of its columns, and what became of its rows.

    ``header_row`` counts as the sheet does, from 1; the heading takes ``header_rows`` rows. ``columns`` says by field
    in which column (from 0) it stands; ``key_columns`` by which columns a row is known again, the contract number
    where none is chosen. ``keeper`` gets the rows whose salesman nobody knows. Where ``is_historical``, its contracts
    enter the life cycle as past ones (补登历史合同).
    """

    batch = models.OneToOneField("intake.Batch", on_delete=models.PROTECT, related_name="sheet")
    blob = models.ForeignKey("vault.Blob", on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    tab = models.CharField(max_length=100, blank=True)
    header_row = models.PositiveIntegerField(default=1)
    header_rows = models.PositiveSmallIntegerField(default=1)
    headings = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True, db_index=True)
    columns = models.JSONField(default=dict)
    key_columns = models.JSONField(default=list)
    unit = models.ForeignKey("accounts.Department", null=True, on_delete=models.PROTECT, related_name="+")
    keeper = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    skips_hidden = models.BooleanField(default=False)
    is_historical = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    chosen_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    undo_why = models.CharField(max_length=200, blank=True)
    work = models.CharField(max_length=6, choices=Work.choices, blank=True, default=Work.NONE)
    worked_at = models.DateTimeField(null=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_registered = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)

    objects = SheetImportQuerySet.as_manager()
    ledger_kind = "sheet"

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_busy(self) -> bool:
        """Whether the worker has something to do with it."""
        return bool(self.work)
