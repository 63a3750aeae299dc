"""项目的清单: matches, the gaps on both sides, differences; filtered, acted upon, exported as shown."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qidang.accounts.capabilities import may, require
from qidang.contracts.models import Contract
from qidang.intake import comparing, pairing
from qidang.intake.models import Arrival, LedgerRow, MatchState, Project, State, Winner
from qidang.intake.rows_named import row_named
from qidang.kit.refusal import Refused
from qidang.ledger import record_read
from qidang.web.answers import Asked
from qidang.web.lists.columns import Column
from qidang.web.lists.export import as_sheet
from qidang.web.lists.paging import sheet
from qidang.web.onboarding import columns
from qidang.web.onboarding.forms import DifferenceFilter, FileFilter, Filter, MatchFilter, RowFilter
from qidang.web.onboarding.projects import project_of

ORDER = ("id",)
Rows = QuerySet[Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Listing:
    """A list of a project: how it is called, what its rows are, what shows of them."""

    name: str
    title: str | Promise
    columns: Sequence[Column]
    form: type[Filter]
    rows: Callable[[Project], Rows]
    related: Sequence[str]
    to_contract: str

    def shown(self, request: Asked, project: Project) -> tuple[Filter, Rows]:
        """Return the filter as asked, and the rows it lets through, each knowing the contract where it may be seen."""
        form = self.form(request.GET)
        rows = self.rows(project).select_related(*self.related)
        if self.to_contract:
            rows = rows.prefetch_related(Prefetch(self.to_contract, Contract.objects.visible_to(request.user)))
        return form, form.narrow(rows) if form.is_valid() else rows.none()


MATCHES = Listing(
    "matches",
    gettext_lazy("匹配"),
    columns.MATCHES,
    MatchFilter,
    lambda project: project.matches.exclude(arrival__state=State.ISOLATED),
    ("arrival", "row__sheet", "by__department"),
    "row__contract",
)
WITHOUT_SCAN = Listing(
    "without_scan",
    gettext_lazy("有台账无扫描"),
    columns.ROWS,
    RowFilter,
    lambda project: project.current_rows.unmatched(),
    ("sheet",),
    "contract",
)
WITHOUT_ROW = Listing(
    "without_row", gettext_lazy("有扫描无台账"), columns.FILES, FileFilter, pairing.open_files, ("batch",), ""
)
DIFFERENCES = Listing(
    "differences",
    gettext_lazy("台账与原文的差异"),
    columns.DIFFERENCES,
    DifferenceFilter,
    lambda project: project.differences.all(),
    ("match__arrival", "match__row__sheet", "by__department"),
    "match__row__contract",
)


def _page(request: Asked, project: Project, listing: Listing) -> HttpResponse:
    form, rows = listing.shown(request, project)
    context = {
        "project": project,
        "listing": listing,
        "form": form,
        "sheet": sheet(request, rows, ORDER),
        "total": rows.count(),
        "query": request.GET.urlencode(),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "may_work": may(request.user, "intake.review"),
        "may_export": may(request.user, "contract.export"),
    }
    return render(request, f"onboarding/{listing.name}.html", context)


def _export(request: Asked, uid: uuid.UUID, listing: Listing) -> HttpResponse:
    project = project_of(request, uid)
    require(request.user, "contract.export")
    rows = listing.shown(request, project)[1].order_by(*ORDER)
    told = {"list": listing.name, "query": request.GET.urlencode()}
    record_read("project.exported", project, by=request.user, details=told)
    return as_sheet(rows.iterator(chunk_size=500), listing.columns, f"{project}_{listing.title}")


def _back(request: Asked) -> HttpResponse:
    return redirect(request.get_full_path())


def _picked(request: Asked) -> list[int]:
    return [int(text) for text in request.POST.getlist("pick") if text.isdecimal() and len(text) < 19]


def _tell(request: Asked, done: int, words: str, refused: Iterable[Refused]) -> None:
    """Say how many were done, and every refusal once."""
    for said in dict.fromkeys(f"{one.message} {one.next_step}" for one in refused):
        messages.error(request, said)
    if done:
        messages.success(request, words % {"n": done})


def matches(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """匹配; POST confirms, declines or undoes the chosen ones."""
    project = project_of(request, uid)
    if request.method == "POST":
        _match(request, project)
        return _back(request)
    return _page(request, project, MATCHES)


def _match(request: Asked, project: Project) -> None:
    require(request.user, "intake.review")
    act, keys = request.POST.get("act"), _picked(request)
    if act == "all":
        keys = list(MATCHES.shown(request, project)[1].filter(state=MatchState.PROPOSED).values_list("pk", flat=True))
    if not keys:
        messages.error(request, _("先选中要处理的匹配"))
    elif act == "decline":
        done = pairing.decline(project, keys, by=request.user)
        _tell(request, done, _("已否定 %(n)s 处，不再提示"), [])
    elif act == "undo":
        _undo(request, project, keys)
    else:
        done, refused = pairing.adopt(project, keys, by=request.user)
        _tell(request, done, _("已确认 %(n)s 处匹配"), [one for _name, one in refused])


def _undo(request: Asked, project: Project, keys: list[int]) -> None:
    done, refused = 0, []
    for match in project.matches.filter(pk__in=keys):
        try:
            pairing.undo(match, by=request.user, why=request.POST.get("why", ""))
            done += 1
        except Refused as refusal:
            refused.append(refusal)
    _tell(request, done, _("已撤销 %(n)s 处匹配，文件回到“有扫描无台账”"), refused)


def export_matches(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """导出匹配."""
    return _export(request, uid, MATCHES)


def without_scan(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """有台账无扫描: registered all the same."""
    return _page(request, project_of(request, uid), WITHOUT_SCAN)


def export_without_scan(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """导出有台账无扫描."""
    return _export(request, uid, WITHOUT_SCAN)


def without_row(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """有扫描无台账; POST gives the chosen files to a row that a person names."""
    project = project_of(request, uid)
    if request.method == "POST":
        require(request.user, "intake.review")
        files = list(WITHOUT_ROW.rows(project).filter(pk__in=_picked(request)))
        _pair(request, project, files)
        return _back(request)
    return _page(request, project, WITHOUT_ROW)


def _pair(request: Asked, project: Project, files: list[Arrival]) -> None:
    if not files:
        messages.error(request, _("先选中文件"))
        return
    row: LedgerRow = row_named(project, request.POST.get("row", ""))
    for arrival in files:
        pairing.pair_by_hand(project, arrival, row, by=request.user)
    _tell(request, len(files), _("已把 %(n)s 份文件配给这一行"), [])


def export_without_row(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """导出有扫描无台账."""
    return _export(request, uid, WITHOUT_ROW)


def differences(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """差异; POST lets the ledger's or the paper's value stand."""
    project = project_of(request, uid)
    if request.method == "POST":
        require(request.user, "intake.review")
        take = Winner.PAPER if request.POST.get("act") == "paper" else Winner.SHEET
        keys = _picked(request)
        done, refused = comparing.settle(project, keys, take=take, by=request.user)
        if not keys:
            messages.error(request, _("先选中要定夺的差异"))
        _tell(request, done, _("已定夺 %(n)s 处差异"), refused)
        return _back(request)
    return _page(request, project, DIFFERENCES)


def export_differences(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """导出差异."""
    return _export(request, uid, DIFFERENCES)
