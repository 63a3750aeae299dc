"""监视文件夹."""

from __future__ import annotations

from django.db import models

from qidang.kit.clock import now
from qidang.kit.ids import Identified


class WatchedFolder(Identified):
    """监视文件夹: what is laid into it is taken in by itself."""

    path = models.CharField(max_length=500, unique=True)
    department = models.ForeignKey("accounts.Department", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    registers_by_itself = models.BooleanField(default=False)
    looked_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=now)

    ledger_kind = "folder"

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path
