"""台账的行, as a page shows them: what each is, what it changes, and what is to be said of it."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qidang.accounts.models import User
from qidang.contracts.choices import PastState
from qidang.contracts.models import Contract
from qidang.intake.models import LedgerRow, RowState, SheetImport
from qidang.intake.models.row import LedgerRowQuerySet
from qidang.intake.sheets import Counts, counts, missing
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.lists.paging import sheet as page_of

ORDER = ("number", "id")
FILTERS: dict[str, tuple[Any, Q]] = {
    "new": (pgettext_lazy("状态", "新增"), Q(state=RowState.PENDING, contract=None)),
    "changing": (_("更改"), Q(state=RowState.PENDING, contract__isnull=False)),
    "registered": (_("已登记"), Q(state=RowState.REGISTERED)),
    "updated": (_("已更新"), Q(state=RowState.UPDATED)),
    "unchanged": (_("无变化"), Q(state=RowState.UNCHANGED)),
    "refused": (_("未导入"), Q(state=RowState.REFUSED)),
    "skipped": (_("已跳过"), Q(state=RowState.SKIPPED)),
    "undone": (_("已撤销"), Q(state=RowState.UNDONE)),
    "kept": (_("未能撤销"), Q(state=RowState.KEPT)),
}
TONES = {
    RowState.PENDING: "soon",
    RowState.REGISTERED: "done",
    RowState.UPDATED: "done",
    RowState.REFUSED: "late",
    RowState.KEPT: "late",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """A row as the list shows it."""

    number: int
    word: Any
    tone: str
    values: dict[str, str]
    changes: list[tuple[str, str, str]]
    said: list[dict[str, Any]]
    contract: Contract | None


def outcome(request: Asked, sheet: SheetImport) -> dict[str, Any]:
    """Return counts, filters and one page of the rows of ``sheet``."""
    stands = counts(sheet)
    here = request.GET.get("state", "")
    absent = missing(sheet) if sheet.planned_at else LedgerRow.objects.none()
    tabs = [(name, word, n) for name, (word, _q) in FILTERS.items() if (n := getattr(stands, name)) or name == here]
    n_absent = absent.count() if sheet.previous_id and sheet.planned_at else 0
    if n_absent:
        tabs.append(("missing", _("新表没有"), n_absent))
    rows: LedgerRowQuerySet = absent if here == "missing" else sheet.rows.all()
    rows = rows.filter(FILTERS[here][1]) if here in FILTERS else rows
    page = page_of(request, rows.select_related("contract"), ORDER)
    visible = _visible(request.user, [row.contract_id for row in page.rows if row.contract_id])
    page.rows = [shown(row, visible) for row in page.rows]
    return {"counts": stands, "state": here, "filters": tabs, "page": page, "progress": _progress(sheet, stands)}


def shown(row: LedgerRow, visible: set[int]) -> Shown:
    """Return a row as the list shows it; its contract only where the person may open it."""
    state = RowState(row.state)
    word = state.label
    if state == RowState.PENDING:
        word = FILTERS["changing" if row.contract_id else "new"][0]
    changes = [(str(Contract.label_of(field)), *_words(field, said)) for field, said in row.changes.items()]
    contract = row.contract if row.contract_id in visible else None
    return Shown(row.number, word, TONES.get(state, "idle"), row.values, changes, worded(row.problems), contract)


def _words(field: str, said: list[str]) -> tuple[str, str]:
    """Return what a field said before and says now, states by their names."""
    if field != "past_state":
        return said[0], said[1]
    old, new = (str(PastState(text).label) if text else "" for text in said[:2])
    return old, new


def worded(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return problems of cells with the words of their refusals."""
    told = []
    for problem in problems:
        refusal = Refused(problem["code"], number=problem.get("text", ""), filename="")
        told.append(problem | {"message": refusal.message, "next_step": refusal.next_step})
    return told


def _visible(user: User, pks: list[int]) -> set[int]:
    return set(Contract.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True)) if pks else set()


def _progress(sheet: SheetImport, stands: Counts) -> dict[str, int]:
    """Return how far the worker is with what it does: rows done, of how many."""
    if sheet.work == "plan":
        return {"done": stands.rows, "total": max(sheet.rows_total, 1)}
    if sheet.work == "undo":
        brought = stands.undone + stands.kept
        return {"done": brought, "total": max(brought + stands.registered + stands.updated, 1)}
    return {"done": stands.done, "total": max(stands.rows, 1)}
