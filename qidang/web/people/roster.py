"""花名册的页: a sheet of people or departments is tried, looked at, and only then taken in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qidang.accounts.capabilities import require
from qidang.accounts.roster import (
    DEPARTMENTS,
    PEOPLE,
    Line,
    take_departments,
    take_people,
    try_departments,
    try_people,
)
from qidang.kit.refusal import Refused
from qidang.kit.sheets import write_sheet
from qidang.web.answers import Asked, attachment
from qidang.web.forms import QuietForm
from qidang.web.lists.export import XLSX
from qidang.web.sheet_lines import lines_of

KINDS = {"people": PEOPLE, "departments": DEPARTMENTS}
MOST = 5000  # rows of one sheet
PATIENCE = 20.0  # seconds of one request; hashing first passwords is slow on purpose
SALT = "roster"


class RosterForm(QuietForm):
    """The sheet, and what it lists."""

    kind = forms.ChoiceField(
        label=gettext_lazy("表里是"),
        choices=[("people", gettext_lazy("人员")), ("departments", gettext_lazy("部门"))],
    )
    file = forms.FileField(label=gettext_lazy("文件（.xlsx .xls .csv）"))


def roster(request: Asked) -> HttpResponse:
    """花名册: POST with a file tries it; POST with the rows that were tried takes them in."""
    require(request.user, "people.manage")
    if request.POST.get("act") == "take":
        return _taken(request)
    form = RosterForm(request.POST or None, request.FILES or None)
    shown: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        kind, file = form.cleaned_data["kind"], form.cleaned_data["file"]
        try:
            lines = lines_of(file.read(), file.name, KINDS[kind], most=MOST).rows
        except Refused as refusal:
            return render(request, "people/roster.html", shown | {"refusal": refusal}, status=409)
        verdicts = try_people(lines, by=request.user) if kind == "people" else try_departments(lines, by=request.user)
        good = [one.line for one in verdicts if one.outcome in ("new", "changed")]
        shown |= {"verdicts": verdicts, "n_good": len(good), "n_all": len(lines), "rows": _sealed(kind, good)}
    return render(request, "people/roster.html", shown)


def template(request: Asked) -> HttpResponse:
    """模板: an empty sheet with the columns that are known."""
    require(request.user, "people.manage")
    kind = request.GET.get("kind", "people")
    columns = [str(label) for label, _words in KINDS.get(kind, PEOPLE).values()]
    return attachment(write_sheet([], columns), f"{_('花名册')}-{kind}.xlsx", XLSX)


def _taken(request: Asked) -> HttpResponse:
    """Take in the rows that were tried; what there was no time for is offered again."""
    try:
        kind, rows = signing.loads(request.POST.get("rows", ""), salt=SALT)
    except signing.BadSignature as error:
        raise Refused("web.roster_lost") from error
    lines, rest = [Line(number, values) for number, values in rows], list[Line]()
    if kind == "people":
        verdicts, rest = take_people(lines, by=request.user, seconds=PATIENCE)
    else:
        verdicts = take_departments(lines, by=request.user)
    shown = {
        "form": RosterForm(),
        "verdicts": verdicts,
        "is_done": True,
        "n_rest": len(rest),
        "rows": _sealed(kind, rest),
        "has_passwords": any(one.told for one in verdicts),
    }
    return render(request, "people/roster.html", shown)


def _sealed(kind: str, lines: Sequence[Line]) -> str:
    return signing.dumps([kind, [[one.number, one.values] for one in lines]], salt=SALT, compress=True)
