"""上传: a file on its way in, resumable after a broken connection (tus 1.0.0)."""

from __future__ import annotations

from django.db import models

from qidang.kit.clock import now
from qidang.kit.ids import Identified


class Upload(Identified):
    """上传: how much of a file has come; its pieces lie sealed under ``QIDANG_HOME/incoming``."""

    batch = models.ForeignKey("intake.Batch", on_delete=models.PROTECT, related_name="uploads")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    path = models.CharField(max_length=1000, blank=True)
    size = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    arrival = models.ForeignKey("intake.Arrival", null=True, on_delete=models.PROTECT, related_name="+")
    touched_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(offset__lte=models.F("size")), name="upload_within_its_size"),
        ]

    def __str__(self) -> str:
        return self.filename
