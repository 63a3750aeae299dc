"""上传: many files, by choosing or dropping them; without script by an ordinary form."""

from __future__ import annotations

import json
from typing import Any, BinaryIO, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qidang.accounts.capabilities import may, require
from qidang.accounts.models import Department, User
from qidang.intake.models import Batch, Source, Upload
from qidang.intake.receiving import keep_sent, open_batch, pass_over, receive, skipped
from qidang.kit.refusal import Refused
from qidang.reading.litter import why_passed_over
from qidang.web.answers import Asked
from qidang.web.forms import QuietForm

RECENT = 5


class BatchForm(QuietForm):
    """What is said once for all files of a batch."""

    department = forms.ModelChoiceField(
        Department.objects.none(), label=gettext_lazy("归属部门"), required=False, empty_label="—"
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)
    registers_by_itself = forms.BooleanField(label=gettext_lazy("读得准的直接登记，其余留待核对"), required=False)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs["placeholder"] = _("例如 三月签回的合同")
        field = self.fields["department"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Department.objects.visible_to(user).active()
        field.initial = user.department_id
        if not may(user, "contract.create"):
            del self.fields["registers_by_itself"]


def upload(request: Asked) -> HttpResponse:
    """上传页; POST opens a batch, with the files of an ordinary form or for the uploads that follow."""
    user = request.user
    require(user, "intake.upload")
    form = BatchForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        batch = open_batch(Source.UPLOAD, by=user, **form.cleaned_data)
        if request.accepts("text/html"):
            receive_files(request, batch)
            return redirect("intake:batch", batch.uid)
        return JsonResponse({"batch": str(batch.uid), "page": reverse("intake:batch", args=[batch.uid])})
    recent = Batch.objects.visible_to(user).with_counts().select_related("by", "department").order_by("-id")
    context = {
        "form": form,
        "recent": recent[:RECENT],
        "labels": json.dumps(labels(), ensure_ascii=False),
        "unfinished": Upload.objects.filter(by=user, arrival=None).order_by("-id")[:RECENT],
        "may_create": may(user, "contract.create"),
        "may_watch": may(user, "system.manage"),
    }
    return render(request, "intake/upload.html", context)


def receive_files(request: Asked, batch: Batch) -> None:
    for file in request.FILES.getlist("files"):
        name = file.name or ""
        if why := why_passed_over(name, file.size or 0):
            pass_over(batch, [(name, why)])
            messages.info(request, skipped(name, why).message)
            continue
        try:
            receive(batch, [keep_sent(cast(BinaryIO, file), name, file.size or 0)], by=request.user)
        except Refused as refusal:
            messages.error(request, f"{refusal.message} {refusal.next_step}")


def labels() -> dict[str, str]:
    """Return the words that the script shows."""
    return {
        "waiting": _("等待上传"),
        "kept": _("已收妥"),
        "broken": _("连接中断，正在重连"),
        "resumed": _("从断开处继续"),
        "refused": _("没有收下"),
        "done": _("已收 {done} / {all} 份"),
        "failed": _("{n} 份没有收下"),
        "skipped": _("{n} 份杂件或空文件已跳过"),
        "signed_out": _("登录已失效。重新登录后再选同样的文件，会从断开处继续。"),
    }
