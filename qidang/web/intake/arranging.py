"""页面整理的页: thumbnails to choose, turn, move, part and leave out; every step is a form, saving is the last."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import require
from qidang.intake.arranging import arrange, page_counts, undo
from qidang.intake.layout import Layout, Leaf
from qidang.intake.loose import beside
from qidang.intake.models import Arranging, Arrival
from qidang.intake.texts import paper_of
from qidang.kit.ids import parse_uid
from qidang.kit.refusal import Refused
from qidang.reading.parting import Beginning, beginnings, empty_pages
from qidang.web.answers import Asked
from qidang.web.intake.deciding import arrival_of

MOST_SOURCES = 200
SHAPE = (595.0, 842.0)
Place = tuple[int, int]
"""Key of the arrival and page."""


@dataclasses.dataclass(frozen=True, slots=True)
class Thumb:
    """缩略图: a leaf as the page shows it."""

    place: int
    leaf: Leaf
    filename: str
    image: str
    width: int
    height: int
    is_empty: bool
    beginning: Beginning | None

    @property
    def number(self) -> int:
        """Its place, from 1."""
        return self.place + 1


class Desk:
    """工作台: the sources, what reading found on their pages, and how they lie now."""

    def __init__(self, sources: Sequence[Arrival], laid: str = "") -> None:
        self.sources = {one.pk: one for one in sources}
        pages = page_counts(sources)
        self.first = Layout.of(pages)
        self.layout = Layout.read(laid, pages) if laid else self.first
        self.sizes: dict[Place, tuple[float, float]] = {}
        self.begins: dict[Place, Beginning] = {}
        self.empty: set[Place] = set()
        self.is_signed = False
        for one in sources:
            self._look_at(one)

    def _look_at(self, source: Arrival) -> None:
        paper = paper_of(source.sha256)
        if paper is None:
            return
        self.is_signed |= bool(paper.meta.get("signatures"))
        self.sizes |= {(source.pk, page.number): (page.width, page.height) for page in paper.pages if page.width}
        self.begins |= {(source.pk, one.page): one for one in beginnings(paper)}
        self.empty |= {(source.pk, page) for page in empty_pages(paper)}

    def act(self, act: str, chosen: set[int], to: str) -> None:
        """Lay the leaves anew, as the button says."""
        layout = self.layout
        turns = {"left": 270, "right": 90, "around": 180}
        steps = {"earlier": -1, "later": 1}
        if act in turns:
            self.layout = layout.turned(chosen, turns[act])
        elif act in steps:
            self.layout = layout.shifted(chosen, steps[act])
        elif act == "move" and to.isdecimal() and len(to) < 6:
            self.layout = layout.moved(chosen, max(0, int(to) - 1))
        elif act == "remove":
            self.layout = layout.without(chosen)
        elif act == "drop_empty":
            self.layout = layout.without(self._places(self.empty))
        elif act == "part":
            self.layout = layout.parted(chosen)
        elif act == "part_each":
            self.layout = layout.parted_at(self.begins)
        elif act == "whole":
            self.layout = layout.whole()

    def _places(self, wanted: set[Place]) -> set[int]:
        return {place for place, leaf in enumerate(self.layout.leaves) if (leaf.arrival, leaf.page) in wanted}

    def papers(self) -> Iterator[list[Thumb]]:
        """Yield the papers as they lie, each of its thumbnails."""
        place = 0
        for paper in self.layout.papers:
            yield [self._thumb(place + number, leaf) for number, leaf in enumerate(paper)]
            place += len(paper)

    def _thumb(self, place: int, leaf: Leaf) -> Thumb:
        source, key = self.sources[leaf.arrival], (leaf.arrival, leaf.page)
        width, height = self.sizes.get(key, SHAPE)
        scale = 132 / max(width, height)
        image = reverse("intake:page_image", args=[source.uid, leaf.page])
        size = round(width * scale), round(height * scale)
        return Thumb(place, leaf, source.filename, image, *size, key in self.empty, self.begins.get(key))

    def suggested(self) -> list[Thumb]:
        """Return the leaves at which a paper seems to begin and none does as they lie."""
        starts = self.layout.starts
        thumbs = [one for paper in self.papers() for one in paper]
        return [one for one in thumbs if one.beginning and one.place not in starts]

    @property
    def is_changed(self) -> bool:
        """Whether saving would change anything."""
        return self.layout != self.first or len(self.sources) > 1

    @property
    def has_empty(self) -> bool:
        """Whether a page without text lies on the desk."""
        return bool(self._places(self.empty))


def arranging(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """整理页面 of the arrival, with others (``with``) or with all pictures of its folder (``folder``)."""
    first = arrival_of(request, uid)
    require(request.user, "intake.review")
    sources = _sources(request, first)
    refusal = None
    try:
        desk = Desk(sources, request.POST.get("layout", ""))
    except Refused as error:
        return render(request, "intake/arranging.html", {"arrival": first, "refusal": error}, status=409)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "save":
                return _saved(request, sources, desk)
            desk.act(request.POST.get("act", ""), _chosen(request), request.POST.get("to", ""))
        except Refused as error:
            refusal = error
    context = {"arrival": first, "sources": sources, "desk": desk, "refusal": refusal, "chosen": _still_chosen(request)}
    part = "intake/arranging.html#desk" if "HX-Request" in request.headers else "intake/arranging.html"
    return render(request, part, context, status=409 if refusal and "HX-Request" not in request.headers else 200)


@require_POST
def undoing(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """撤销整理 in which the arrival was a source or came out."""
    arrival = arrival_of(request, uid)
    require(request.user, "intake.review")
    done = arranging_of(arrival)
    work = get_object_or_404(Arranging, pk=done.pk if done else None)
    undo(work, by=request.user)
    messages.success(request, _("已撤销整理，原件恢复待登记"))
    return redirect("intake:review", work.sources.select_related("arrival")[0].arrival.uid)


def arranging_of(arrival: Arrival) -> Arranging | None:
    """Return the arranging that the arrival went into, or else the one that it came out of; None for neither."""
    went = Arranging.objects.filter(sources__arrival=arrival, undone_at=None).first()
    return went or Arranging.objects.filter(renditions__arrival=arrival).first()


def _sources(request: Asked, first: Arrival) -> list[Arrival]:
    if request.GET.get("folder"):
        return beside(first)[:MOST_SOURCES] or [first]
    uids = [uid for uid in map(parse_uid, request.GET.getlist("with")[:MOST_SOURCES]) if uid and uid != first.uid]
    visible = Arrival.objects.visible_to(request.user).select_related("batch", "blob")
    found = {one.uid: one for one in visible.filter(uid__in=uids)} if uids else {}
    return [first, *(found[uid] for uid in dict.fromkeys(uids) if uid in found)]


def _saved(request: Asked, sources: Sequence[Arrival], desk: Desk) -> HttpResponse:
    made = arrange(sources, desk.layout, by=request.user)
    messages.success(request, _("已整理成 %(n)s 份，正在识读；原件保留，可以撤销整理") % {"n": len(made)})
    target = reverse("intake:batch", args=[made[0].batch.uid])
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


def _chosen(request: Asked) -> set[int]:
    return {int(one) for one in request.POST.getlist("leaf") if one.isdecimal() and len(one) < 6}


def _still_chosen(request: Asked) -> set[Any]:
    """Turning may be repeated: the leaves stay chosen; after every other act places have changed."""
    return _chosen(request) if request.POST.get("act") in ("left", "right", "around") else set()
