"""项目的来源: ledgers, files that are uploaded, folders of the server."""

from __future__ import annotations

import json
import uuid

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import require
from qidang.intake import projects as onboarding
from qidang.intake.models import Source, Upload
from qidang.web.answers import Asked
from qidang.web.intake.uploading import RECENT, labels, receive_files
from qidang.web.onboarding.forms import FolderForm, LedgerForm
from qidang.web.onboarding.projects import project_of


@require_POST
def ledger(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """添加台账; its columns are looked at on the next page."""
    project = project_of(request, uid)
    form = LedgerForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("先选一个台账文件"))
        return redirect("onboarding:project", project.uid)
    file = form.cleaned_data["file"]
    sheet = onboarding.add_ledger(project, file, file.name, by=request.user)
    return redirect("intake:sheet", sheet.uid)


def upload(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """上传文件、文件夹、ZIP into the project: by an ordinary form, or piece by piece as everywhere."""
    project, user = project_of(request, uid), request.user
    require(user, "intake.upload")
    require(user, "intake.review")
    if request.method == "POST":
        batch = onboarding.open_project_batch(project, Source.UPLOAD, by=user)
        page = reverse("onboarding:project", args=[project.uid])
        if request.accepts("text/html"):
            receive_files(request, batch)
            return redirect(page)
        return JsonResponse({"batch": str(batch.uid), "page": page})
    context = {
        "project": project,
        "labels": json.dumps(labels(), ensure_ascii=False),
        "unfinished": Upload.objects.filter(by=user, arrival=None, batch__project=project).order_by("-id")[:RECENT],
    }
    return render(request, "onboarding/upload.html", context)


@require_POST
def folder(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """添加服务器文件夹, or look into one again."""
    project = project_of(request, uid)
    require(request.user, "system.manage")
    if request.POST.get("again"):
        known = get_object_or_404(project.folders, pk=request.POST["again"] if request.POST["again"].isdecimal() else 0)
        onboarding.look_again(known, by=request.user)
        messages.success(request, _("正在再看一遍 %(path)s") % {"path": known.path})
        return redirect("onboarding:project", project.uid)
    form = FolderForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("写上服务器上文件夹的路径"))
        return redirect("onboarding:project", project.uid)
    made = onboarding.add_folder(project, form.cleaned_data["path"], by=request.user)
    messages.success(request, _("正在收入 %(path)s 里的文件") % {"path": made.path})
    return redirect("onboarding:project", project.uid)
