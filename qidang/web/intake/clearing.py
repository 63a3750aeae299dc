"""误传清除的页: asking for it, the second person's decision, the receipt, and the list of all removals."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import may, require
from qidang.contracts.models import Version
from qidang.intake import clearing as act
from qidang.intake.models import Arrival, Clearing, Isolation
from qidang.intake.models.batch import takes_in
from qidang.kit.refusal import Refused
from qidang.vault.models import Shredding
from qidang.web.answers import Asked
from qidang.web.intake.clearing_form import ClearingForm
from qidang.web.intake.deciding import arrival_of
from qidang.web.intake.receipt import receipt_of
from qidang.web.lists.paging import sheet

ORDER = ("-id",)
VIEWS: dict[str, dict[str, Any]] = {
    "waiting": {"decided_at": None},
    "done": {"is_agreed": True},
    "declined": {"is_agreed": False},
}


def clearings(request: Asked) -> HttpResponse:
    """清除记录: what was asked for and what was removed, newest first; ``?state=`` waiting, done or declined."""
    if not (may(request.user, "intake.clear") or may(request.user, "secrets.handle") or takes_in(request.user)):
        require(request.user, "intake.clear")
    state = request.GET.get("state", "")
    rows = Clearing.objects.visible_to(request.user).filter(**VIEWS.get(state, {}))
    shown = sheet(request, rows.select_related("asked_by__department", "decided_by__department"), ORDER)
    gone = Shredding.objects.among([one.sha256 for one in shown.rows])
    for one in shown.rows:
        one.is_shredded = one.sha256 in gone
    tabs = [("", _("全部")), ("waiting", _("待复核")), ("done", _("已清除")), ("declined", _("未清除"))]
    return render(request, "intake/clearings.html", {"sheet": shown, "state": state, "tabs": tabs})


def ask(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """提出清除 of an arrival: says what will happen and what remains, and which copies go with it."""
    arrival = arrival_of(request, uid)
    if not takes_in(request.user):
        require(request.user, "intake.review")
    return _asking(request, arrival, reverse("intake:review", args=[uid]))


def ask_paper(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """提出清除 of a contract's paper."""
    rows = Version.objects.visible_to(request.user).select_related("document__contract__department", "blob")
    version = get_object_or_404(rows, uid=uid)
    contract = version.document.contract
    require(request.user, "contract.edit", contract)
    return _asking(request, version, reverse("contracts:show", args=[contract.uid]) + "?tab=papers")


def _asking(request: Asked, main: Arrival | Version, back: str) -> HttpResponse:
    form, refusal = ClearingForm(request.user, main, request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            asked = act.ask(
                main, form.others, why=form.cleaned_data["why"], by=request.user, hides_name=form.hides_name
            )
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("已提出清除，等另一人复核"))
            return redirect("intake:clearing", asked.uid)
    context = {"main": main, "form": form, "refusal": refusal, "back": back}
    return render(request, "intake/clearing_ask.html", context, status=409 if refusal else 200)


@require_POST
def ask_isolated(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """提出清除 of an isolated paper, with everything that carries it."""
    require(request.user, "secrets.handle")
    isolation = get_object_or_404(Isolation.objects.visible_to(request.user), uid=uid)
    asked = act.ask_isolated(isolation, why=request.POST.get("why", ""), by=request.user)
    messages.success(request, _("已提出清除，等另一人复核"))
    return redirect("intake:clearing", asked.uid)


def clearing(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """清除单: what is asked, to be decided; afterwards the receipt of what was removed and what could not be."""
    one = _clearing(request, uid)
    decides = Clearing.objects.decidable_by(request.user).filter(pk=one.pk).exists()
    capability = "secrets.handle" if one.is_secret else "intake.clear"
    context: dict[str, Any] = {
        "one": one,
        "receipt": receipt_of(one, request.user),
        "may_decide": decides,
        "may_take_back": one.decided_at is None and one.asked_by_id == request.user.pk,
        "may_allow": bool(one.is_agreed) and one.returned_at is None and may(request.user, capability, one),
    }
    return render(request, "intake/clearing.html", context)


@require_POST
def decision(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """复核: agree, decline with a reason, or take one's own request back."""
    one, wanted = _clearing(request, uid), request.POST.get("act")
    if wanted == "take_back":
        act.take_back(one, by=request.user)
        messages.success(request, _("已撤回清除申请"))
    else:
        act.decide(one, agrees=wanted == "agree", why=request.POST.get("why", ""), by=request.user)
        messages.success(request, _("已清除") if wanted == "agree" else _("不同意清除，文件照旧"))
    return redirect("intake:clearing", uid)


@require_POST
def coming_back(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """允许回来."""
    act.allow_return(_clearing(request, uid), why=request.POST.get("why", ""), by=request.user)
    messages.success(request, _("已允许回来；需要的人可以再上传一次"))
    return redirect("intake:clearing", uid)


def _clearing(request: Asked, uid: uuid.UUID) -> Clearing:
    rows = Clearing.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("asked_by", "decided_by", "returned_by", "department"), uid=uid)
