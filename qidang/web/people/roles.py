"""角色: what each may do, and how far."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qidang.accounts.adding import add_role
from qidang.accounts.capabilities import CAPABILITIES, may, require
from qidang.accounts.changing import change_role
from qidang.accounts.models import Role
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.people.forms import NewRoleForm, RoleForm


def roles(request: Asked) -> HttpResponse:
    """角色: all of them, as a table of capabilities."""
    if not may(request.user, "roles.manage"):
        require(request.user, "people.manage")
    which = 1 if (get_language() or "zh").startswith("en") else 0
    found = list(Role.objects.annotate(heads=Count("people", filter=Q(people__is_active=True))))
    rows = [(words[which], [name in role.capabilities for role in found]) for name, words in CAPABILITIES.items()]
    shown = {"roles": found, "rows": rows, "may_grant": may(request.user, "roles.manage")}
    return render(request, "people/roles.html", shown)


def new(request: Asked) -> HttpResponse:
    """新增角色."""
    require(request.user, "roles.manage")
    form, refusal = NewRoleForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            add_role(by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            return _done(request, _("角色已新增"))
    return render(request, "people/role.html", {"form": form, "refusal": refusal}, status=409 if refusal else 200)


def role(request: Asked, uid: UUID) -> HttpResponse:
    """修改角色."""
    require(request.user, "roles.manage")
    one = get_object_or_404(Role, uid=uid)
    start = {name: getattr(one, name) for name in ("name_zh", "name_en", "scope", "capabilities")}
    form, refusal = RoleForm(request.POST or None, initial=start), None
    if request.method == "POST" and form.is_valid():
        try:
            change_role(one, by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            return _done(request, _("修改已保存"))
    shown = {"role": one, "form": form, "refusal": refusal}
    return render(request, "people/role.html", shown, status=409 if refusal else 200)


def _done(request: Asked, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("people:roles")
