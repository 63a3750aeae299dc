"""一行台账, as a person names it: by the row's number in the sheet, or by the number of its contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qidang.kit.refusal import Refused

if TYPE_CHECKING:
    from .models import LedgerRow, Project


def row_named(project: Project, text: str) -> LedgerRow:
    """Return the project's row that ``text`` names: a contract number, else a row as its sheet counts it.

    Raise Refused where there is none, or where several sheets have such a row.
    """
    rows = project.rows.in_force().select_related("contract").order_by("-pk")
    found = list(rows.numbered(text)[:1])
    if not found and text.strip().isdecimal() and len(text.strip()) < 10:
        found = list(rows.filter(number=int(text))[:2])
    if len(found) != 1:
        raise Refused("intake.row_unknown", row=text.strip())
    return found[0]
