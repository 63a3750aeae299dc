"""收件: a file is kept before anybody is told that it came."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, BinaryIO

from django.db import transaction

from qidang import vault
from qidang.kit.refusal import Refused
from qidang.ledger import record
from qidang.vault.models import Blob

from .models import Arrival, Batch, State
from .tasks import read_waiting

if TYPE_CHECKING:
    from qidang.accounts.models import Department, User

LONGEST_NAME = 255


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A file whose bytes lie safely in the vault, with the name it came under."""

    stored: vault.Stored
    filename: str
    path: str = ""
    parent: Arrival | None = None


@transaction.atomic
def open_batch(
    source: str, *, by: User, department: Department | None = None, note: str = "", registers_by_itself: bool = False
) -> Batch:
    """收集批次: begin one; it belongs to ``department``, by default the one of the person who takes in."""
    batch = Batch.objects.create(
        source=source,
        by=by,
        department=department or by.department,
        note=note,
        registers_by_itself=registers_by_itself,
    )
    record("batch.opened", batch, by=by)
    return batch


def keep(stream: BinaryIO | bytes | pathlib.Path, filename: str, path: str = "", parent: Arrival | None = None) -> Kept:
    """Lay the bytes into the vault, outside any transaction. Raise Refused for a name or size that cannot be taken."""
    name = filename.replace("\x00", "").replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not name:
        raise Refused("intake.no_name")
    return Kept(vault.put(stream), _shortened(name), path[:1000], parent)


def keep_sent(stream: BinaryIO, filename: str, size: int) -> Kept:
    """Keep a file that a form sent, as ``keep`` does; an empty one is refused, for its sender can still mend it."""
    if not size:
        raise Refused("intake.empty_file", filename=filename)
    return keep(stream, filename)


def receive(batch: Batch, kept: Sequence[Kept], *, by: User) -> list[Arrival]:
    """收件: make an arrival of each kept file, in one transaction, and have them read.

    Bytes that are here already, in an arrival that was not withdrawn, make a duplicate that is not read again.
    """
    with transaction.atomic():
        arrivals = [_arrive(batch, one, by) for one in kept]
        if any(arrival.state == State.WAITING for arrival in arrivals):
            wake(batch)
    return arrivals


def wake(batch: Batch) -> None:
    """Have the worker read what waits in ``batch``, once however many files come."""
    if Batch.objects.filter(pk=batch.pk, is_queued=False).update(is_queued=True):
        read_waiting.enqueue(batch.pk)


def _arrive(batch: Batch, kept: Kept, by: User) -> Arrival:
    arrival = Arrival(batch=batch, parent=kept.parent, filename=kept.filename, path=kept.path)
    arrival.sha256 = kept.stored.sha256
    first = _first_with(arrival.sha256)
    if first is not None:
        arrival.state, arrival.code, arrival.duplicate_of = State.DUPLICATE, "intake.same_bytes", first
        arrival.contract = first.contract
    arrival.blob = Blob.objects.keep(kept.stored, holder=arrival)
    arrival.save()
    record("arrival.received", arrival, batch, by=by)
    return arrival


def _first_with(sha256: str) -> Arrival | None:
    same = Arrival.objects.filter(sha256=sha256, duplicate_of=None).exclude(state=State.WITHDRAWN)
    return same.select_related("contract").order_by("id").first()


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else name[:LONGEST_NAME]


def files_under(paths: Iterable[pathlib.Path]) -> Iterable[tuple[pathlib.Path, str]]:
    """Yield every file of ``paths`` with its path as the clerk knows it; hidden and lock files are passed over."""
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())
            yield from ((p, str(p.relative_to(path.parent))) for p in inside if not is_litter(p.name))
        else:
            yield path, str(path)


def is_litter(name: str) -> bool:
    """True for what office programs and desktops leave behind (``~$…``, ``Thumbs.db``, ``.DS_Store``)."""
    return name.startswith((".", "~$")) or name.lower() in {"thumbs.db", "desktop.ini"}
