"""重复待定的页: what seems to repeat something, the two side by side, and one act that decides."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import require
from qidang.intake import duplicates as act
from qidang.intake.models import Arrival, State
from qidang.intake.scans import better
from qidang.intake.texts import fields_of, paper_of
from qidang.ledger import record_read
from qidang.web.answers import Asked
from qidang.web.intake.batches import contracts_within_reach
from qidang.web.intake.differing import fields_differing, text_differing, trait_words
from qidang.web.lists.paging import sheet
from qidang.web.viewer.sheet import Sheet, asked_page, part_wanted, sheet_of

ORDER = ("id",)
DONE = {"copy": act.keep_as_copy, "better": act.take_as_better, "different": act.tell_apart}


def duplicates(request: Asked) -> HttpResponse:
    """重复待定, oldest first; what the person may not see is not named."""
    require(request.user, "intake.review")
    rows = act.open_duplicates(request.user).select_related("batch__by")
    first = Prefetch("duplicate_of", Arrival.objects.visible_to(request.user))
    rows = rows.prefetch_related(first, contracts_within_reach(request))
    return render(request, "intake/duplicates.html", {"sheet": sheet(request, rows, ORDER)})


def comparison(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """对照: page beside page, the fields and the words that differ, and which scan is the better one and by what."""
    require(request.user, "intake.review")
    arrival = get_object_or_404(_rows(request), uid=uid)
    if arrival.state != State.DUPLICATE:
        return redirect("intake:review", uid)
    other = act.other_of(arrival, request.user)
    here, there = paper_of(arrival.sha256), _paper_of(other)
    part = part_wanted(request)
    mine = _sheet(request, here, "page", reverse("intake:page_image", args=[uid, 1]))
    theirs = _sheet(request, there, "beside", _image_of(other))
    if part:
        return render(request, "viewer/sheet.html", {"sheet": theirs if part == "earlier" else mine})
    record_read("arrival.viewed", arrival, by=request.user)
    context: dict[str, Any] = {
        "arrival": arrival,
        "batch": arrival.batch,
        "other": other,
        "named": _named(other),
        "mine": mine,
        "theirs": theirs,
        "is_same": arrival.code == act.SAME_BYTES,
        "better": [trait_words(one) for one in better(here, there)] if here and there else [],
        "worse": [trait_words(one) for one in better(there, here)] if here and there else [],
        "fields": fields_differing(fields_of(arrival.sha256), fields_of(_sha256(other))) if other else [],
        "lines": text_differing(here, there) if here and there else [],
    }
    return render(request, "intake/comparison.html", context)


@require_POST
def decision(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """裁定: the same paper, a better scan, or no duplicate."""
    arrival = get_object_or_404(_rows(request), uid=uid)
    chosen = request.POST.get("act", "")
    DONE.get(chosen, act.tell_apart)(arrival, by=request.user, why=request.POST.get("why", ""))
    told = {"copy": _("已认定是同一份"), "better": _("已换成更好的扫描件，旧的留作以前的版本")}
    messages.success(request, told.get(chosen, _("已认定不是重复，不再提示")))
    following = act.open_duplicates(request.user).filter(pk__gt=arrival.pk).order_by("id").first()
    return redirect("intake:comparison", following.uid) if following else redirect("intake:duplicates")


def _rows(request: Asked) -> Any:
    return Arrival.objects.visible_to(request.user).select_related("batch", "blob")


def _sha256(other: act.Other) -> str:
    if other.version is not None:
        return other.version.blob.sha256
    return other.arrival.sha256 if other.arrival else ""


def _paper_of(other: act.Other) -> Any:
    return paper_of(_sha256(other)) if _sha256(other) else None


def _image_of(other: act.Other) -> str:
    if other.version is not None:
        return reverse("viewer:image", args=[other.version.uid, 1])
    return reverse("intake:page_image", args=[other.arrival.uid, 1]) if other.arrival else ""


def _named(other: act.Other) -> tuple[str, str] | None:
    """Return name and address of the other paper."""
    if other.version is not None:
        return other.version.filename, reverse("viewer:show", args=[other.version.uid])
    if other.arrival is not None:
        return other.arrival.filename, reverse("intake:review", args=[other.arrival.uid])
    return None


def _sheet(request: Asked, paper: Any, query: str, address: str) -> Sheet | None:
    if paper is None or not paper.pages:
        return None
    number = asked_page(request, paper, query)
    return sheet_of(paper, number, address.removesuffix("1/") + f"{number}/", query=query)
