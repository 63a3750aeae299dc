"""流程设置: the routes, their steps, and a preview for any amount and type."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import require
from qidang.approvals.models import Route
from qidang.approvals.plan import condition_of, steps_of
from qidang.contracts.approving import KIND
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.approvals.forms import RouteForm, Steps, amount, shown


def routes(request: Asked) -> HttpResponse:
    """审批流程, in the order in which they are tried."""
    require(request.user, "approval.design")
    rows = Route.objects.visible_to(request.user).select_related("owner").prefetch_related("versions")
    told = [(route, route.versions.all()[0]) for route in rows]
    return render(request, "approvals/routes.html", {"rows": told})


def new(request: Asked) -> HttpResponse:
    """新建流程."""
    require(request.user, "approval.design")
    form, steps = _route_form(request), _steps(request)
    return _saved(request, None, form, steps)


def edit(request: Asked, uid: UUID) -> HttpResponse:
    """修改流程: a new version; what runs keeps its own."""
    require(request.user, "approval.design")
    route = get_object_or_404(Route.objects.visible_to(request.user).select_related("owner"), uid=uid)
    version = route.newest
    condition = condition_of(version.condition)
    initial = {"name": route.name, "owner": route.owner.uid, "types": condition.types}
    initial |= {name: amount(getattr(condition, name)) for name in ("at_least", "below")}
    rows = [shown(step) for step in steps_of(version.steps)]
    return _saved(request, route, _route_form(request, initial=initial, is_new=False), _steps(request, initial=rows))


@require_POST
def turn(request: Asked, uid: UUID) -> HttpResponse:
    """停用 or 启用."""
    require(request.user, "approval.design")
    route = get_object_or_404(Route.objects.visible_to(request.user), uid=uid)
    if route.is_open:
        route.close(by=request.user)
        messages.success(request, _("流程已停用"))
    else:
        route.reopen(by=request.user)
        messages.success(request, _("流程已启用"))
    return redirect("approvals:routes")


def _route_form(request: Asked, **given: Any) -> RouteForm:
    return RouteForm(request.POST or None, by=request.user, **given)


def _steps(request: Asked, **given: Any) -> Any:
    return Steps(request.POST or None, prefix="steps", form_kwargs={"by": request.user}, **given)


def _saved(request: Asked, route: Route | None, form: RouteForm, steps: Any) -> HttpResponse:
    refusal = None
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        try:
            _write(request, route, form, steps)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("流程已保存"))
            return redirect("approvals:routes")
    context = {"route": route, "form": form, "steps": steps, "refusal": refusal}
    return render(request, "approvals/route.html", context, status=409 if refusal else 200)


def _write(request: Asked, route: Route | None, form: RouteForm, steps: Any) -> None:
    given = {"owner": form.cleaned_data["owner"], "steps": steps.steps(), "condition": form.condition()}
    if route is None:
        Route.draw(kind=KIND, name=form.cleaned_data["name"], by=request.user, **given)
    else:
        route.redraw(by=request.user, **given)
