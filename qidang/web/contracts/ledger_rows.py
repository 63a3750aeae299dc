"""台账原文: what the ledgers said of a contract, cell by cell, also what no field of a contract takes."""

from __future__ import annotations

import dataclasses
from typing import Any

from qidang.contracts.models import Contract
from qidang.intake.models import LedgerRow
from qidang.web.answers import Asked

FEW = 20  # rows of ledgers that a page shows


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """A row as it was written: the sheet, its number there, and each filled cell under its heading."""

    row: LedgerRow
    cells: list[tuple[str, str, bool]]


def has_any(contract: Contract) -> bool:
    """Return whether a ledger names the contract."""
    return LedgerRow.objects.filter(contract=contract).exists()


def ledger_rows(request: Asked, contract: Contract) -> dict[str, Any]:
    """Return the newest rows about ``contract``; with each cell whether a field took it."""
    rows = LedgerRow.objects.filter(contract=contract).select_related("sheet").order_by("-sheet", "number")
    return {"ledger_rows": [Written(row, _cells(row)) for row in rows[:FEW]]}


def _cells(row: LedgerRow) -> list[tuple[str, str, bool]]:
    taken = set(row.sheet.columns.values())
    heads = row.sheet.headings
    return [
        (heads[column] if column < len(heads) else str(column + 1), text, column in taken)
        for column, text in sorted(row.texts.items())
    ]
