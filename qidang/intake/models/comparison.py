"""重复的裁定: what a person said of a paper that seemed to repeat another."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qidang.kit.clock import now


class Said(models.TextChoices):
    """What the two papers are to each other."""

    COPY = "copy", _("同一份")
    BETTER = "better", _("更好的扫描件")
    DIFFERENT = "different", _("不是重复")


class Comparison(models.Model):
    """裁定: ``arrival`` against the arrival or the contract that it seemed to repeat, why, and who said what.

    What was told apart is not proposed again.
    """

    arrival = models.ForeignKey("intake.Arrival", on_delete=models.PROTECT, related_name="comparisons")
    other = models.ForeignKey("intake.Arrival", null=True, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey("contracts.Contract", null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    said = models.CharField(max_length=10, choices=Said.choices)
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.arrival} {self.get_said_display()}"
