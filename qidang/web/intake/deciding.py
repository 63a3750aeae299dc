"""到件的处置: attach, withdraw, put back, read again; each a POST that answers with the next page."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.contracts.choices import DocumentKind
from qidang.intake import review
from qidang.intake.models import Arrival
from qidang.web.answers import Asked


def arrival_of(request: Asked, uid: uuid.UUID) -> Arrival:
    """Return the arrival, or 404 for who may not see it."""
    rows = Arrival.objects.visible_to(request.user).select_related("batch", "blob")
    return get_object_or_404(rows, uid=uid)


@require_POST
def attachment(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """并入已有合同, named by its number or uid."""
    arrival = arrival_of(request, uid)
    contract = review.contract_named(request.POST.get("contract", ""), by=request.user)
    kind = request.POST.get("kind", "")
    kind = kind if kind in DocumentKind.values else DocumentKind.ANNEX
    review.attach(arrival, contract, kind=kind, why=request.POST.get("why", ""), by=request.user)
    messages.success(request, _("已并入合同 %(contract)s") % {"contract": contract})
    return redirect("contracts:show", contract.uid)


@require_POST
def withdrawal(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """撤回."""
    arrival = arrival_of(request, uid)
    review.withdraw(arrival, by=request.user, why=request.POST.get("why", ""))
    messages.success(request, _("已撤回「%(name)s」，在“已撤回”里可以恢复") % {"name": arrival})
    return redirect("intake:batch", arrival.batch.uid)


@require_POST
def put_back(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """恢复."""
    arrival = arrival_of(request, uid)
    review.put_back(arrival, by=request.user)
    messages.success(request, _("已恢复「%(name)s」") % {"name": arrival})
    return redirect("intake:review", arrival.uid)


@require_POST
def retry(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """重新识读, with the file's password when it has one."""
    arrival = arrival_of(request, uid)
    review.retry(arrival, by=request.user, password=request.POST.get("password", ""))
    messages.success(request, _("正在重新识读「%(name)s」") % {"name": arrival})
    return redirect("intake:batch", arrival.batch.uid)
