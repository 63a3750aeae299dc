"""清除单上的话: what went, what still holds the same bytes, who had seen them, and what no system can erase."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Max

from qidang.contracts.models import Version
from qidang.intake.copies import Copies, copies, made_of_pages
from qidang.intake.models import Arrival
from qidang.ledger.models import Entry
from qidang.vault.models import Blob, Shredding

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.intake.models import Clearing

LOOKS = ("arrival.viewed", "arrival.downloaded", "document.viewed", "document.downloaded")
MOST = 50


@dataclasses.dataclass(frozen=True, slots=True)
class Went:
    """Bytes of the removal: their digest and size, the stubs that the reader may see, whether their key is shredded."""

    sha256: str
    size: int
    arrivals: list[Arrival]
    versions: list[Version]
    hidden: int
    shredded_at: dt.datetime | None
    is_ordered: bool
    left: Copies


@dataclasses.dataclass(frozen=True, slots=True)
class Receipt:
    """清除单: all that can be said of a removal to one reader."""

    went: list[Went]
    made: list[Arrival]
    made_hidden: int
    looks: list[dict[str, object]]
    has_papers: bool

    @property
    def is_whole(self) -> bool:
        """Whether all bytes of it are shredded."""
        return all(one.shredded_at for one in self.went)


def receipt_of(clearing: Clearing, user: User) -> Receipt:
    """Return what ``user`` may learn of the removal."""
    things = list(clearing.things.all())
    seen = Arrival.objects.visible_to(user).filter(pk__in=[one.arrival_id for one in things if one.arrival_id])
    arrivals = list(seen.select_related("batch"))
    papers = Version.objects.visible_to(user).filter(pk__in=[one.version_id for one in things if one.version_id])
    versions = list(papers.select_related("document__contract", "blob"))
    digests = list(dict.fromkeys(one.sha256 for one in things))
    blobs = {one.sha256: one.size for one in Blob.objects.filter(sha256__in=digests)}
    orders = {one.sha256: one for one in Shredding.objects.standing().filter(sha256__in=digests)}
    went = []
    for sha256 in digests:
        stubs = [one for one in arrivals if one.sha256 == sha256]
        kept = [one for one in versions if one.blob.sha256 == sha256]
        order = orders.get(sha256)
        count = sum(1 for one in things if one.sha256 == sha256)
        hidden = count - len(stubs) - len(kept)
        left = _besides(copies(sha256, user), arrivals, versions)
        went.append(
            Went(
                sha256,
                blobs.get(sha256, 0),
                stubs,
                kept,
                hidden,
                order.done_at if order else None,
                order is not None,
                left,
            )
        )
    made, made_hidden = made_of_pages(clearing.sha256, user)
    return Receipt(went, made, made_hidden, _looks(clearing), any(one.version_id for one in things))


def _besides(found: Copies, arrivals: list[Arrival], versions: list[Version]) -> Copies:
    """Leave out what the removal names itself."""
    return dataclasses.replace(
        found,
        arrivals=[one for one in found.arrivals if one not in arrivals],
        around=[one for one in found.around if one not in arrivals],
        versions=[one for one in found.versions if one not in versions],
    )


def _looks(clearing: Clearing) -> list[dict[str, object]]:
    """Return who opened or downloaded it before, with the last time, the newest first."""
    things = clearing.things.select_related("arrival", "version__document")
    uids = [one.arrival.uid for one in things if one.arrival]
    uids += [one.version.document.uid for one in things if one.version]
    found = Entry.objects.filter(chain="reads", act__in=LOOKS, subjects__uid__in=uids)
    rows = found.values("actor_name", "act").annotate(last=Max("at")).order_by("-last")
    return [row | {"is_download": str(row["act"]).endswith("downloaded")} for row in rows[:MOST]]
