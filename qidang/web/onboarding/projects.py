"""导入项目的主页: figures, sources, the queue of papers to be read, settings."""

from __future__ import annotations

import dataclasses
import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import may, require
from qidang.intake import pairing
from qidang.intake import projects as onboarding
from qidang.intake.models import Project, SheetImport
from qidang.intake.progress import Figures, figures_of, queue_of
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.lists.paging import sheet
from qidang.web.onboarding.forms import FolderForm, LedgerForm, ProjectForm, SettingsForm

NEWEST = ("-id",)
LATEST = 3  # samples on the project's page


def project_of(request: Asked, uid: uuid.UUID) -> Project:
    """Return the project, or 404 for who may not see it."""
    rows = Project.objects.visible_to(request.user).select_related("by__department", "department", "unit")
    return get_object_or_404(rows, uid=uid)


def projects(request: Asked) -> HttpResponse:
    """导入项目: all of them that the person may see, and a form for one more."""
    require(request.user, "contract.create")
    form, refusal = ProjectForm(request.user, request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            project = onboarding.begin(by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("已新建「%(name)s」，先添加台账或文件") % {"name": project})
            return redirect("onboarding:project", project.uid)
    rows = Project.objects.visible_to(request.user).select_related("by", "department")
    context = {"form": form, "refusal": refusal, "sheet": sheet(request, rows, NEWEST)}
    return render(request, "onboarding/projects.html", context, status=409 if refusal else 200)


def project(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """项目页; the queue is asked for again by itself while papers are read."""
    project = project_of(request, uid)
    queue = queue_of(project)
    if "HX-Request" in request.headers:
        return render(request, "onboarding/project.html#queue", {"project": project, "queue": queue})
    figures = figures_of(project)
    sheets = SheetImport.objects.filter(batch__project=project).select_related("batch").order_by("id")
    context = {
        "project": project,
        "queue": queue,
        "figures": _shown(project, figures),
        "has_proposed": figures.proposed > 0,
        "sheets": sheets,
        "folders": project.folders.select_related("by").order_by("id"),
        "files": figures.files,
        "samplings": project.samplings.order_by("-id")[:LATEST],
        "may_work": may(request.user, "contract.create") and may(request.user, "intake.review"),
        "may_watch": may(request.user, "system.manage"),
        "ledger_form": LedgerForm(),
        "folder_form": FolderForm(),
    }
    return render(request, "onboarding/project.html", context)


@dataclasses.dataclass(frozen=True, slots=True)
class Tile:
    """A figure of the project with the list behind it."""

    title: str | Promise
    count: int
    icon: str
    href: str
    tone: str = "calm"


def _shown(project: Project, figures: Figures) -> list[Tile]:
    def to(name: str, query: str = "") -> str:
        return reverse(f"onboarding:{name}", args=[project.uid]) + query

    return [
        Tile(_("台账行"), figures.rows, icon="table", href="#ledgers"),
        Tile(_("文件"), figures.files, icon="files", href="#files"),
        Tile(_("已匹配"), figures.paired, icon="link", href=to("matches", "?state=standing")),
        Tile(
            _("待确认的匹配"),
            figures.proposed,
            icon="link-plus",
            href=to("matches", "?state=proposed"),
            tone="soon" if figures.proposed else "calm",
        ),
        Tile(_("有台账无扫描"), figures.rows_left, icon="file-off", href=to("without_scan")),
        Tile(_("有扫描无台账"), figures.files_left, icon="file-unknown", href=to("without_row")),
        Tile(
            _("台账与原文有差异"),
            figures.differences,
            icon="git-compare",
            href=to("differences", "?state=open"),
            tone="soon" if figures.differences else "calm",
        ),
        Tile(
            _("未导入的行"),
            figures.refused,
            icon="alert-triangle",
            href="#ledgers",
            tone="late" if figures.refused else "calm",
        ),
    ]


def settings(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """设置: per column whose value stands, and the hours of reading."""
    project = project_of(request, uid)
    require(request.user, "intake.review")
    form, refusal = SettingsForm(project, request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            onboarding.arrange(project, by=request.user, **form.values())
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("设置已保存"))
            return redirect("onboarding:project", project.uid)
    context = {"project": project, "form": form, "refusal": refusal}
    return render(request, "onboarding/settings.html", context, status=409 if refusal else 200)


@require_POST
def pause(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """暂停或继续识读."""
    project = project_of(request, uid)
    if request.POST.get("act") == "resume":
        onboarding.resume(project, by=request.user)
    else:
        onboarding.pause(project, by=request.user)
    return redirect("onboarding:project", project.uid)


@require_POST
def matching(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """重新匹配, at once."""
    project = project_of(request, uid)
    require(request.user, "intake.review")
    outcome = pairing.match_project(project)
    words = _("匹配完：新确认 %(paired)s 份，待确认 %(open)s 处，没对上 %(left)s 份")
    told = {"paired": outcome.paired, "open": outcome.proposed - outcome.paired, "left": outcome.left}
    messages.success(request, words % told)
    return redirect("onboarding:project", project.uid)
