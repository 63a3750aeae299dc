"""修订: every change of a field of a contract, with who, when and why."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models

from qidang.contracts.choices import Source


class Change(NamedTuple):
    """What a field was and is, as a revision writes it; ``corrects`` (更正) unless it only fills what was empty."""

    old: str
    new: str
    corrects: bool


class Revision(models.Model):
    """One field's change. Sealed values (账号, 电话) are written as dots, never in clear."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="revisions")
    edit_version = models.PositiveIntegerField()
    field = models.CharField(max_length=64)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    source = models.CharField(max_length=16, choices=Source, default=Source.PERSON)
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["contract", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "edit_version", "field"], name="revision_once_per_field_and_edit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"


def written(value: Any) -> str:
    """Return ``value`` as a revision writes it: plain decimals, ISO dates, names of things."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)
