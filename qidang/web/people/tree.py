"""部门: the tree, and what is done to a department."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.adding import add_department
from qidang.accounts.capabilities import require
from qidang.accounts.changing import disable_department, enable_department, move_department, rename_department
from qidang.accounts.models import Department
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.people.forms import DepartmentForm


def _found(request: Asked, uid: UUID) -> Department:
    require(request.user, "people.manage")
    department: Department = get_object_or_404(Department.objects.visible_to(request.user), uid=uid)
    return department


def departments(request: Asked) -> HttpResponse:
    """部门: the tree with its head counts, and the form for one more."""
    require(request.user, "people.manage")
    form, refusal = DepartmentForm(request.POST or None, by=request.user), None
    if request.method == "POST" and form.is_valid():
        try:
            add_department(by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            return _done(request, _("部门已新增"))
    tree = Department.objects.visible_to(request.user)
    tree = tree.annotate(heads=Count("people", filter=Q(people__is_active=True, people__kind="PERSON"))).order_by(
        "path"
    )
    shown = {"departments": tree, "form": form, "refusal": refusal}
    return render(request, "people/departments.html", shown, status=409 if refusal else 200)


def department(request: Asked, uid: UUID) -> HttpResponse:
    """部门更名与调整."""
    one = _found(request, uid)
    start = {"name": one.name, "code": one.code, "parent": one.parent.uid if one.parent else None}
    form, refusal = DepartmentForm(request.POST or None, by=request.user, initial=start), None
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, one, form)
        except Refused as error:
            refusal = error
        else:
            return _done(request, _("修改已保存"))
    shown = {"department": one, "form": form, "refusal": refusal}
    return render(request, "people/department.html", shown, status=409 if refusal else 200)


def _change(request: Asked, one: Department, form: DepartmentForm) -> None:
    given = form.cleaned_data
    if "parent" in form.changed_data and given["parent"] is not None:
        move_department(one, to=given["parent"], by=request.user)
    if {"name", "code"} & set(form.changed_data):
        rename_department(one, name=given["name"], code=given["code"], by=request.user)


@require_POST
def disable(request: Asked, uid: UUID) -> HttpResponse:
    """撤销部门."""
    disable_department(_found(request, uid), by=request.user)
    return _done(request, _("部门已撤销"))


@require_POST
def enable(request: Asked, uid: UUID) -> HttpResponse:
    """恢复部门."""
    enable_department(_found(request, uid), by=request.user)
    return _done(request, _("部门已恢复"))


def _done(request: Asked, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("people:departments")
