"""涉密隔离的页: what bears the mark of a state secret, where it came from, and how it is let go."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import require
from qidang.intake.isolating import decide_release, propose_release, ways
from qidang.intake.models import Isolation
from qidang.web.answers import Asked
from qidang.web.lists.paging import sheet

ORDER = ("-id",)


def isolated(request: Asked) -> HttpResponse:
    """涉密隔离: what stands isolated, newest first; ``?all=1`` what was released too."""
    require(request.user, "secrets.handle")
    rows = Isolation.objects.visible_to(request.user)
    everything = request.GET.get("all") == "1"
    rows = rows if everything else rows.standing()
    shown = sheet(request, rows.select_related("inner").prefetch_related("releases__by", "releases__decided_by"), ORDER)
    context = {"sheet": shown, "rows": ways(shown.rows), "everything": everything}
    return render(request, "intake/isolated.html", context)


@require_POST
def proposal(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """提出解除隔离."""
    isolation = _isolation(request, uid)
    propose_release(isolation, why=request.POST.get("why", ""), by=request.user)
    messages.success(request, _("已提出解除，等另一人复核"))
    return redirect("intake:isolated")


@require_POST
def decision(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """复核解除隔离."""
    agrees = request.POST.get("act") == "agree"
    decide_release(_isolation(request, uid), agrees=agrees, by=request.user)
    messages.success(request, _("已解除隔离，正在识读") if agrees else _("已驳回，继续隔离"))
    return redirect("intake:isolated")


def _isolation(request: Asked, uid: uuid.UUID) -> Isolation:
    """Return the isolation, or 404 for who may not deal with it."""
    require(request.user, "secrets.handle")
    return get_object_or_404(Isolation.objects.visible_to(request.user), uid=uid)
