"""核对: the page of the paper on the left, the form on the right; Enter registers and goes on to the next."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qidang import vault
from qidang.accounts.capabilities import may, require
from qidang.contracts.choices import DocumentKind
from qidang.contracts.from_reading import our_entities, values_from
from qidang.intake.models import Arrival
from qidang.intake.review import confirm
from qidang.intake.texts import fields_of, paper_of
from qidang.kit.clock import today
from qidang.ledger import record_read
from qidang.web.intake.batches import person_of
from qidang.web.intake.deciding import arrival_of
from qidang.web.intake.review_form import ReviewForm
from qidang.web.viewer.images import page_image as image_of
from qidang.web.viewer.sheet import Sheet, sheet_of


@login_required
def review(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """核对页; POST registers the contract and goes on to the next arrival of the batch."""
    user = person_of(request)
    arrival = arrival_of(request, uid)
    form = _form(request, arrival)
    if request.method == "POST" and form.is_valid():
        contract = confirm(arrival, form.values(), by=user)
        messages.success(request, _("已登记 %(contract)s。") % {"contract": contract})
        following = _next(arrival)
        return redirect("intake:review", following.uid) if following else redirect("intake:batch", arrival.batch.uid)
    sheet = _sheet(request, arrival, form)
    if request.headers.get("HX-Target") == "viewer":
        return render(request, "viewer/sheet.html", {"sheet": sheet})
    record_read("arrival.viewed", arrival, by=user)
    following = _next(arrival)
    context = {
        "arrival": arrival,
        "batch": arrival.batch,
        "form": form,
        "rows": list(form.rows()),
        "sheet": sheet,
        "following": following,
        "left": arrival.batch.arrivals.to_review().count(),
        "total": arrival.batch.arrivals.count(),
        "kinds": DocumentKind.choices,
        "may_decide": arrival.is_open and may(user, "intake.review"),
    }
    return render(request, "intake/review.html", context)


@login_required
def page_image(request: HttpRequest, uid: uuid.UUID, number: int) -> HttpResponse:
    """页面图像."""
    arrival = arrival_of(request, uid)
    return image_of(request, arrival.blob, arrival.filename, number)


@login_required
def download(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """下载原件: the bytes as they came, under the name they came with."""
    user = person_of(request)
    arrival = arrival_of(request, uid)
    require(user, "document.download")
    record_read("arrival.downloaded", arrival, by=user)
    response = FileResponse(vault.open(arrival.blob), content_type="application/octet-stream")
    response.headers["Content-Length"] = str(arrival.blob.size)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(arrival.filename)}"
    return response


def _form(request: HttpRequest, arrival: Arrival) -> ReviewForm:
    extraction = fields_of(arrival.sha256)
    proposal = values_from(extraction.fields, units=our_entities(), today=today()) if extraction else None
    stem = arrival.filename.rsplit(".", 1)[0]
    data = request.POST if request.method == "POST" else None
    return ReviewForm(person_of(request), proposal, extraction, data, title=stem)


def _sheet(request: HttpRequest, arrival: Arrival, form: ReviewForm) -> Sheet | None:
    paper = paper_of(arrival.sha256)
    if paper is None:
        return None
    try:
        number = int(request.GET.get("page", "1"))
    except ValueError:
        number = 1
    number = min(max(number, 1), max(len(paper.pages), 1))
    return sheet_of(paper, number, reverse("intake:page_image", args=[arrival.uid, number]), form.marks())


def _next(arrival: Arrival) -> Arrival | None:
    waiting = arrival.batch.arrivals.to_review().exclude(pk=arrival.pk)
    return waiting.filter(pk__gt=arrival.pk).first() or waiting.first()
