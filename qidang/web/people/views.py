"""人员: the list, one person, and what is done to him."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.adding import add_person
from qidang.accounts.capabilities import may, require
from qidang.accounts.changing import PERSON_FIELDS, change_person, disable_person, enable_person, give_roles
from qidang.accounts.models import User
from qidang.accounts.passwords import holds_more, reset_password
from qidang.accounts.signing_in import open_session
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.lists.arrangement import arrangement
from qidang.web.lists.paging import sheet
from qidang.web.middleware import status_of
from qidang.web.people.columns import PEOPLE
from qidang.web.people.forms import NewPersonForm, PersonForm, ResetForm, RolesForm
from qidang.web.session.devices import known

ORDER = ("name", "id")


def _found(request: Asked, uid: UUID) -> User:
    require(request.user, "people.manage")
    people = User.objects.people().visible_to(request.user).select_related("department", "manager")
    person: User = get_object_or_404(people, uid=uid)
    return person


def people(request: Asked) -> HttpResponse:
    """人员: the list."""
    require(request.user, "people.manage")
    shown = User.objects.people().visible_to(request.user).select_related("department").prefetch_related("roles")
    if words := request.GET.get("q", "").strip():
        shown = shown.filter(Q(name__icontains=words) | Q(username__icontains=words) | Q(employee_no__icontains=words))
    if state := request.GET.get("state"):
        shown = shown.filter(is_active=state != "disabled")
    look = arrangement(
        request, "people", PEOPLE, ((_("全部"), ""), (_("在用"), "state=active"), (_("已停用"), "state=disabled"))
    )
    page = sheet(request, shown, ORDER)
    total = shown.count()
    return render(request, "people/people.html", {"list": look, "sheet": page, "total": total})


def new(request: Asked) -> HttpResponse:
    """新增人员: the password is shown once."""
    require(request.user, "people.manage")
    form, refusal = NewPersonForm(request.POST or None, by=request.user), None
    if request.method == "POST" and form.is_valid():
        try:
            person, told = add_person(by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            return render(request, "people/password.html", {"person": person, "told": told, "is_new": True})
    status = 409 if refusal else 200
    return render(request, "people/new.html", {"form": form, "refusal": refusal}, status=status)


def person(request: Asked, uid: UUID) -> HttpResponse:
    """人员 page: fields, roles, and what can be done."""
    one = _found(request, uid)
    form = PersonForm(request.POST or None, by=request.user, initial=_initial(one))
    refusal = None
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name in PERSON_FIELDS}
        try:
            change_person(one, by=request.user, **changes)
        except Refused as error:
            refusal = error
        else:
            return _done(request, one, _("修改已保存"))
    shown = {
        "person": one,
        "form": form,
        "refusal": refusal,
        "roles_form": RolesForm(initial={"roles": one.roles.all()}),
        "may_grant": may(request.user, "roles.manage"),
    }
    return render(request, "people/person.html", shown, status=409 if refusal else 200)


@require_POST
def roles(request: Asked, uid: UUID) -> HttpResponse:
    """授权."""
    one, form = _found(request, uid), RolesForm(request.POST)
    if form.is_valid():
        give_roles(one, form.cleaned_data["roles"], by=request.user)
    return _done(request, one, _("角色已更新"))


@require_POST
def disable(request: Asked, uid: UUID) -> HttpResponse:
    """停用."""
    one = disable_person(_found(request, uid), by=request.user, why=request.POST.get("why", "").strip())
    return _done(request, one, _("已停用，不能再登录；以往的记录不变"))


@require_POST
def enable(request: Asked, uid: UUID) -> HttpResponse:
    """启用."""
    return _done(request, enable_person(_found(request, uid), by=request.user), _("已启用"))


def password(request: Asked, uid: UUID) -> HttpResponse:
    """重置密码: the new one is shown once; for who may do more than oneself, a second person signs at this screen."""
    one = _found(request, uid)
    form = ResetForm(request.POST if request.method == "POST" else None, is_shared=holds_more(one, request.user))
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            second = _second(request, form.cleaned_data)
            told = reset_password(one, by=request.user, second=second, why=form.cleaned_data.get("why", ""))
        except Refused as error:
            refusal = error
        else:
            return render(request, "people/password.html", {"person": one, "told": told})
    shown = {"person": one, "form": form, "refusal": refusal}
    return render(request, "people/reset.html", shown, status=status_of(refusal) if refusal else 200)


def _second(request: Asked, given: dict[str, Any]) -> User | None:
    """Return the second person who has typed name and password, where one is asked for."""
    if "second" not in given:
        return None
    return open_session(given["second"], given["password"], device=known(request, given["second"]))


def _initial(one: User) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in ("name", "employee_no", "email", "language")}
    department, manager = one.department, one.manager
    return plain | {"department": department and department.uid, "manager": manager and manager.uid}


def _done(request: Asked, one: User, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("people:person", one.uid)
