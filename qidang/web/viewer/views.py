"""阅览页: one version of a contract's paper, page by page, with the words of a search marked."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from qidang.accounts.capabilities import may
from qidang.contracts.models import Version
from qidang.intake.texts import ensure
from qidang.ledger import record_read
from qidang.reading.paper import Paper
from qidang.search.excerpts import spots_on
from qidang.search.query import needles_of
from qidang.search.spots import boxes
from qidang.web.answers import Asked
from qidang.web.viewer.images import page_image
from qidang.web.viewer.sheet import Mark, sheet_of


def version_of(request: Asked, uid: uuid.UUID) -> Version:
    """Return the version, or 404 for who may not see its contract."""
    rows = Version.objects.visible_to(request.user).select_related("document__contract", "blob")
    version: Version = get_object_or_404(rows, uid=uid)
    return version


def show(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """阅览."""
    version = version_of(request, uid)
    contract = version.document.contract
    paper = ensure(version.blob, version.filename)
    number = _number(request, paper)
    words = request.GET.get("q", "").strip()
    sheet = sheet_of(paper, number, reverse("viewer:image", args=[uid, number]), _marks(paper, number, words))
    if request.headers.get("HX-Target") == "viewer":
        return render(request, "viewer/sheet.html", {"sheet": sheet})
    record_read("document.viewed", version.document, contract, by=request.user)
    context = {
        "version": version,
        "contract": contract,
        "sheet": sheet,
        "q": words,
        "problems": paper.problems,
        "may_download": may(request.user, "document.download", contract),
    }
    return render(request, "viewer/show.html", context)


def image(request: Asked, uid: uuid.UUID, number: int) -> HttpResponse:
    """页面图像, with name and time burnt in."""
    version = version_of(request, uid)
    return page_image(request, version.blob, version.filename, number)


def found(request: Asked, uid: uuid.UUID, sha256: str) -> HttpResponse:
    """Go to the newest version with these bytes in the contract ``uid``; what a search hit points to."""
    versions = Version.objects.visible_to(request.user).filter(document__contract__uid=uid, blob__sha256=sha256)
    version = versions.order_by("-at").first()
    if version is None:
        raise Http404
    return redirect(reverse("viewer:show", args=[version.uid]) + "?" + request.GET.urlencode())


def _number(request: Asked, paper: Paper) -> int:
    text = request.GET.get("page", "1")
    number = int(text) if text.isdecimal() and len(text) < 7 else 1
    return min(max(number, 1), max(len(paper.pages), 1))


def _marks(paper: Paper, number: int, words: str) -> list[Mark]:
    """Return the places of the search's words on the page."""
    needles = needles_of(words) if words else []
    marks: list[Mark] = []
    for spot in spots_on(paper.pages, number, needles):
        page = paper.pages[number - 1]
        drawn = boxes(page, spot.start, spot.end) or [None]
        marks += [Mark(number, spot.start, spot.end, box, "hit") for box in drawn]
    return marks
