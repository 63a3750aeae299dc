"""阅览页: one version of a contract's paper, page by page, with the words of a search marked."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from qidang.accounts.capabilities import may
from qidang.contracts.clearing import refuse_cleared
from qidang.contracts.models import Version
from qidang.intake.rereading import paper_or_ask
from qidang.ledger import record_read
from qidang.web.answers import Asked
from qidang.web.intake.made_of import rendition_of
from qidang.web.viewer.being_read import being_read, is_asking_again
from qidang.web.viewer.finding import hits
from qidang.web.viewer.images import page_image
from qidang.web.viewer.sheet import Mark, asked_page, part_wanted, sheet_of


def version_of(request: Asked, uid: uuid.UUID) -> Version:
    """Return the version, or 404 for who may not see its contract."""
    rows = Version.objects.visible_to(request.user).select_related("document__contract__department", "blob")
    version: Version = get_object_or_404(rows, uid=uid)
    refuse_cleared(version)
    return version


def show(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """阅览; with ``?q=`` and no page it opens at the first page on which the words stand."""
    version = version_of(request, uid)
    contract = version.document.contract
    paper = paper_or_ask(version.blob, version.filename)
    if paper is None or is_asking_again(request):
        return being_read(request, paper is None, version.filename)
    words = request.GET.get("q", "").strip()
    found = hits(paper, words)
    evidence = _evidence(version, request.GET.get("field", ""))
    number = asked_page(request, paper) if "page" in request.GET else found.first or 1
    address = reverse("viewer:image", args=[uid, number])
    marks = [*found.marks_on(number), *evidence]
    sheet = sheet_of(paper, number, address, marks, as_text=request.GET.get("view") == "text")
    if part_wanted(request):
        return render(request, "viewer/sheet.html", {"sheet": sheet})
    record_read("document.viewed", version.document, contract, by=request.user)
    context = {
        "version": version,
        "contract": contract,
        "sheet": sheet,
        "q": words,
        "is_marked": bool(words or evidence),
        "found": found,
        "images": address.removesuffix(f"{number}/"),
        "made": rendition_of(request, version.blob),
        "problems": [one for one in paper.problems if one.code != "reading.no_text"],
        "may_download": may(request.user, "document.download", contract),
    }
    return render(request, "viewer/show.html", context)


def _evidence(version: Version, field: str) -> list[Mark]:
    """Return where on this version the value of ``field`` was read: what a contract's page points to."""
    told = version.document.contract.field_sources.filter(version=version, field=field) if field else ()
    return [
        Mark(one.page or 1, one.start or 0, one.end or 0, tuple(one.box) if one.box else None, "hit") for one in told
    ]


def image(request: Asked, uid: uuid.UUID, number: int) -> HttpResponse:
    """页面图像, with name and time burnt in."""
    version = version_of(request, uid)
    return page_image(request, version.blob, version.filename, number)


def found(request: Asked, uid: uuid.UUID, sha256: str) -> HttpResponse:
    """Go to the newest version with these bytes in the contract ``uid``; what a search hit points to."""
    versions = Version.objects.visible_to(request.user).filter(document__contract__uid=uid, blob__sha256=sha256)
    version = versions.filter(cleared_at=None).order_by("-at").first()
    if version is None:
        raise Http404
    return redirect(reverse("viewer:show", args=[version.uid]) + "?" + request.GET.urlencode())
