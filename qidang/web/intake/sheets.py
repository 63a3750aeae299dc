"""台账导入的页: bring a sheet, say what its columns mean, try, then import."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qidang.accounts.capabilities import require
from qidang.accounts.models import Department, User
from qidang.intake.columns import HEADINGS, NEEDED
from qidang.intake.models import Batch, SheetImport
from qidang.intake.sheets import Tab, bring_in, choose, dry_run, tab_of
from qidang.intake.sheets import bring as bring_sheet
from qidang.kit.refusal import Refused
from qidang.web.intake.batches import person_of

PROBLEMS_SHOWN = 200


class SheetForm(forms.Form):
    """The file, and whose contracts it lists."""

    file = forms.FileField(label=gettext_lazy("台账文件（.xlsx .xls .csv）"))
    unit = forms.ModelChoiceField(Department.objects.units(), label=gettext_lazy("签约主体"), required=False)


class ColumnsForm(forms.Form):
    """列映射: for each field of a contract, the column that holds it."""

    def __init__(self, sheet: SheetImport, tab: Tab, data: Any = None) -> None:
        super().__init__(data)
        choices = [("", "—")] + [
            (str(number), f"{number + 1}. {heading}") for number, heading in enumerate(tab.headings) if heading.strip()
        ]
        for name, words in HEADINGS.items():
            self.fields[name] = forms.ChoiceField(
                choices=choices,
                label=words[0],
                required=name in NEEDED,
                initial=str(sheet.columns.get(name, "")),
            )
        self.fields["unit"] = forms.ModelChoiceField(
            Department.objects.units(), label=gettext_lazy("签约主体"), required=False, initial=sheet.unit_id
        )

    def columns(self) -> dict[str, int]:
        """Return the chosen columns by field."""
        values = self.cleaned_data
        return {name: int(values[name]) for name in HEADINGS if values.get(name)}


@login_required
def bring(request: HttpRequest) -> HttpResponse:
    """台账导入: choose a file; earlier ones stand below."""
    user = person_of(request)
    require(user, "contract.create")
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        sheet = bring_sheet(file, file.name, by=user, unit=form.cleaned_data["unit"])
        return redirect("intake:sheet", sheet.uid)
    rows = _sheets(user).select_related("batch__by")[:20]
    return render(request, "intake/sheets.html", {"form": form, "sheets": rows})


@login_required
def sheet(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """列映射与试导入; POST tries or imports."""
    user = person_of(request)
    require(user, "contract.create")
    sheet = get_object_or_404(_sheets(user).select_related("batch", "unit", "blob"), uid=uid)
    if sheet.imported_at:
        return render(request, "intake/sheet_done.html", {"sheet": sheet, "problems": _worded(sheet.errors)})
    tab = tab_of(sheet)
    form = ColumnsForm(sheet, tab, request.POST or None)
    outcome = None
    if request.method == "POST" and form.is_valid():
        choose(sheet, form.columns(), unit=form.cleaned_data["unit"], by=user)
        if request.POST.get("act") == "import":
            outcome = bring_in(sheet, by=user)
            messages.success(request, _("已登记 %(n)s 份合同。") % {"n": outcome.registered})
            return redirect("intake:sheet", sheet.uid)
        outcome = dry_run(sheet, by=user)
    problems = _worded([one.as_dict() for one in outcome.problems]) if outcome else []
    sample = tab.rows[tab.header + 1 : tab.header + 6]
    context = {"sheet": sheet, "form": form, "tab": tab, "sample": sample, "outcome": outcome, "problems": problems}
    return render(request, "intake/sheet.html", context)


def _sheets(user: User) -> Any:
    return SheetImport.objects.filter(batch__in=Batch.objects.visible_to(user))


def _worded(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        problem | {"message": Refused(problem["code"]).message, "next_step": Refused(problem["code"]).next_step}
        for problem in problems[:PROBLEMS_SHOWN]
    ]
