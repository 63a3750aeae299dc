"""监视文件夹的页."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import require
from qidang.accounts.models import Department
from qidang.intake.folders import unwatch as end_watch
from qidang.intake.folders import watch
from qidang.intake.models import WatchedFolder
from qidang.web.intake.batches import person_of


class FolderForm(forms.Form):
    """Which folder, and for whom its papers are."""

    path = forms.CharField(
        label=gettext_lazy("服务器上的文件夹"),
        max_length=500,
        help_text=gettext_lazy("例如 /srv/扫描仪 或挂载的网络盘"),
    )
    department = forms.ModelChoiceField(Department.objects.active(), label=gettext_lazy("归属部门"), required=False)
    registers_by_itself = forms.BooleanField(label=gettext_lazy("读得准的直接登记，其余留待核对"), required=False)


@login_required
def folders(request: HttpRequest) -> HttpResponse:
    """监视文件夹: the watched ones, and a form for one more."""
    user = person_of(request)
    require(user, "system.manage")
    form = FolderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        folder = watch(
            values["path"],
            by=user,
            department=values["department"],
            registers_by_itself=values["registers_by_itself"],
        )
        messages.success(request, _("开始监视 %(path)s。") % {"path": folder.path})
        return redirect("intake:folders")
    rows = WatchedFolder.objects.select_related("department", "by")
    return render(request, "intake/folders.html", {"form": form, "folders": rows})


@login_required
@require_POST
def unwatch(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """停止监视."""
    folder = get_object_or_404(WatchedFolder, uid=uid)
    end_watch(folder, by=person_of(request))
    messages.success(request, _("已停止监视 %(path)s。") % {"path": folder.path})
    return redirect("intake:folders")
