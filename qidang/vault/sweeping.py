"""清扫: what a crash between storing and committing leaves behind, and what should be there and is not."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import batched

from qidang.kit import clock
from qidang.vault.disk import storage
from qidang.vault.models import Blob, Shredding
from qidang.vault.storage import Held

YOUNG = dt.timedelta(days=1)  # an act may still be on its way to naming these bytes


def sweep(*, delete: bool = False) -> list[Held]:
    """清扫: return the objects that no row names and that are older than a day; with ``delete`` remove them.

    Leftovers of broken-off writes of that age are removed in any case: no row can ever name them.
    """
    before = clock.now() - YOUNG
    storage().clear_leftovers(before)
    orphans = [held for held in _unnamed(storage().list()) if held.modified_at < before]
    if delete:
        return [held for held in orphans if storage().sweep(held.name, before, _is_named)]
    return orphans


def _is_named(name: str) -> bool:
    return Blob.objects.filter(sha256=name).exists()


def missing() -> Iterator[Blob]:
    """Go through the blobs whose object is gone and should not be; what was shredded is meant to be gone."""
    shredded = Shredding.objects.standing().values("sha256")
    for blob in Blob.objects.exclude(sha256__in=shredded).order_by("pk").iterator():
        if not storage().exists(blob.sha256):
            yield blob


def _unnamed(objects: Iterable[Held]) -> Iterator[Held]:
    for some in batched(objects, 500):
        named = set(Blob.objects.filter(sha256__in=[held.name for held in some]).values_list("sha256", flat=True))
        yield from (held for held in some if held.name not in named)
