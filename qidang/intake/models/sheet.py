"""台账导入."""

from __future__ import annotations

from django.db import models

from qidang.kit.clock import now
from qidang.kit.ids import Identified


class SheetImport(Identified):
    """台账导入: an Excel or CSV register, the meaning of its columns, and what became of its rows."""

    batch = models.OneToOneField("intake.Batch", on_delete=models.PROTECT, related_name="sheet")
    blob = models.ForeignKey("vault.Blob", on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    tab = models.CharField(max_length=100, blank=True)
    header_row = models.PositiveIntegerField(default=1)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    unit = models.ForeignKey("accounts.Department", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    imported_at = models.DateTimeField(null=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_registered = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)

    ledger_kind = "sheet"

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename
