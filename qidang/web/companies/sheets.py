"""客户表的页: a sheet of customers is tried, looked at row by row, taken in, taken back; template and export."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import require
from qidang.contracts import customer_sheets
from qidang.contracts.customer_rows import COLUMNS
from qidang.contracts.models import Company, CustomerRow, CustomerSheet
from qidang.contracts.tasks import carry_on_customer_sheets
from qidang.kit.refusal import Refused
from qidang.kit.sheets import write_sheet
from qidang.ledger import record_read
from qidang.web.answers import Asked, attachment
from qidang.web.companies.views import arranged, filtered
from qidang.web.forms import QuietForm
from qidang.web.lists.export import XLSX, as_sheet
from qidang.web.lists.paging import sheet as page_of
from qidang.web.sheet_lines import lines_of

MOST = 20_000  # rows of one sheet
RECENT = 20
PATIENCE = 4.0  # seconds that a person waits; the worker does the rest
ORDER = ("number", "id")
State = CustomerRow.State
TONES = {
    State.NEW: "soon",
    State.CHANGED: "soon",
    State.ADDED: "done",
    State.UPDATED: "done",
    State.REFUSED: "late",
    State.KEPT: "late",
}


class SheetForm(QuietForm):
    """The sheet."""

    file = forms.FileField(label=gettext_lazy("文件（.xlsx .xls .csv）"))


class UndoForm(QuietForm):
    """撤销导入: the reason."""

    why = forms.CharField(label=gettext_lazy("撤销原因"), max_length=300)


def bring(request: Asked) -> HttpResponse:
    """导入客户: choose a file; it is tried, and nothing is written to any company. Earlier ones stand below."""
    require(request.user, "company.edit")
    form, refusal = SheetForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            lines = lines_of(file.read(), file.name, COLUMNS, most=MOST)
            one = customer_sheets.bring(lines.rows, file.name, by=request.user, left_out=lines.left_out)
        except Refused as error:
            refusal = error
        else:
            return redirect("companies:sheet", one.uid)
    sheets = CustomerSheet.objects.visible_to(request.user).select_related("by")[:RECENT]
    context = {"form": form, "refusal": refusal, "sheets": sheets}
    return render(request, "companies/sheets.html", context, status=409 if refusal else 200)


def template(request: Asked) -> HttpResponse:
    """模板: an empty sheet with the columns that are known."""
    require(request.user, "company.edit")
    columns = [str(label) for label, _words in COLUMNS.values()]
    return attachment(write_sheet([], columns), f"{_('客户导入模板')}.xlsx", XLSX)


def sheet(request: Asked, uid: UUID) -> HttpResponse:
    """一份客户表: what would become of its rows, or what did; POST takes them in."""
    one = _found(request, uid)
    if request.method != "POST":
        return _shown(request, one)
    try:
        customer_sheets.take(one, by=request.user)
    except Refused as refusal:
        return _shown(request, one, refusal)
    return _carried_on(request, one, _("已导入"))


@require_POST
def undoing(request: Asked, uid: UUID) -> HttpResponse:
    """撤销整次导入, with the reason."""
    one = _found(request, uid)
    try:
        customer_sheets.undo(one, by=request.user, why=request.POST.get("why", ""))
    except Refused as refusal:
        return _shown(request, one, refusal)
    return _carried_on(request, one, _("导入已撤销"))


def export(request: Asked) -> HttpResponse:
    """导出: the companies that are filtered, in the order and with the columns that are shown."""
    require(request.user, "contract.export")
    customers, look = filtered(request), arranged(request)
    record_read("companies.exported", by=request.user, details={"query": look.query})
    rows = customers.companies().order_by(*customers.order).prefetch_related("aliases", "codes")
    return as_sheet(rows.iterator(chunk_size=1000), look.columns, pgettext("复数", "客户"))


def _found(request: Asked, uid: UUID) -> CustomerSheet:
    require(request.user, "company.edit")
    related = ("by", "started_by", "undone_by")
    one: CustomerSheet = get_object_or_404(
        CustomerSheet.objects.visible_to(request.user).select_related(*related), uid=uid
    )
    return one


def _carried_on(request: Asked, one: CustomerSheet, words: str) -> HttpResponse:
    if customer_sheets.carry_on(one, seconds=PATIENCE):
        messages.success(request, words)
    else:
        carry_on_customer_sheets.enqueue()
        messages.success(request, _("行数较多，正在后台处理；可以离开，稍后再看"))
    return redirect("companies:sheet", one.uid)


def _shown(request: Asked, one: CustomerSheet, refusal: Refused | None = None) -> HttpResponse:
    found, here = customer_sheets.counts(one), request.GET.get("state", "")
    tabs = [(state.value, state.label, found[state.value]) for state in State if found.get(state.value)]
    rows = one.rows.filter(state=here) if here in State else one.rows.all()
    page = page_of(request, rows.select_related("company"), ORDER)
    visible = _visible(request, page.rows)
    page.rows = [_told(row, visible) for row in page.rows]
    waiting = sum(found.get(state, 0) for state in customer_sheets.WAITING)
    standing = sum(found.get(state, 0) for state in customer_sheets.TAKEN)
    total = sum(found.values())
    context: dict[str, Any] = {
        "sheet": one,
        "page": page,
        "tabs": tabs,
        "state": here,
        "total": total,
        "n_waiting": waiting,
        "n_standing": standing,
        "n_touched": customer_sheets.touched_since(one).count() if one.finished_at and not one.undone_at else 0,
        "progress": {"total": max(total, 1), "done": total - (standing if one.undone_at else waiting)},
        "undo_form": UndoForm(),
        "refusal": refusal,
    }
    page_name = "companies/sheet_rows.html" if "HX-Request" in request.headers else "companies/sheet.html"
    return render(request, page_name, context, status=409 if refusal else 200)


def _told(row: CustomerRow, visible: set[int]) -> dict[str, Any]:
    """Return a row as the page shows it; the company's page only where the person may open it."""
    state = State(row.state)
    is_new = not row.changes.get("name", ["-"])[0]
    beside = ("name", "uscc") if is_new else ()  # these stand in columns of their own
    shown = [(field, said) for field, said in row.changes.items() if field not in beside]
    changes = [(str(COLUMNS[field][0]), said[0], said[1]) for field, said in shown]
    return {
        "number": row.number,
        "word": state.label,
        "tone": TONES.get(state, "idle"),
        "name": row.name or (row.company.name if row.company else ""),
        "uscc": row.values.get("uscc", ""),
        "changes": changes,
        "refusal": row.refusal,
        "company": row.company if row.company_id in visible else None,
    }


def _visible(request: Asked, rows: list[CustomerRow]) -> set[int]:
    pks = [row.company_id for row in rows if row.company_id]
    return set(Company.objects.visible_to(request.user).filter(pk__in=pks).values_list("pk", flat=True))
