"""上传: files that come in pieces over a line that may break (tus 1.0.0: creation, core, termination).

A piece is sealed and fsynced under ``QIDANG_HOME/incoming/<uid>`` before the new offset is told to the browser, so
an upload goes on where it broke off, after a kill of the server too, and no readable byte lies on the disk.
"""

from __future__ import annotations

import datetime as dt
import io
import pathlib
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from django.conf import settings
from django.db import transaction

from qidang.kit.clock import now
from qidang.kit.refusal import Refused
from qidang.reading.litter import why_passed_over
from qidang.vault import pieces

from .models import Batch, Upload
from .receiving import BARRED, keep, pass_over, receive, skipped

if TYPE_CHECKING:
    from qidang.accounts.models import User

PIECE = 1 << 20
LARGEST = 4 << 30
KEPT_FOR = dt.timedelta(days=2)


def begin(batch: Batch, *, by: User, filename: str, size: int, path: str = "") -> Upload:
    """Open an upload of ``size`` bytes into ``batch``; raise Refused for a name or size that cannot be taken.

    What says nothing is noted in the batch as passed over, and refused with the words for it.
    """
    if not filename.strip():
        raise Refused("intake.no_name")
    if size > LARGEST:
        raise Refused("intake.too_large", filename=filename, limit=LARGEST >> 30)
    if why := why_passed_over(path or filename, size):
        pass_over(batch, [(path or filename, why)])
        raise skipped(filename, why)
    return Upload.objects.create(batch=batch, by=by, filename=filename[-255:], path=path[-1000:], size=size)


def append(upload: Upload, offset: int, body: BinaryIO) -> Upload:
    """Add what ``body`` brings at ``offset``; what came before the line broke is kept. Return the upload as it is now.

    Raise Refused("intake.wrong_offset") where the browser and the archive disagree about how much has come.
    """
    if offset != upload.offset or upload.arrival_id:
        raise Refused("intake.wrong_offset", offset=upload.offset)
    laid: list[pathlib.Path] = []
    try:
        for piece in _pieces(body, upload.size - offset):
            laid.append(pieces.lay(_folder(upload), offset, piece))
            offset += len(piece)
        _move_on(upload, offset, laid)
    finally:
        pieces.discard(laid)
    if upload.offset == upload.size:
        _finish(upload)
    return upload


@transaction.atomic
def _move_on(upload: Upload, offset: int, laid: list[pathlib.Path]) -> None:
    """Let the pieces count, unless another request brought other bytes for the same place meanwhile."""
    if not Upload.objects.select_for_update().filter(pk=upload.pk, offset=upload.offset).exists():
        raise Refused("intake.wrong_offset", offset=upload.offset)
    pieces.settle(laid)
    upload.offset, upload.touched_at = offset, now()
    upload.save(update_fields=["offset", "touched_at"])


def complete(upload: Upload) -> Upload:
    """Make the arrival of an upload whose last piece came but whose end a kill prevented; return the upload."""
    if upload.offset == upload.size and upload.arrival_id is None:
        _finish(upload)
    return upload


def abandon(upload: Upload) -> None:
    """Throw away an unfinished upload (tus termination)."""
    shutil.rmtree(_folder(upload), ignore_errors=True)
    upload.delete()


def forget_stale() -> None:
    """Throw away the uploads that nobody has gone on with for ``KEPT_FOR``."""
    for upload in Upload.objects.filter(arrival=None, touched_at__lt=now() - KEPT_FOR):
        abandon(upload)


def _finish(upload: Upload) -> None:
    """Make one arrival of the pieces, however many requests find at once that they are complete."""
    try:
        kept = keep(cast(BinaryIO, _Pieces(upload)), upload.filename, upload.path)
    except Refused as refusal:
        upload.refresh_from_db(fields=["arrival"])
        if upload.arrival_id is None:
            if refusal.code == BARRED:  # not even its pieces stay
                abandon(upload)
            raise
        return
    with transaction.atomic():
        row = Upload.objects.select_for_update().get(pk=upload.pk)
        if row.arrival_id is None:
            (row.arrival,) = receive(upload.batch, [kept], by=upload.by)
            row.save(update_fields=["arrival"])
        upload.arrival = row.arrival
    shutil.rmtree(_folder(upload), ignore_errors=True)


def _folder(upload: Upload) -> pathlib.Path:
    return pathlib.Path(settings.HOME) / "incoming" / str(upload.uid)


def _pieces(body: BinaryIO, most: int) -> Iterator[bytes]:
    """Yield pieces of at most ``PIECE`` bytes until ``most`` bytes have come or the line breaks."""
    while most > 0:
        try:
            piece = body.read(min(PIECE, most))
        except OSError:
            return
        if not piece:
            return
        most -= len(piece)
        yield piece


class _Pieces(io.RawIOBase):
    """The pieces of an upload read as one stream."""

    def __init__(self, upload: Upload) -> None:
        self.left = pieces.gather(_folder(upload))
        self.rest = b""
        self.came = 0
        self.upload = upload

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Return up to ``size`` bytes, all of them for -1, none at the end; refuse where pieces are lacking."""
        everything = size is None or size < 0
        while everything or not self.rest:
            piece = next(self.left, b"")
            if not piece:
                break
            self.came += len(piece)
            self.rest += piece
        if not self.rest and self.came != self.upload.size:
            raise Refused("intake.pieces_lost", filename=self.upload.filename)
        taken = self.rest if everything else self.rest[:size]
        self.rest = self.rest[len(taken) :]
        return taken
