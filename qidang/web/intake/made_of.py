"""整理的说明: of which pages a paper was made, told to who may see the files they came from."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator

from django.utils.translation import gettext as _

from qidang.intake.arranging import recipe_of
from qidang.intake.models import Arranging, Arrival, Rendition
from qidang.vault.models import Blob
from qidang.web.answers import Asked

MOST = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Origin:
    """来源: pages of one file, in words; the file is None where the person may not see it."""

    arrival: Arrival | None
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class MadeOf:
    """整理: the act, the papers that came out of it, and the pages of which the one that is looked at was made."""

    work: Arranging
    origins: list[Origin]
    results: list[Arrival]


def made_of(request: Asked, arrival: Arrival) -> MadeOf | None:
    """Return the page work that made the arrival, or that it went into; None for most."""
    rendition = Rendition.objects.filter(arrival=arrival).select_related("arranging__by").first()
    went = arrival.arrangings.filter(arranging__undone_at=None).select_related("arranging__by").first()
    if went is not None:
        made = Arrival.objects.visible_to(request.user).filter(rendition__arranging=went.arranging)
        return MadeOf(went.arranging, [], list(made.order_by("id")[:MOST]))
    return None if rendition is None else MadeOf(rendition.arranging, _origins(request, rendition), [])


def rendition_of(request: Asked, blob: Blob) -> MadeOf | None:
    """Return of which pages the bytes were made; None where they are as they came."""
    rendition = Rendition.objects.of(blob).first()
    return None if rendition is None else MadeOf(rendition.arranging, _origins(request, rendition), [])


def _origins(request: Asked, rendition: Rendition) -> list[Origin]:
    visible = Arrival.objects.visible_to(request.user).filter(arrangings__arranging=rendition.arranging)
    known = {one.sha256: one for one in visible}
    found = []
    for sha256, leaves in itertools.groupby(recipe_of(rendition), key=lambda leaf: leaf[0]):
        found.append(Origin(known.get(sha256), "".join(_words([(page, turn) for _, page, turn in leaves]))))
    return found


def _words(pages: list[tuple[int, int]]) -> Iterator[str]:
    """Yield the pages in words: runs of pages together, then those that were turned."""
    runs: list[list[int]] = []
    for page, _turn in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    written = _("、").join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    yield _("第 %(pages)s 页") % {"pages": written}
    turned = [(page, turn) for page, turn in pages if turn]
    for page, turn in turned[:MOST]:
        yield _("，第 %(page)s 页转 %(turn)s°") % {"page": page, "turn": turn}
