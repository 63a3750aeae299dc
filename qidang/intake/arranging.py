"""页面整理: pages turned, reordered, left out, parted and put together before registering; undone as a whole.

What came stays as it came. The result is a rendition: new bytes with the recipe by which anybody can make them again.
"""

from __future__ import annotations

import pathlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from qidang import vault
from qidang.accounts.capabilities import require
from qidang.kit import clock, rows
from qidang.kit.refusal import Refused
from qidang.ledger import record
from qidang.reading.sniffing import PDF

from .layout import MOST_PAGES, Layout
from .models import ArrangedSource, Arranging, Arrival, Rendition, State
from .models.arrival import WORKABLE
from .receiving import Kept, keep, receive
from .review import held
from .texts import pool

if TYPE_CHECKING:
    from qidang.accounts.models import User

MOST_BYTES = 300 << 20
MOST_READ = 2000  # pages that reading looks at; what lies behind them would be lost
UNDOABLE = (*WORKABLE, State.WAITING, State.READING, State.WITHDRAWN)


def can_be_arranged(arrival: Arrival) -> bool:
    """Say whether the arrival has pages that can be taken apart: a PDF or pictures, read and not settled."""
    has_pages = arrival.media_type == PDF or arrival.media_type.startswith("image/")
    return arrival.state in WORKABLE and has_pages and arrival.pages > 0


def page_counts(sources: Sequence[Arrival]) -> dict[int, int]:
    """Return how many pages each source has, by its key. Raise Refused for a source without pages, or too many."""
    for source in sources:
        if source.state not in WORKABLE:
            raise Refused("intake.settled_meanwhile", filename=source.filename, state=source.get_state_display())
        if not can_be_arranged(source):
            raise Refused("intake.no_pages", filename=source.filename)
    pages = {source.pk: source.pages for source in sources}
    if sum(pages.values()) > MOST_PAGES or any(count >= MOST_READ for count in pages.values()):
        raise Refused("intake.too_many_pages", limit=MOST_PAGES)
    if sum(source.blob.size for source in sources) > MOST_BYTES:
        raise Refused("intake.pages_too_large", limit=MOST_BYTES >> 20)
    return pages


def arrange(sources: Sequence[Arrival], layout: Layout, *, by: User) -> list[Arrival]:
    """页面整理: make an arrival of each paper of ``layout``, to be read anew; the sources are laid down as 已整理.

    Raise Refused where nothing would change, and whatever the pages themselves refuse (``reading.…``).
    """
    require(by, "intake.review")
    pages = page_counts(sources)
    layout = Layout.read(str(layout), pages)
    if layout == Layout.of(pages) and len(sources) == 1:
        raise Refused("intake.nothing_arranged")
    made, maker = pool().assemble([(vault.read(one.blob), one.filename) for one in sources], _leaves(sources, layout))
    names = _names(sources, layout)
    kept = [keep(data, name, path) for data, (name, path) in zip(made, names, strict=True)]
    return _lay_down(sources, layout, kept, maker, by=by)


def recipe_of(rendition: Rendition) -> list[tuple[str, int, int]]:
    """Return digest of the source, page and degrees of every page."""
    return [(str(sha256), int(page), int(turn)) for sha256, page, turn in rendition.recipe]


def made_again(rendition: Rendition) -> bytes:
    """Return the bytes that the recipe makes now; with the same maker they are those that are kept."""
    recipe = recipe_of(rendition)
    rows = Arrival.objects.filter(arrangings__arranging=rendition.arranging).select_related("blob")
    sources = {one.sha256: one for one in rows}
    order = list(dict.fromkeys(sha256 for sha256, _, _ in recipe))
    leaves = [(order.index(sha256), page, turn) for sha256, page, turn in recipe]
    shelf = [(vault.read(sources[sha256].blob), sources[sha256].filename) for sha256 in order]
    (data,), _maker = pool().assemble(shelf, [leaves])
    return data


@transaction.atomic
def undo(arranging: Arranging, *, by: User) -> None:
    """撤销整理: the papers made are withdrawn and the sources stand again where they stood."""
    require(by, "intake.review")
    arranging = Arranging.objects.select_for_update().get(pk=arranging.pk)
    if arranging.undone_at is not None:
        raise Refused("intake.arranging_undone")
    made = [held(one, *State.values) for one in Arrival.objects.filter(rendition__arranging=arranging)]
    made = [one for one in made if one.state != State.CLEARED]  # nothing brings those back
    for one in made:
        if one.state not in UNDOABLE:
            raise Refused("intake.arranging_used", filename=one.filename, state=one.get_state_display())
        one.state_before, one.state, one.code = State.TO_REVIEW, State.WITHDRAWN, "intake.arranging_undone"
        one.save(update_fields=["state", "state_before", "code"])
    sources = list(arranging.sources.select_related("arrival"))
    for source in sources:
        rows = Arrival.objects.filter(pk=source.arrival_id).exclude(state=State.CLEARED)
        rows.update(state=source.state_before)
    arranging.undone_by, arranging.undone_at = by, clock.now()
    arranging.save(update_fields=["undone_by", "undone_at"])
    record("arrival.arranging_undone", *[one.arrival for one in sources], *made, by=by)


@transaction.atomic
def _lay_down(
    sources: Sequence[Arrival], layout: Layout, kept: Sequence[Kept], maker: str, *, by: User
) -> list[Arrival]:
    taken = [held(one, *WORKABLE) for one in sources]
    arranging = Arranging.objects.create(by=by, maker=maker)
    for position, one in enumerate(taken):
        rows.insert(ArrangedSource(arranging=arranging, arrival=one, position=position, state_before=one.state))
    Arrival.objects.filter(pk__in=[one.pk for one in taken]).update(state=State.ARRANGED)
    made = receive(taken[0].batch, kept, by=by)
    digests = {one.pk: one.sha256 for one in taken}
    for arrival, paper in zip(made, layout.papers, strict=True):
        recipe: Any = [[digests[leaf.arrival], leaf.page, leaf.turn] for leaf in paper]
        Rendition.objects.create(arranging=arranging, arrival=arrival, recipe=recipe)
    record("arrival.arranged", *taken, *made, by=by, details={"sources": len(taken), "papers": len(made)})
    return made


def _leaves(sources: Sequence[Arrival], layout: Layout) -> list[list[tuple[int, int, int]]]:
    places = {one.pk: place for place, one in enumerate(sources)}
    return [[(places[leaf.arrival], leaf.page, leaf.turn) for leaf in paper] for paper in layout.papers]


def _names(sources: Sequence[Arrival], layout: Layout) -> list[tuple[str, str]]:
    """Return name and path of each paper: after its source, or after the folder where all pictures of one make it."""
    by_key = {one.pk: one for one in sources}
    found = []
    for number, paper in enumerate(layout.papers, start=1):
        first = by_key[paper[0].arrival]
        folder = pathlib.PurePosixPath(first.path).parent
        many = len({leaf.arrival for leaf in paper}) > 1 and first.media_type.startswith("image/") and folder.name
        stem = folder.name if many else pathlib.PurePosixPath(first.filename).stem
        name = f"{stem}-{number}.pdf" if len(layout.papers) > 1 else f"{stem}.pdf"
        place = folder.parent if many else folder
        found.append((name, str(place / name) if first.path else ""))
    return found
