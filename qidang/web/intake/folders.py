"""监视文件夹的页."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import require
from qidang.accounts.models import Department
from qidang.intake.folders import unwatch as end_watch
from qidang.intake.folders import watch
from qidang.intake.models import WatchedFolder
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.forms import QuietForm


class FolderForm(QuietForm):
    """Which folder, and for whom its papers are."""

    path = forms.CharField(
        label=gettext_lazy("服务器上的文件夹"),
        max_length=500,
        help_text=gettext_lazy("例如 /srv/扫描仪 或挂载的网络盘；收完的文件移到其中的「已收」"),
    )
    department = forms.ModelChoiceField(
        Department.objects.active(), label=gettext_lazy("归属部门"), required=False, empty_label="—"
    )
    registers_by_itself = forms.BooleanField(label=gettext_lazy("读得准的直接登记，其余留待核对"), required=False)


def folders(request: Asked) -> HttpResponse:
    """监视文件夹: the watched ones, and a form for one more."""
    require(request.user, "system.manage")
    form, refusal = FolderForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            folder = watch(by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("开始监视 %(path)s") % {"path": folder.path})
            return redirect("intake:folders")
    rows = WatchedFolder.objects.select_related("department", "by").order_by("-is_active", "path")
    told = [(one, Refused(one.problem, path=one.path) if one.problem else None) for one in rows]
    context = {"form": form, "refusal": refusal, "folders": told}
    return render(request, "intake/folders.html", context, status=409 if refusal else 200)


@require_POST
def unwatch(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """停止监视."""
    require(request.user, "system.manage")
    folder = get_object_or_404(WatchedFolder, uid=uid)
    end_watch(folder, by=request.user)
    messages.success(request, _("已停止监视 %(path)s") % {"path": folder.path})
    return redirect("intake:folders")
