"""读出的文字: the text and fields of bytes, kept sealed beside them; they may be lost and are then read again."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from qidang import vault
from qidang.accounts.models import User
from qidang.reading import READER_VERSION, STILL_TRUE
from qidang.reading.paper import Extraction, Paper
from qidang.reading.pool import Job, Pool, Reading
from qidang.vault.models import Shredding

from .isolating import FOUND, isolate
from .models import Isolation
from .models.arrival import UNREAD, Arrival

if TYPE_CHECKING:
    from qidang.vault.models import Blob

TEXT = "text"
FIELDS = "fields"


@functools.cache
def pool() -> Pool:
    """Return this process's reading children; none is started before something is to be read."""
    return Pool(size=2)


def keep_reading(sha256: str, reading: Reading) -> None:
    """Keep what was read of the bytes ``sha256``; a refused reading is kept as an empty paper with its problem.

    What an earlier version of the reader kept goes.
    """
    vault.derive(sha256, TEXT, READER_VERSION, reading.packed or _empty(reading).pack())
    if reading.fields:
        vault.derive(sha256, FIELDS, READER_VERSION, reading.fields)
    for version in STILL_TRUE:
        vault.forget_derived(sha256, version)
    if Shredding.objects.among([sha256]):  # cleared while it was being read
        vault.forget_derived(sha256)


def kept(sha256: str, kind: str) -> bytes | None:
    """Return what the newest version of the reader kept of these bytes; None where no version that still serves did."""
    for version in (READER_VERSION, *STILL_TRUE):
        data = vault.derived(sha256, kind, version)
        if data is not None:
            return data
    return None


def _empty(reading: Reading) -> Paper:
    paper = Paper(media_type=reading.media_type)
    if reading.refused:
        paper.note(reading.refused, reading.message)
    return paper


def paper_of(sha256: str) -> Paper | None:
    """Return the paper as read; None where no version of the reader that still serves has read it."""
    data = kept(sha256, TEXT)
    return None if data is None else Paper.unpack(data)


def fields_of(sha256: str) -> Extraction | None:
    """Return the fields as read; None where there are none."""
    data = kept(sha256, FIELDS)
    return None if data is None else Extraction.from_json(data)


def ensure(blob: Blob, filename: str) -> Paper:
    """Return the paper as read, reading it now where nothing is kept; that is no work for a page (``rereading``)."""
    return Paper.unpack(_ensured(blob, filename))


def pages_of(blob: Blob, filename: str) -> list[str]:
    """Return the text of each page, reading the paper now where nothing is kept.

    A paper that waits its turn to be read for the first time has no pages yet.
    """
    packed = kept(blob.sha256, TEXT)
    if packed is None and is_awaited(blob.sha256):
        return []
    return Paper.texts_in(packed or _ensured(blob, filename))


def is_awaited(sha256: str) -> bool:
    """Whether these bytes wait to be read for the first time."""
    return Arrival.objects.filter(sha256=sha256, state__in=UNREAD).exists()


def _read(blob: Blob, filename: str) -> Reading:
    """Read the bytes; of what is isolated, or bears the mark for which it has to be, nothing is read."""
    if Isolation.objects.standing().filter(sha256=blob.sha256).exists():
        return Reading(filename, refused=FOUND)
    released = bool(Isolation.objects.among([blob.sha256], released=True))
    _, reading = next(pool().read_many([Job(vault.read(blob), filename, is_released=released)]))
    if reading.refused == FOUND:
        isolate(blob.sha256, by=User.objects.system())
    return reading


def _ensured(blob: Blob, filename: str) -> bytes:
    packed = kept(blob.sha256, TEXT)
    if packed is None:
        reading = _read(blob, filename)
        keep_reading(blob.sha256, reading)
        packed = reading.packed or _empty(reading).pack()
    return packed
