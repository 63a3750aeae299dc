"""重新识读: a page asks for text that was lost, and the worker reads the paper again; no page waits for it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from qidang.kit.clock import now
from qidang.kit.refusal import Refused
from qidang.vault.models import Blob

from .models import Arrival, Rereading
from .models.arrival import UNREAD
from .receiving import hasten
from .tasks import read_again
from .texts import ensure, paper_of
from .work import MACHINE

if TYPE_CHECKING:
    from qidang.reading.paper import Paper

ANEW = dt.timedelta(minutes=10)  # then one asks again, as after a killed worker or a repaired disk


def paper_or_ask(blob: Blob, filename: str) -> Paper | None:
    """Return the paper as read; None where its text is lost: the worker is asked for it, once for all who look.

    Raise Refused with the code for which the bytes could not be opened (``vault.missing``, ``.corrupt``).
    """
    paper = paper_of(blob.sha256)
    if paper is None and not _is_awaited(blob.sha256):
        _ask(blob.sha256, filename)
    return paper


def _is_awaited(sha256: str) -> bool:
    """Whether the paper is still to be read for the first time; it is read next, as somebody has opened it."""
    arrival = Arrival.objects.filter(sha256=sha256, state__in=UNREAD).select_related("batch").first()
    if arrival is not None:
        hasten(arrival)
    return arrival is not None


@transaction.atomic
def _ask(sha256: str, filename: str) -> None:
    at = now()
    given = {"filename": filename, "asked_at": at}
    asked, is_first = Rereading.objects.get_or_create(sha256=sha256, defaults=given)
    same = Rereading.objects.filter(pk=asked.pk, asked_at__lt=at - ANEW)
    if is_first or same.update(code="", **given):
        read_again.enqueue(sha256)
    elif asked.code:
        raise Refused(asked.code, sha256=sha256, filename=filename)


def reread(sha256: str) -> None:
    """Read the paper again for whoever asked; bytes that cannot be opened are told to them."""
    asked = Rereading.objects.filter(sha256=sha256).first()
    blob = Blob.objects.filter(sha256=sha256).first()
    if asked is None or blob is None:
        return
    try:
        ensure(blob, asked.filename)
    except Refused as refusal:
        if refusal.code in MACHINE:  # a full disk is not the paper's fault: the task is tried again
            raise
        Rereading.objects.filter(pk=asked.pk).update(code=refusal.code)
    else:
        asked.delete()
