"""批次与待登记: what came in, where each file stands, and what to do about it."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import may, require
from qidang.contracts.models import Contract
from qidang.intake.loose import loose_pages
from qidang.intake.models import Arrival, Batch, State
from qidang.intake.review import put_back, retry, withdraw
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.lists.paging import sheet

NEWEST, OLDEST = ("-id",), ("id",)
SKIPPED_SHOWN = 50
OPEN = (State.TO_REVIEW, State.DUPLICATE)


def batches(request: Asked) -> HttpResponse:
    """批次: all of them that the person may see, newest first."""
    may_upload = may(request.user, "intake.upload")
    if not may_upload:
        require(request.user, "intake.review")
    rows = Batch.objects.visible_to(request.user).with_counts().select_related("by", "department")
    context = {"sheet": sheet(request, rows, NEWEST), "may_upload": may_upload}
    return render(request, "intake/batches.html", context)


def batch(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """批次页: every file with its state, asked for again by itself while something is read; POST decides."""
    batch = get_object_or_404(_counted(request), uid=uid)
    if request.method == "POST":
        return _decide(request, batch) or redirect(request.get_full_path())
    state = request.GET.get("state", "")
    rows = batch.arrivals.filter(state=state) if state in State.values else batch.arrivals.all()
    counts = {one: getattr(batch, f"n_{one.value}") for one in State}
    unsettled = counts[State.WAITING] + counts[State.READING]
    context = {
        "batch": batch,
        "sheet": sheet(request, _named(request, rows), OLDEST),
        "state": state,
        "tabs": [(one.value, one.label, n) for one, n in counts.items() if n or one.value == state],
        "settled": batch.n_all - unsettled,  # type: ignore[attr-defined]
        "is_busy": unsettled > 0,
        "skipped": list(batch.skipped.all()[: SKIPPED_SHOWN + 1]),
        "skipped_shown": SKIPPED_SHOWN,
        "loose": [] if unsettled or not may(request.user, "intake.review") else loose_pages(batch),
    }
    part = "intake/batch.html#state" if "HX-Request" in request.headers else "intake/batch.html"
    return render(request, part, context)


def to_review(request: Asked) -> HttpResponse:
    """待登记: everything that waits for the person's eyes, oldest first."""
    require(request.user, "intake.review")
    rows = _named(request, waiting_for(request)).select_related("batch__by")
    return render(request, "intake/to_review.html", {"sheet": sheet(request, rows, OLDEST)})


def waiting_for(request: Asked) -> QuerySet[Arrival]:
    """Return what the person could register now."""
    return Arrival.objects.visible_to(request.user).filter(state__in=OPEN)


def contracts_within_reach(request: Asked, name: str = "contract") -> Prefetch[Any]:
    """Return the prefetch by which a row knows its contract only where the person may see that contract."""
    return Prefetch(name, Contract.objects.visible_to(request.user))


def _named(request: Asked, rows: QuerySet[Arrival]) -> QuerySet[Arrival]:
    return rows.prefetch_related(contracts_within_reach(request))


def _counted(request: Asked) -> QuerySet[Batch]:
    """Return the person's batches with a count per state and the first arrival to review, in one query."""
    first = Arrival.objects.filter(batch=OuterRef("pk"), state=State.TO_REVIEW).order_by("id")
    rows = Batch.objects.visible_to(request.user).with_counts().annotate(first_open=Subquery(first.values("uid")[:1]))
    return rows.select_related("by__department", "department")


def _decide(request: Asked, batch: Batch) -> HttpResponse | None:
    """Do the chosen act on each chosen arrival; one that is refused does not keep the others.

    Page work has a page of its own, which is the answer then.
    """
    chosen = list(batch.arrivals.filter(uid__in=request.POST.getlist("arrival")).select_related("batch").order_by("id"))
    if chosen and request.POST.get("act") == "arrange":
        others = urlencode([("with", one.uid) for one in chosen[1:]])
        return redirect(f"{reverse('intake:arranging', args=[chosen[0].uid])}?{others}")
    act, why = request.POST.get("act"), request.POST.get("why", "")
    done, refusals = 0, {}
    for arrival in chosen:
        try:
            if act == "withdraw":
                withdraw(arrival, by=request.user, why=why)
            elif act == "return":
                put_back(arrival, by=request.user)
            else:
                retry(arrival, by=request.user)
            done += 1
        except Refused as refusal:
            refusals[f"{refusal.message} {refusal.next_step}"] = refusal
    for words in refusals:
        messages.error(request, words)
    if done:
        told = {
            "withdraw": _("已撤回 %(n)s 份，在“已撤回”里可以恢复"),
            "return": _("已恢复 %(n)s 份"),
        }.get(act or "", _("重新识读 %(n)s 份"))
        messages.success(request, told % {"n": done})
    elif not chosen:
        messages.error(request, _("先选中要处理的文件"))
    return None
