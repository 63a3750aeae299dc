"""批次与待登记: what came in, where each file stands, and what to do about it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from qidang.accounts.models import User
from qidang.intake.models import Arrival, Batch, State
from qidang.intake.review import retry, withdraw
from qidang.kit.refusal import Refused

ROWS = 50


def person_of(request: HttpRequest) -> User:
    """Return who asks."""
    assert isinstance(request.user, User)
    return request.user


@login_required
def batches(request: HttpRequest) -> HttpResponse:
    """批次: all of them that the person may see, newest first."""
    rows = Batch.objects.visible_to(person_of(request)).with_counts().select_related("by", "department")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "intake/batches.html", {"page": page})


@login_required
def batch(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """批次页: every file with its state; POST retries or withdraws the chosen ones."""
    user = person_of(request)
    batch = get_object_or_404(Batch.objects.visible_to(user).select_related("by", "department"), uid=uid)
    if request.method == "POST":
        _decide(request, batch, user)
        return redirect(request.get_full_path())
    counts = dict(batch.arrivals.values_list("state").annotate(n=Count("pk")).order_by())
    state = request.GET.get("state", "")
    rows = batch.arrivals.select_related("contract", "duplicate_of").order_by("id")
    if state in State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    total = sum(counts.values())
    unsettled = counts.get(State.WAITING, 0) + counts.get(State.READING, 0)
    context = {
        "batch": batch,
        "page": page,
        "state": state,
        "tabs": [(one.value, one.label, counts.get(one.value, 0)) for one in State if counts.get(one.value)],
        "total": total,
        "settled": total - unsettled,
        "is_busy": unsettled > 0,
        "first_open": batch.arrivals.to_review().first(),
    }
    template = "intake/batch.html#state" if request.headers.get("HX-Request") else "intake/batch.html"
    return render(request, template, context)


@login_required
def to_review(request: HttpRequest) -> HttpResponse:
    """待登记: everything that waits for the person's eyes, oldest first."""
    arrivals = Arrival.objects.visible_to(person_of(request)).filter(state__in=[State.TO_REVIEW, State.DUPLICATE])
    rows = arrivals.select_related("batch__by", "batch__department", "contract", "duplicate_of").order_by("id")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "intake/to_review.html", {"page": page})


def _decide(request: HttpRequest, batch: Batch, user: User) -> None:
    """Do the chosen act on each chosen arrival; one that is refused does not keep the others."""
    chosen = batch.arrivals.filter(uid__in=request.POST.getlist("arrival")).select_related("batch")
    done = 0
    for arrival in chosen:
        try:
            if request.POST.get("act") == "withdraw":
                withdraw(arrival, by=user, why=request.POST.get("why", ""))
            else:
                retry(arrival, by=user)
            done += 1
        except Refused as refusal:
            messages.error(request, f"{refusal.message} {refusal.next_step}")
    if done:
        messages.success(request, _("已处理 %(n)s 件。") % {"n": done})
