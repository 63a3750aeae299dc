"""同样的字节在哪里: what holds bytes, by itself or inside an archive or a mail, and what was made of their pages."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.db.models import Q

from qidang.contracts.models import Version
from qidang.vault.models import Holder, Shredding

from .models import Arrival, Rendition, SheetImport, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qidang.accounts.models import User

KNOWN = (Arrival.ledger_kind, Version.ledger_kind, SheetImport.ledger_kind)


@dataclasses.dataclass(frozen=True, slots=True)
class Copies:
    """The places of bytes that a person may see, ``around`` them the archives and mails; ``hidden`` counts the rest."""

    arrivals: list[Arrival]
    around: list[Arrival]
    versions: list[Version]
    sheets: list[SheetImport]
    hidden: int = 0

    def __len__(self) -> int:
        return len(self.arrivals) + len(self.around) + len(self.versions) + len(self.sheets) + self.hidden


def containers(sha256s: Iterable[str]) -> set[str]:
    """Return the bytes of the archives and mails that came around these, at whatever depth."""
    found: set[str] = set()
    inside = set(sha256s)
    while inside:
        parents = Arrival.objects.filter(sha256__in=inside, parent__isnull=False)
        inside = set(parents.values_list("parent__sha256", flat=True)) - found
        found |= inside
    return found


def copies(sha256: str, user: User) -> Copies:
    """Return who still holds the bytes, as far as ``user`` may see it."""
    around = containers([sha256]) - Shredding.objects.among(containers([sha256]))
    here = Q(sha256=sha256) | Q(sha256__in=around)
    arrivals = Arrival.objects.filter(here).exclude(state=State.CLEARED)
    held = {sha256, *around}
    versions = Version.objects.filter(blob__sha256__in=held, cleared_at=None)
    sheets = SheetImport.objects.filter(blob__sha256__in=held)
    seen = list(arrivals.visible_to(user).select_related("batch__by", "blob").order_by("id"))
    papers = list(versions.visible_to(user).select_related("document__contract", "blob").order_by("id"))
    tables = list(sheets.visible_to(user).select_related("batch"))
    others = Holder.objects.filter(blob__sha256__in=held).exclude(kind__in=KNOWN).count()
    total = arrivals.count() + versions.count() + sheets.count() + others
    return Copies(
        [one for one in seen if one.sha256 == sha256],
        [one for one in seen if one.sha256 != sha256],
        papers,
        tables,
        total - len(seen) - len(papers) - len(tables),
    )


def unheld(sha256s: set[str]) -> set[str]:
    """Return those of the bytes that nothing holds by itself; an archive or mail may still carry them."""
    held = Holder.objects.filter(blob__sha256__in=sha256s).values_list("blob__sha256", flat=True)
    return sha256s - set(held)


def loose(sha256s: set[str]) -> set[str]:
    """Return those of the bytes that nothing holds any more, neither by itself nor around them.

    The parent alone has to be looked at: it is shredded only once nothing is around it either.
    """
    left = unheld(sha256s)
    around: dict[str, set[str]] = {sha256: set() for sha256 in left}
    parents = Arrival.objects.filter(sha256__in=left, parent__isnull=False)
    for sha256, outside in parents.values_list("sha256", "parent__sha256"):
        around[sha256].add(outside)
    gone = Shredding.objects.among(set().union(*around.values()))
    found: set[str] = set()
    while more := {one for one in left - found if not around[one] - gone - found}:
        found |= more
    return found


def made_of_pages(sha256: str, user: User) -> tuple[list[Arrival], int]:
    """Return the papers that share pages with these bytes by page work, and how many more are out of sight."""
    works = Q(arrangings__arranging__renditions__arrival__sha256=sha256) | Q(
        rendition__arranging__sources__arrival__sha256=sha256
    )
    others = Arrival.objects.filter(works).exclude(Q(state=State.CLEARED) | Q(sha256=sha256)).distinct()
    found = [one for one in others.select_related("batch") if _shares(one, sha256)]
    seen = set(Arrival.objects.visible_to(user).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    shown = [one for one in found if one.pk in seen]
    return shown, len(found) - len(shown)


def _shares(other: Arrival, sha256: str) -> bool:
    """Whether one of the two was made of pages of the other, by the recipes."""
    recipes = Rendition.objects.filter(Q(arrival=other) | Q(arrival__sha256=sha256)).select_related("arrival")
    pairs = [(one.arrival.sha256, {str(leaf[0]) for leaf in one.recipe}) for one in recipes]
    mine, theirs = sha256, other.sha256
    return any((made == mine and theirs in of) or (made == theirs and mine in of) for made, of in pairs)
