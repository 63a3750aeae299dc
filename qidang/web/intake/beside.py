"""对照: the paper that an arrival seems to repeat, shown beside it, where the person may see that one."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.urls import reverse

from qidang.contracts.models import Version
from qidang.intake.models import Arrival, State
from qidang.intake.texts import paper_of
from qidang.web.answers import Asked
from qidang.web.viewer.sheet import Sheet, asked_page, sheet_of


@dataclasses.dataclass(frozen=True, slots=True)
class Earlier:
    """先收的那一件: an arrival or a contract's paper, at ``address``, with the page that is shown of it."""

    name: str
    address: str
    sheet: Sheet | None
    is_same: bool


def earlier_of(request: Asked, arrival: Arrival) -> Earlier | None:
    """Return what a duplicate repeats; None for every other arrival and for what the person may not see."""
    if arrival.state != State.DUPLICATE:
        return None
    if arrival.duplicate_of_id is not None:
        first = Arrival.objects.visible_to(request.user).filter(pk=arrival.duplicate_of_id).first()
        if first is not None:
            page = reverse("intake:review", args=[first.uid])
            return _earlier(request, arrival, first, first.sha256, page, "intake:page_image")
    if arrival.contract is not None:
        kept = Version.objects.filter(document__contract=arrival.contract, cleared_at=None)
        versions = kept.select_related("blob")
        version = versions.order_by("-at").first()
        if version is not None:
            page = reverse("viewer:show", args=[version.uid])
            return _earlier(request, arrival, version, version.blob.sha256, page, "viewer:image")
    return None


def _earlier(request: Asked, arrival: Arrival, thing: Any, sha256: str, page: str, image: str) -> Earlier:
    is_same = sha256 == arrival.sha256
    paper = None if is_same else paper_of(sha256)
    sheet = None
    if paper is not None:
        number = asked_page(request, paper, "beside")
        sheet = sheet_of(paper, number, reverse(image, args=[thing.uid, number]), query="beside")
    return Earlier(thing.filename, page, sheet, is_same)
