"""台账导入的页: bring a sheet, say what its columns mean, see what would become of every row, then bring it in."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import may, require
from qidang.accounts.models import Department, User
from qidang.contracts.models import CustomField
from qidang.intake.columns import LABELS, NEEDED
from qidang.intake.headings import HIGHEST
from qidang.intake.models import SheetImport
from qidang.intake.sheets import bring as bring_sheet
from qidang.intake.sheets import bring_in, choose, head, plan, undo
from qidang.intake.tabs import Tab, tab_of, tabs
from qidang.kit.clock import today
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.forms import QuietForm, dress
from qidang.web.intake.sheet_rows import outcome

RECENT = 20
SAMPLE = 5
SHOWN_COLUMNS = 40  # of the sample
OFFERED = 300  # headings that a choice offers; a sheet may have 16,384


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


class HeadForm(QuietForm):
    """表头: the tab, and the rows with the names of the columns."""

    tab = forms.ChoiceField(label=gettext_lazy("工作表"))
    header_row = forms.IntegerField(label=gettext_lazy("表头从第几行起"), min_value=1, max_value=100_000)
    header_rows = forms.IntegerField(label=gettext_lazy("表头占几行"), min_value=1, max_value=HIGHEST)

    def __init__(self, found: list[Tab], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["tab"]
        assert isinstance(chooser, forms.ChoiceField)
        hidden = _("（隐藏）")
        chooser.choices = [(one.name, one.name + (hidden if one.grid.is_hidden else "")) for one in found]


class ColumnsForm(QuietForm):
    """列映射: for each field of a contract, the column that holds it; and how rows are known again."""

    def __init__(self, sheet: SheetImport, by: User, data: Any = None) -> None:
        super().__init__(data)
        named = [(number, text) for number, text in enumerate(sheet.headings) if text.strip()]
        meant = {*sheet.columns.values(), *sheet.key_columns}
        offered = [one for place, one in enumerate(named) if place < OFFERED or one[0] in meant]
        choices = [(str(number), f"{number + 1}. {text}") for number, text in offered]
        for name, label in self._labels().items():
            self.fields[name] = forms.ChoiceField(
                choices=[("", "—"), *choices],
                label=str(label),
                required=name in NEEDED,
                initial=str(sheet.columns.get(name, "")),
            )
        self.fields["unit"] = forms.ModelChoiceField(
            Department.objects.units().active(),
            label=gettext_lazy("签约主体"),
            required=False,
            initial=sheet.unit_id,
            empty_label="—",
        )
        people = User.objects.visible_to(by).active()
        self.fields["keeper"] = forms.ModelChoiceField(
            people | User.objects.filter(pk__in=[sheet.keeper_id]),
            label=gettext_lazy("没有归属的归谁"),
            initial=sheet.keeper_id,
            help_text=gettext_lazy("业务员对不上的行归他，别人看不到"),
        )
        self.fields["key_columns"] = forms.MultipleChoiceField(
            choices=choices,
            label=gettext_lazy("凭哪几列认出同一份合同"),
            required=False,
            initial=[str(one) for one in sheet.key_columns],
            help_text=gettext_lazy("不选就凭合同编号；没有编号的行凭客户、名称和签订日期"),
        )
        self.fields["skips_hidden"] = forms.BooleanField(
            label=gettext_lazy("跳过隐藏的行"), required=False, initial=sheet.skips_hidden
        )
        if may(by, "contract.enter_history"):
            self.fields["is_historical"] = forms.BooleanField(
                label=gettext_lazy("都是历史合同，随导入补登历史"),
                required=False,
                initial=sheet.is_historical,
                help_text=gettext_lazy("按“合同状态”列，没有就按日期；显示“历史登记 · 未经本系统审批”"),
            )
        for field in self.fields.values():
            dress(field)

    def _labels(self) -> dict[str, Any]:
        """The fields of a contract that a column can mean: those of every contract, then the custom ones in use."""
        self.customs = list(CustomField.objects.open(today()))
        return LABELS | {one.name: _custom_label(one) for one in self.customs}

    def chosen(self) -> dict[str, Any]:
        """Return what was chosen, as ``choose`` takes it."""
        values, names = self.cleaned_data, [*LABELS, *(one.name for one in self.customs)]
        return {
            "columns": {name: int(values[name]) for name in names if values.get(name)},
            "key_columns": [int(one) for one in values["key_columns"]],
        } | {name: values[name] for name in ("unit", "keeper", "skips_hidden", "is_historical") if name in values}


def _custom_label(one: CustomField) -> str:
    return f"{one.label}（{one.get_contract_type_display()}）" if one.contract_type else one.label


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
    rows = SheetImport.objects.visible_to(request.user).select_related("batch__by").order_by("-id")[:RECENT]
    context = {"form": form, "refusal": refusal, "sheets": rows}
    return render(request, "intake/sheets.html", context, status=409 if refusal else 200)


def sheet(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """一份台账: what its columns mean, what would become of its rows or what did; POST tries or imports."""
    one = found(request, uid)
    if one.started_at or one.is_busy:
        return _shown(request, one, {})
    form, refusal = ColumnsForm(one, request.user, request.POST or None), None
    if request.method == "POST":
        try:
            if request.POST.get("act") == "import":
                bring_in(one, by=request.user)
                return redirect("intake:sheet", one.uid)
            if form.is_valid():
                choose(one, by=request.user, **form.chosen())
                plan(one, by=request.user)
                return redirect("intake:sheet", one.uid)
        except Refused as error:
            refusal = error
    return _shown(request, one, _mapping(one) | {"form": form, "refusal": refusal})


@require_POST
def heading(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """表头: another tab or other rows."""
    one = found(request, uid)
    form = HeadForm(tabs(one), request.POST)
    if form.is_valid():
        head(one, by=request.user, **form.cleaned_data)
    else:
        messages.error(request, _("表头没有改：行数要在 1 到 4 之间"))
    return redirect("intake:sheet", one.uid)


@require_POST
def undoing(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """撤销导入."""
    one = found(request, uid)
    undo(one, by=request.user, why=request.POST.get("why", ""))
    return redirect("intake:sheet", one.uid)


def found(request: Asked, uid: uuid.UUID) -> SheetImport:
    """Return the sheet that the person may see; refuse who registers nothing."""
    require(request.user, "contract.create")
    related = ("batch__by", "unit", "blob", "keeper", "started_by", "undone_by", "previous")
    one: SheetImport = get_object_or_404(SheetImport.objects.visible_to(request.user).select_related(*related), uid=uid)
    return one


def _mapping(one: SheetImport) -> dict[str, Any]:
    """Return what the part about columns shows: the tabs, the heading, the first rows, what is odd."""
    every, tab = tabs(one), tab_of(one)
    start = {name: getattr(one, name) for name in ("tab", "header_row", "header_rows")}
    first = [row for row, _ in zip(tab.rows(), range(SAMPLE), strict=False)]
    width = min(len(tab.headings), SHOWN_COLUMNS)
    return {
        "head_form": HeadForm(every, initial=start),
        "headings": tab.headings[:width],
        "sample": [(row.number, [row.cells.get(column, "") for column in range(width)]) for row in first],
        "left_out": len(tab.headings) - width,
        "n_tabs": len(every),
        "n_hidden": len(tab.hidden()),
        "n_uncalculated": len(tab.grid.uncalculated),
        "is_cut": tab.grid.is_cut,
    }


def _shown(request: Asked, one: SheetImport, more: dict[str, Any]) -> HttpResponse:
    context = {"sheet": one} | more | outcome(request, one)
    if "HX-Request" in request.headers:
        return render(request, "intake/sheet_outcome.html", context)
    page = "intake/sheet.html" if more else "intake/sheet_done.html"
    return render(request, page, context, status=409 if more.get("refusal") else 200)
