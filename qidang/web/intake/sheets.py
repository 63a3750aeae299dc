"""台账导入的页: bring a sheet, say what its columns mean, try, then import."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qidang.accounts.capabilities import require
from qidang.accounts.models import Department, User
from qidang.intake.columns import LABELS, NEEDED
from qidang.intake.models import Batch, SheetImport
from qidang.intake.sheets import Tab, bring_in, choose, dry_run, tab_of
from qidang.intake.sheets import bring as bring_sheet
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.forms import QuietForm, dress

PROBLEMS_SHOWN = 200
RECENT = 20
SAMPLE = 5


class SheetForm(QuietForm):
    """The file, and whose contracts it lists."""

    file = forms.FileField(label=gettext_lazy("台账文件（.xlsx .xls .csv）"))
    unit = forms.ModelChoiceField(
        Department.objects.units().active(),
        label=gettext_lazy("签约主体"),
        required=False,
        empty_label="—",
        help_text=gettext_lazy("表里没有写我方主体的行归它"),
    )


class ColumnsForm(QuietForm):
    """列映射: for each field of a contract, the column that holds it."""

    def __init__(self, sheet: SheetImport, tab: Tab, data: Any = None) -> None:
        super().__init__(data)
        units = Department.objects.units().active()
        choices = [("", "—")] + [
            (str(number), f"{number + 1}. {heading}") for number, heading in enumerate(tab.headings) if heading.strip()
        ]
        for name, label in LABELS.items():
            self.fields[name] = forms.ChoiceField(
                choices=choices, label=str(label), required=name in NEEDED, initial=str(sheet.columns.get(name, ""))
            )
        self.fields["unit"] = forms.ModelChoiceField(
            units, label=gettext_lazy("签约主体"), required=False, initial=sheet.unit_id, empty_label="—"
        )
        for field in self.fields.values():
            dress(field)

    def columns(self) -> dict[str, int]:
        """Return the chosen columns by field."""
        values = self.cleaned_data
        return {name: int(values[name]) for name in LABELS if values.get(name)}


def bring(request: Asked) -> HttpResponse:
    """台账导入: choose a file; earlier ones stand below."""
    require(request.user, "contract.create")
    form, refusal = SheetForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = bring_sheet(file, file.name, by=request.user, unit=form.cleaned_data["unit"])
        except Refused as error:
            refusal = error
        else:
            return redirect("intake:sheet", sheet.uid)
    rows = _sheets(request.user).select_related("batch__by").order_by("-id")[:RECENT]
    context = {"form": form, "refusal": refusal, "sheets": rows}
    return render(request, "intake/sheets.html", context, status=409 if refusal else 200)


def sheet(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """列映射与试导入; POST tries or imports."""
    require(request.user, "contract.create")
    sheet = get_object_or_404(_sheets(request.user).select_related("batch", "unit", "blob"), uid=uid)
    if sheet.imported_at:
        return render(request, "intake/sheet_done.html", {"sheet": sheet, "problems": _worded(sheet.errors)})
    tab = tab_of(sheet)
    form = ColumnsForm(sheet, tab, request.POST or None)
    outcome = None
    if request.method == "POST" and form.is_valid():
        choose(sheet, form.columns(), unit=form.cleaned_data["unit"], by=request.user)
        if request.POST.get("act") == "import":
            outcome = bring_in(sheet, by=request.user)
            messages.success(request, _("已登记 %(n)s 份合同") % {"n": outcome.registered})
            return redirect("intake:sheet", sheet.uid)
        outcome = dry_run(sheet, by=request.user)
    problems = [one.as_dict() for one in outcome.problems] if outcome else []
    context = {
        "sheet": sheet,
        "form": form,
        "tab": tab,
        "sample": tab.rows[tab.header + 1 : tab.header + 1 + SAMPLE],
        "outcome": outcome,
        "wrong": outcome.rows - outcome.registered if outcome else 0,
        "problems": _worded(problems),
    }
    return render(request, "intake/sheet.html", context)


def _sheets(user: User) -> QuerySet[SheetImport]:
    return SheetImport.objects.filter(batch__in=Batch.objects.visible_to(user))


def _worded(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first problems with the words of their refusals."""
    shown = []
    for problem in problems[:PROBLEMS_SHOWN]:
        refusal = Refused(problem["code"], number=problem.get("text", ""))
        shown.append(problem | {"message": refusal.message, "next_step": refusal.next_step})
    return shown
