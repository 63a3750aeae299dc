"""自定义字段: which ones there are, one more, and what can be changed of each."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import require
from qidang.contracts import defining
from qidang.contracts.models import CustomField
from qidang.kit.clock import today
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.custom_fields.forms import FieldForm, NewFieldForm, initial_of


def fields(request: Asked) -> HttpResponse:
    """自定义字段: all of them, and the form for one more."""
    require(request.user, "numbering.edit")
    form, refusal = NewFieldForm(request.POST or None, initial={"active_from": today()}), None
    if request.method == "POST" and form.is_valid():
        try:
            defining.define(by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("字段已新增，登记和修改合同时就能填写"))
            return redirect("custom_fields:list")
    found = CustomField.objects.annotate(held=Count("values_kept"))
    shown = {"rows": [(one, _state(one)) for one in found], "form": form, "refusal": refusal}
    return render(request, "custom_fields/list.html", shown, status=409 if refusal else 200)


def edit(request: Asked, uid: UUID) -> HttpResponse:
    """修改字段: its name, options, help, order, whether it is required."""
    field = _found(request, uid)
    form, refusal = FieldForm(request.POST or None, initial=initial_of(field)), None
    if request.method == "POST" and form.is_valid():
        try:
            defining.change(field, form.cleaned_data, by=request.user)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("字段已修改"))
            return redirect("custom_fields:list")
    shown = {"custom": field, "state": _state(field), "form": form, "refusal": refusal}
    return render(request, "custom_fields/edit.html", shown, status=409 if refusal else 200)


@require_POST
def closing(request: Asked, uid: UUID) -> HttpResponse:
    """停用 a field."""
    field = defining.close(_found(request, uid), by=request.user)
    messages.success(request, _("“%(field)s”已停用，已有的内容照常显示") % {"field": field})
    return redirect("custom_fields:list")


@require_POST
def reopening(request: Asked, uid: UUID) -> HttpResponse:
    """恢复使用 of a field."""
    field = defining.reopen(_found(request, uid), by=request.user)
    messages.success(request, _("“%(field)s”已恢复使用") % {"field": field})
    return redirect("custom_fields:list")


def _found(request: Asked, uid: UUID) -> CustomField:
    require(request.user, "numbering.edit")
    return get_object_or_404(CustomField, uid=uid)


def _state(field: CustomField) -> tuple[str, str]:
    if field.closed_at is not None:
        return "idle", _("已停用")
    return ("done", _("在用")) if field.is_open(today()) else ("busy", _("未起用"))
