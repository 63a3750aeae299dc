"""核对: the page of the paper on the left, the form on the right; Enter registers and goes on to the next."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import may, require
from qidang.contracts.choices import DocumentKind
from qidang.contracts.from_reading import our_entities, values_from
from qidang.intake.arranging import can_be_arranged
from qidang.intake.clearing import refuse_cleared
from qidang.intake.models import Arrival, Clearing, State
from qidang.intake.models.batch import takes_in
from qidang.intake.rereading import paper_or_ask
from qidang.intake.review import confirm
from qidang.intake.texts import fields_of, paper_of
from qidang.kit.clock import today
from qidang.kit.refusal import Refused
from qidang.ledger import record_read
from qidang.reading.paper import Paper
from qidang.web.answers import Asked, original
from qidang.web.intake.batches import contracts_within_reach
from qidang.web.intake.beside import earlier_of
from qidang.web.intake.deciding import arrival_of
from qidang.web.intake.made_of import made_of
from qidang.web.intake.review_form import ReviewForm
from qidang.web.viewer.being_read import being_read, is_asking_again
from qidang.web.viewer.finding import hits
from qidang.web.viewer.images import page_image as image_of
from qidang.web.viewer.sheet import Sheet, asked_page, part_wanted, sheet_of


def review(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """核对页; POST registers the contract and goes on to the next arrival of the batch."""
    arrival = get_object_or_404(_with_neighbours(request), uid=uid)
    if arrival.state == State.ISOLATED:
        shown = {"arrival": arrival, "batch": arrival.batch, "may_handle": may(request.user, "secrets.handle")}
        return render(request, "intake/isolated_arrival.html", shown, status=409 if request.method == "POST" else 200)
    if arrival.state == State.CLEARED:
        return _cleared(request, arrival)
    paper, is_awaited = _paper(arrival)
    if (is_awaited and request.method == "GET") or is_asking_again(request):
        return being_read(request, is_awaited, arrival.filename)
    part = part_wanted(request)
    earlier = earlier_of(request, arrival) if part != "viewer" else None
    if part == "earlier":
        return render(request, "viewer/sheet.html", {"sheet": earlier.sheet if earlier else None})
    form = _form(request, arrival)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            return _registered(request, arrival, form)
        except Refused as error:
            refusal = error
    sheet = _sheet(request, arrival, paper, form)
    if part == "viewer":
        return render(request, "viewer/sheet.html", {"sheet": sheet})
    if request.method == "GET":
        record_read("arrival.viewed", arrival, by=request.user)
    context = {
        "arrival": arrival,
        "batch": arrival.batch,
        "form": form,
        "refusal": refusal,
        "sheet": sheet,
        "earlier": earlier,
        "kinds": DocumentKind.choices,
        "needs_password": arrival.code in {"reading.encrypted", "reading.wrong_password"},
        "may_download": may(request.user, "document.download"),
        "made": made_of(request, arrival),
        "may_undo": may(request.user, "intake.review"),
        "may_arrange": can_be_arranged(arrival) and may(request.user, "intake.review"),
        "may_clear": takes_in(request.user),
        "may_decide": arrival.is_open and may(request.user, "intake.review"),
    }
    return render(request, "intake/review.html", context, status=409 if refusal else 200)


def page_image(request: Asked, uid: uuid.UUID, number: int) -> HttpResponse:
    """页面图像."""
    arrival = arrival_of(request, uid)
    refuse_cleared(arrival)
    return image_of(request, arrival.blob, arrival.filename, number)


def download(request: Asked, uid: uuid.UUID) -> HttpResponseBase:
    """下载原件: the bytes as they came, under the name they came with."""
    arrival = arrival_of(request, uid)
    require(request.user, "document.download")
    refuse_cleared(arrival)
    answer = original(arrival.blob, arrival.filename)
    record_read("arrival.downloaded", arrival, by=request.user)
    return answer


def _cleared(request: Asked, arrival: Arrival) -> HttpResponse:
    """存根 of what was cleared."""
    done = Clearing.objects.visible_to(request.user).filter(things__arrival=arrival, is_agreed=True).first()
    shown = {"arrival": arrival, "batch": arrival.batch, "clearing": done}
    return render(request, "intake/cleared_arrival.html", shown, status=409 if request.method == "POST" else 200)


def _with_neighbours(request: Asked) -> QuerySet[Arrival]:
    """Return the person's arrivals, each with the next to review in its batch and how many are left there."""
    others = Arrival.objects.filter(batch=OuterRef("batch"), state=State.TO_REVIEW).exclude(pk=OuterRef("pk"))
    later = others.filter(pk__gt=OuterRef("pk")).order_by("pk").values("uid")[:1]
    left = others.order_by().values("batch").annotate(n=Count("pk")).values("n")
    rows = Arrival.objects.visible_to(request.user).select_related("batch", "blob")
    rows = rows.annotate(following=Coalesce(Subquery(later), Subquery(others.order_by("pk").values("uid")[:1])))
    return rows.annotate(left=Coalesce(Subquery(left), 0)).prefetch_related(contracts_within_reach(request))


def _paper(arrival: Arrival) -> tuple[Paper | None, bool]:
    """Return the paper as read, and whether it is being read again: read once, and lost or older than the reader."""
    if not arrival.reader_version:
        return paper_of(arrival.sha256), False
    try:
        paper = paper_or_ask(arrival.blob, arrival.filename)
    except Refused:  # bytes that cannot be opened: the form stands for itself
        return None, False
    return paper, paper is None


def _registered(request: Asked, arrival: Any, form: ReviewForm) -> HttpResponse:
    values = form.values()
    contract = confirm(arrival, values, by=request.user, said=form.heard(values))
    messages.success(request, _("已登记 %(contract)s") % {"contract": contract})
    if arrival.following:
        return redirect("intake:review", arrival.following)
    return redirect("intake:batch", arrival.batch.uid)


def _form(request: Asked, arrival: Arrival) -> ReviewForm:
    extraction = fields_of(arrival.sha256)
    proposal = values_from(extraction.fields, units=our_entities(), today=today()) if extraction else None
    stem = arrival.filename.rsplit(".", 1)[0]
    data = request.POST if request.method == "POST" else None
    return ReviewForm(request.user, proposal, extraction, data, batch=arrival.batch, title=stem)


def _sheet(request: Asked, arrival: Arrival, paper: Paper | None, form: ReviewForm) -> Sheet | None:
    if paper is None:
        return None
    number = asked_page(request, paper)
    marks = [*form.marks(), *hits(paper, request.GET.get("q", "")).marks_on(number)]
    address = reverse("intake:page_image", args=[arrival.uid, number])
    return sheet_of(paper, number, address, marks, as_text=request.GET.get("view") == "text")
