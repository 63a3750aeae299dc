"""名称对照."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qidang.kit.clock import now


class NameKind(models.TextChoices):
    """What an old name names."""

    PERSON = "person", _("业务员")
    DEPARTMENT = "department", _("部门")


class NameMapping(models.Model):
    """名称对照: whom or which department an old name of a ledger means in one legal unit; remembered for every sheet.

    One of ``person`` and ``department`` is set, by ``kind``; neither where the name was left to the archivist.
    """

    unit = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=NameKind.choices)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    person = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["unit", "kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "name_key"], name="name_mapping_once_per_unit"),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | models.Q(department__isnull=True),
                name="name_mapping_means_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name
