"""碎钥: bytes are made to be gone for good: first the order, then the list, then the key in the head, then the object.

Whatever kill comes between leaves an order that is not done; ``finish`` does what is left, as often as it takes.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import Q

from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.vault.deriving import forget_derived
from qidang.vault.disk import storage
from qidang.vault.erasures import CLEARED, RETURNED, Erasures, Line, append
from qidang.vault.models import Blob, Shredding


def order(blobs: Iterable[Blob], *, cause: uuid.UUID) -> None:
    """Order that the bytes be shredded; inside the act that decides it, their rows locked. ``finish`` does it then."""
    for blob in blobs:
        _order(blob.sha256, blob.size, cause, clock.now())


def finish(*, thoroughly: bool = False) -> int:
    """Shred what is ordered and not done; return how many were. ``thoroughly`` looks for bytes laid down again too.

    Raise Refused where list or disk fail; the order stands, and the next call tries again.
    """
    due = Shredding.objects.standing() if thoroughly else Shredding.objects.due()
    return sum(_shred(one) for one in due.order_by("pk"))


def check_gone(blob: Blob) -> None:
    """Refuse with ``vault.shredded_lies_here`` where the bytes of what was shredded are still there."""
    if storage().exists(blob.sha256):
        raise Refused("vault.shredded_lies_here", sha256=blob.sha256[:12])


def lift(sha256s: Iterable[str]) -> list[Line]:
    """Let bytes come back that were shredded; return the lines for the list, to be written after the commit."""
    at = clock.now()
    rows = Shredding.objects.standing().filter(sha256__in=list(sha256s))
    lines = [Line(one.sha256, one.size, one.cause, at, RETURNED) for one in rows]
    rows.update(lifted_at=at)
    return lines


def apply(erasures: Erasures) -> int:
    """Order what the list says and this database does not know, as after a restore; return how many orders."""
    known = {one.sha256: one for one in Shredding.objects.filter(sha256__in=erasures.lines)}
    ordered = 0
    for line in erasures.lines.values():
        one = known.get(line.sha256)
        if line.act == RETURNED and one and one.ordered_at < line.at:
            Shredding.objects.standing().filter(pk=one.pk).update(lifted_at=line.at)
        elif line.act == CLEARED and (one is None or (one.lifted_at and one.lifted_at < line.at)):
            _order(line.sha256, line.size, line.cause, line.at)
            ordered += 1
    return ordered


def _order(sha256: str, size: int, cause: uuid.UUID, at: dt.datetime) -> None:
    given = {"size": size, "cause": cause, "ordered_at": at, "done_at": None, "lifted_at": None}
    Shredding.objects.update_or_create(sha256=sha256, defaults=given)


def _shred(one: Shredding) -> bool:
    if one.done_at is not None and not storage().exists(one.sha256):
        return False
    if not Shredding.objects.standing().filter(pk=one.pk).exists():  # lifted meanwhile
        return False
    if one.done_at is None:
        append([Line(one.sha256, one.size, one.cause, one.ordered_at)])
    forget_derived(one.sha256)
    storage().shred(one.sha256)
    Shredding.objects.filter(Q(done_at=None), pk=one.pk).update(done_at=clock.now())
    return True
