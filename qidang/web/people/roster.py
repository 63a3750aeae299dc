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
from qidang.intake.tabs import grids_of
from qidang.kit.refusal import Refused
from qidang.kit.sheets import write_sheet
from qidang.kit.text import fold
from qidang.web.answers import Asked, attachment
from qidang.web.forms import QuietForm
from qidang.web.lists.export import XLSX

KINDS = {"people": PEOPLE, "departments": DEPARTMENTS}
MOST = 5000  # rows of one sheet
TRIED = 20  # rows among which the heading is looked for
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
            lines = _lines(file.read(), file.name, kind)
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


def _lines(content: bytes, filename: str, kind: str) -> list[Line]:
    """Return the rows of the first tab that has a heading we know. Raise Refused where none has."""
    known = KINDS[kind]
    for grid in grids_of(content, filename):
        for top in sorted(grid.rows)[:TRIED]:
            columns = _columns(grid.rows[top], known)
            if "name" in columns.values() and len(columns) > 1:
                rows = [(number, cells) for number, cells in sorted(grid.rows.items()) if number > top]
                if len(rows) > MOST:
                    raise Refused("web.roster_too_long", most=MOST)
                return [Line(number + 1, _values(cells, columns)) for number, cells in rows if _values(cells, columns)]
    raise Refused("web.roster_no_heading")


def _columns(cells: dict[int, str], known: dict[str, Any]) -> dict[int, str]:
    """Return which field stands in which column, the first column of each."""
    found: dict[str, int] = {}
    for name, (_label, words) in known.items():
        plain = {fold(word) for word in words}
        column = next((column for column, text in sorted(cells.items()) if fold(text).strip("*:") in plain), None)
        if column is not None and column not in found.values():
            found[name] = column
    return {column: name for name, column in found.items()}


def _values(cells: dict[int, str], columns: dict[int, str]) -> dict[str, str]:
    return {name: cells[column] for column, name in columns.items() if cells.get(column, "").strip()}
