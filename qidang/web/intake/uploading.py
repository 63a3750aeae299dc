"""上传: many files, by choosing or dropping them; without script by an ordinary form."""

from __future__ import annotations

import json

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qidang.accounts.capabilities import may, require
from qidang.accounts.models import Department, User
from qidang.intake.models import Batch, Source
from qidang.intake.receiving import keep, open_batch, receive
from qidang.kit.refusal import Refused


class BatchForm(forms.Form):
    """What is said once for all files of a batch."""

    department = forms.ModelChoiceField(Department.objects.none(), label=_("归属部门"), required=False)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)
    registers_by_itself = forms.BooleanField(label=_("读得准的直接登记，其余留待核对"), required=False)

    def __init__(self, user: User, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["department"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Department.objects.visible_to(user).active()
        field.initial = user.department_id
        if not may(user, "contract.create"):
            del self.fields["registers_by_itself"]


@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """上传页; POST opens a batch, with the files of an ordinary form or for the uploads that follow."""
    user = request.user
    assert isinstance(user, User)
    require(user, "intake.upload")
    form = BatchForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        batch = open_batch(
            Source.UPLOAD,
            by=user,
            department=form.cleaned_data["department"],
            note=form.cleaned_data["note"],
            registers_by_itself=form.cleaned_data.get("registers_by_itself", False),
        )
        if request.accepts("text/html"):
            _receive_files(request, batch, user)
            return redirect("intake:batch", batch.uid)
        return JsonResponse({"batch": str(batch.uid), "page": reverse("intake:batch", args=[batch.uid])})
    recent = Batch.objects.visible_to(user).with_counts().select_related("by")[:5]
    return render(request, "intake/upload.html", {"form": form, "recent": recent, "labels": json.dumps(_labels())})


def _receive_files(request: HttpRequest, batch: Batch, user: User) -> None:
    for file in request.FILES.getlist("files"):
        try:
            if not file.size:
                raise Refused("intake.empty_file", filename=file.name)
            receive(batch, [keep(file, file.name or "")], by=user)  # type: ignore[arg-type]
        except Refused as refusal:
            messages.error(request, f"{refusal.message} {refusal.next_step}")


def _labels() -> dict[str, str]:
    return {
        "waiting": str(_("等待上传")),
        "kept": str(_("已收妥")),
        "broken": str(_("连接中断，正在重连")),
        "refused": str(_("未收")),
    }
