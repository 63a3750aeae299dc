"""客户表: a sheet of customers that somebody brought in, and what became of each of its rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qidang.accounts.scopes import reach
from qidang.contracts.models.companies import Company
from qidang.kit.ids import Identified
from qidang.kit.refusal import Refused
from qidang.vault.fields import SealedField

if TYPE_CHECKING:
    from qidang.accounts.models import User


class CustomerSheetQuerySet(models.QuerySet["CustomerSheet"]):
    """Sheets of customers."""

    def visible_to(self, user: User) -> CustomerSheetQuerySet:
        """Return what ``user`` brought in, and everybody's for who keeps the companies of everybody."""
        sees_all = all(reach(user, name).everything for name in ("company.edit", "contract.read"))
        return self.all() if sees_all else self.filter(by=user.pk)

    def under_way(self) -> CustomerSheetQuerySet:
        """Return those of which rows wait to be taken in, or to be taken back."""
        taking = models.Q(started_at__isnull=False, finished_at=None)
        return self.filter(taking | models.Q(undone_at__isnull=False, undo_finished_at=None))


class CustomerSheet(Identified):
    """客户表: tried when it comes, taken in when somebody says so, and taken back with a reason.

    ``left_out`` are the headings of the columns that mean nothing here.
    """

    ledger_kind = "customer_sheet"

    filename = models.CharField(max_length=255)
    left_out = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undo_why = models.CharField(max_length=300, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_finished_at = models.DateTimeField(null=True)

    objects = CustomerSheetQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(undone_at=None) | ~models.Q(undo_why=""), name="customer_sheet_undone_with_a_reason"
            )
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_busy(self) -> bool:
        """Whether rows wait to be taken in, or to be taken back."""
        taking = self.started_at is not None and self.finished_at is None
        return taking or (self.undone_at is not None and self.undo_finished_at is None)


class CustomerRow(models.Model):
    """客户表的行: ``number`` as the sheet counts it. What it says and changes lies sealed: phones stand in it.

    ``company`` is empty where there is none yet, and where its undoing removed it again. ``edit_version`` is the
    company's when the row was tried, then when it was taken in: whoever edits the company later moves it on.
    ``beside`` holds the keys of the names and codes that the row gave it.
    """

    class State(models.TextChoices):
        """What becomes of a row, or became."""

        NEW = "new", pgettext_lazy("状态", "新增")
        CHANGED = "changed", _("更改")
        SAME = "same", _("无变化")
        REFUSED = "refused", _("未导入")
        ADDED = "added", _("已新增")
        UPDATED = "updated", _("已更新")
        UNDONE = "undone", pgettext_lazy("导入", "已撤销")
        KEPT = "kept", _("未能撤销")

    sheet = models.ForeignKey(CustomerSheet, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    said = SealedField(blank=True, default="")
    changed = SealedField(blank=True, default="")
    state = models.CharField(max_length=8, choices=State)
    refused = models.JSONField(default=dict)
    company = models.ForeignKey(Company, null=True, on_delete=models.SET_NULL, related_name="sheet_rows")
    edit_version = models.PositiveIntegerField(default=0)
    beside = models.JSONField(default=dict)

    class Meta:
        ordering = ["sheet", "number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="customer_row_once_per_sheet")]
        indexes = [models.Index(fields=["sheet", "state", "number"], name="customer_row_by_state")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"

    @property
    def values(self) -> dict[str, str]:
        """What the row says, by field."""
        found: dict[str, str] = json.loads(self.said or "{}")
        return found

    @values.setter
    def values(self, values: dict[str, str]) -> None:
        self.said = json.dumps(values, ensure_ascii=False)
        self.name = values.get("name", "")[:200]

    @property
    def changes(self) -> dict[str, list[str]]:
        """What the row changes: by field, what stood there and what it says."""
        found: dict[str, list[str]] = json.loads(self.changed or "{}")
        return found

    @changes.setter
    def changes(self, changes: dict[str, list[str]]) -> None:
        self.changed = json.dumps(changes, ensure_ascii=False) if changes else ""

    @property
    def refusal(self) -> Refused | None:
        """Why it was not taken in, or not taken back."""
        return Refused(self.refused["code"], **self.refused["values"]) if self.refused else None

    def refuse(self, refusal: Refused, state: str = State.REFUSED) -> None:
        """Say of the row why not."""
        values: dict[str, Any] = {name: str(value) for name, value in refusal.values.items()}
        self.state, self.refused = state, {"code": refusal.code, "values": values}
