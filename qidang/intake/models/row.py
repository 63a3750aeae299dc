"""台账行."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qidang.contracts.models import Contract, Document
from qidang.kit.exact import MoneyField
from qidang.kit.text import fold
from qidang.vault.fields import SealedField

from .batch import Batch, in_hand_of

if TYPE_CHECKING:
    from qidang.accounts.models import User

LONGEST_KEY = 200
LARGEST = Decimal(10) ** 16


class RowState(models.TextChoices):
    """Where a row of a ledger sheet stands."""

    PENDING = "pending", _("待导入")
    REGISTERED = "registered", _("已登记")
    UPDATED = "updated", _("已更新")
    UNCHANGED = "unchanged", _("无变化")
    REFUSED = "refused", _("未导入")
    SKIPPED = "skipped", _("已跳过")
    UNDONE = "undone", _("已撤销")
    KEPT = "kept", _("未能撤销")


IN_FORCE = (RowState.REGISTERED, RowState.UPDATED, RowState.UNCHANGED, RowState.KEPT)


class LedgerRowQuerySet(models.QuerySet["LedgerRow"]):
    """Rows of ledger sheets."""

    def visible_to(self, user: User) -> LedgerRowQuerySet:
        """Return the rows of the sheets that the user brought or that came to departments he reviews."""
        return self.filter(sheet__batch__in=Batch.objects.filter(in_hand_of(user)))

    def in_force(self) -> LedgerRowQuerySet:
        """Return the rows that stand behind a contract: imported and not undone."""
        return self.filter(state__in=IN_FORCE, contract__isnull=False)

    def unmatched(self) -> LedgerRowQuerySet:
        """有台账无扫描: the rows whose contract has no paper of any kind yet."""
        papers = Document.objects.filter(contract=models.OuterRef("contract"))
        return self.in_force().filter(~models.Exists(papers))

    def numbered(self, number: str) -> LedgerRowQuerySet:
        """Return the rows that name this contract number, however it is typed."""
        return self.filter(number_key=fold(number)[:LONGEST_KEY]) if fold(number) else self.none()

    def with_path(self, path: str) -> LedgerRowQuerySet:
        """Return the rows whose path column names this file, whichever slashes are used."""
        return self.filter(path=plain_path(path)) if path.strip() else self.none()

    def alike(
        self, *, counterparty: str = "", amount: Decimal | None = None, signed_on: dt.date | None = None
    ) -> LedgerRowQuerySet:
        """Return the rows that say all of what is given of counterparty, amount and day of signing."""
        asked: dict[str, Any] = {
            "counterparty_key": fold(counterparty)[:LONGEST_KEY] or None,
            "amount": amount,
            "signed_on": signed_on,
        }
        return self.filter(**{name: value for name, value in asked.items() if value is not None})


class LedgerRow(models.Model):
    """台账行: one row of a ledger sheet, as written and as understood, and what became of it.

    ``number`` is the row as the sheet counts it, from 1. ``cells`` holds every filled cell by its column (from 0) and
    lies sealed: an unmapped column may hold anything. ``values`` is what was understood, by the fields of
    ``intake.columns`` in plain text (ISO dates, plain decimals). ``changes`` is, by field, what the import found in
    the contract and what it wrote. The keys are folded for matching and written by ``settle`` alone.
    """

    sheet = models.ForeignKey("intake.SheetImport", on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=LONGEST_KEY, blank=True)
    cells = SealedField(blank=True, default="")
    values = models.JSONField(default=dict)
    number_key = models.CharField(max_length=LONGEST_KEY, blank=True)
    counterparty_key = models.CharField(max_length=LONGEST_KEY, blank=True)
    amount = MoneyField(null=True)
    signed_on = models.DateField(null=True)
    path = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=RowState.choices, default=RowState.PENDING)
    contract = models.ForeignKey(Contract, null=True, on_delete=models.PROTECT, related_name="ledger_rows")
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=dict)

    objects = LedgerRowQuerySet.as_manager()

    class Meta:
        ordering = ["sheet", "number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="ledger_row_once_per_sheet")]
        indexes = [
            models.Index(fields=["sheet", "state", "number"], name="ledger_row_by_state"),
            models.Index(fields=["sheet", "key"], name="ledger_row_by_key"),
            models.Index(fields=["sheet", "number_key"], name="ledger_row_by_number"),
            models.Index(fields=["sheet", "counterparty_key", "amount"], name="ledger_row_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"

    @property
    def texts(self) -> dict[int, str]:
        """The filled cells by column, from 0."""
        return {int(column): text for column, text in json.loads(self.cells or "{}").items()}

    @texts.setter
    def texts(self, texts: dict[int, str]) -> None:
        self.cells = json.dumps({str(column): text for column, text in texts.items()}, ensure_ascii=False)

    def settle(self, values: dict[str, Any], key: str = "") -> None:
        """Take what was understood of the row, and derive what it is matched by."""
        self.values = {name: plain(value) for name, value in values.items()}
        self.number_key = fold(str(values.get("number", "")))[:LONGEST_KEY]
        self.counterparty_key = fold(str(values.get("counterparty", "")))[:LONGEST_KEY]
        self.amount, self.signed_on = _money(values.get("amount")), values.get("signed_on")
        self.path = plain_path(str(values.get("path", "")))
        self.key = key or self.number_key


def plain_path(path: str) -> str:
    """Return a path of a sheet as paths are kept: forward slashes, no drive, nothing at its ends."""
    plain = path.strip().strip("\"'").replace("\\", "/")
    return plain.partition(":/")[2][-1000:] if plain[1:3] == ":/" else plain.strip("/")[-1000:]


def _money(value: Decimal | None) -> Decimal | None:
    """Return an amount as the column holds it; one with more places than 分, or too many digits, matches nothing."""
    if value is None or abs(value) >= LARGEST or value != round(value, 2):
        return None
    return value


def plain(value: Any) -> str:
    """Return a value as rows keep it: ISO days, decimals without needless zeros, things by their names."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, dt.date) else str("" if value is None else value)
