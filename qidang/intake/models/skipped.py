"""跳过的文件."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qidang.kit.clock import now
from qidang.reading.litter import EMPTY, LITTER


class Why(models.TextChoices):
    """Why a file was passed over."""

    LITTER = LITTER, _("办公软件或系统留下的杂件")
    EMPTY = EMPTY, _("空文件（0 字节）")
    CLEARED = "cleared", _("此前已按误传清除，没有再收")


class Skipped(models.Model):
    """跳过: a file that came with a batch, or in an archive of it, and of which nothing was kept."""

    batch = models.ForeignKey("intake.Batch", on_delete=models.PROTECT, related_name="skipped")
    path = models.CharField(max_length=1000)
    why = models.CharField(max_length=10, choices=Why.choices)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["batch", "path"], name="skipped_once_in_a_batch")]

    def __str__(self) -> str:
        return self.path
