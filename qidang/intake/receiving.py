"""收件: a file is kept before anybody is told that it came."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, BinaryIO

from django.db import transaction
from django.utils import timezone

from qidang import vault
from qidang.kit import rows
from qidang.kit.clock import now
from qidang.kit.refusal import Refused
from qidang.ledger import record, take_turn
from qidang.ledger.subjects import Subject
from qidang.vault.disk import storage
from qidang.vault.models import Blob, Shredding

from .models import Arrival, Batch, Isolation, Skipped, State, Why
from .tasks import read_waiting

if TYPE_CHECKING:
    from qidang.accounts.models import Department, User

LONGEST_NAME, LONGEST_PATH = 255, 1000
NAMELESS = "隔离件"  # what the log calls an isolated file: its name may say too much
BARRED = "intake.cleared_before"
PACKED = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz")
First = tuple[int, int | None]  # the keys of an arrival and of its contract


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A file whose bytes lie safely in the vault, with the name it came under; the barred make a stub."""

    stored: vault.Stored
    filename: str
    path: str = ""
    parent: Arrival | None = None
    is_barred: bool = False


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
    stored = vault.put(stream)
    _refuse_cleared(stored, name)
    return Kept(stored, _shortened(name), path[:LONGEST_PATH], parent)


def _refuse_cleared(stored: vault.Stored, filename: str) -> None:
    """Refuse bytes that were removed for good (误传清除), and remove them again."""
    one = Shredding.objects.standing().filter(sha256=stored.sha256).first()
    if one is not None:
        storage().shred(stored.sha256)
        on = timezone.localdate(one.ordered_at)
        raise Refused(BARRED, filename=filename, on=on, ref=stored.sha256[:8], stored=stored)


def cleared_before(refusal: Refused, filename: str, *, path: str, parent: Arrival) -> Kept:
    """Return what ``receive`` makes a stub of: something removed for good, in an archive that came since."""
    return Kept(refusal.values["stored"], _shortened(filename), path[:LONGEST_PATH], parent, is_barred=True)


def keep_sent(stream: BinaryIO, filename: str, size: int) -> Kept:
    """Keep a file that a form sent, as ``keep`` does; an empty one is refused, for its sender can still mend it."""
    if not size:
        raise Refused("intake.empty_file", filename=filename)
    return keep(stream, filename)


def receive(batch: Batch, kept: Sequence[Kept], *, by: User) -> list[Arrival]:
    """收件: make an arrival of each kept file, in one transaction, and have them read.

    Bytes that are here already, in an arrival that was not withdrawn, make a duplicate that is not read again; those
    that are isolated (:mod:`qidang.intake.isolating`) are isolated again, and of those that were cleared
    (:mod:`qidang.intake.clearing`) a stub says that the archive around them carries them.
    """
    with transaction.atomic():
        digests = [one.stored.sha256 for one in kept]
        blobs = Blob.objects.keep_all(one.stored for one in kept if not one.is_barred)
        blobs |= Blob.objects.stubs(one.stored for one in kept if one.is_barred)
        take_turn()  # somebody else may bring the same bytes at this moment: one of the two is the first
        firsts, isolated = _first_with(digests), Isolation.objects.standing().among(digests)
        arrivals = [_arrive(batch, one, by, blobs[one.stored.sha256], firsts, isolated) for one in kept]
        if any(arrival.state == State.WAITING for arrival in arrivals):
            wake(batch)
    return arrivals


def pass_over(batch: Batch, files: Iterable[tuple[str, str]]) -> None:
    """跳过: note the paths of files that say nothing, each with its reason, once however often they come."""
    rows = [Skipped(batch=batch, path=path[-LONGEST_PATH:], why=why) for path, why in files]
    Skipped.objects.bulk_create(rows, ignore_conflicts=True)


def skipped(path: str, why: str) -> Refused:
    """Return the words for a file that was passed over."""
    return Refused("intake.empty_file" if why == Why.EMPTY else "intake.litter", filename=path)


def wake(batch: Batch) -> None:
    """Have the worker read what waits in ``batch``, once however many files come."""
    if Batch.objects.filter(pk=batch.pk, is_queued=False).update(is_queued=True):
        read_waiting.enqueue(batch.pk)


def hasten(arrival: Arrival) -> None:
    """先读这份: somebody has opened a paper that waits to be read; it is read next, at whatever hour."""
    if arrival.state == State.WAITING and arrival.asked_at is None:
        with transaction.atomic():
            Arrival.objects.filter(pk=arrival.pk, state=State.WAITING).update(asked_at=now())
            wake(arrival.batch)


def _arrive(batch: Batch, kept: Kept, by: User, blob: Blob, firsts: dict[str, First], isolated: set[str]) -> Arrival:
    arrival = Arrival(batch=batch, parent=kept.parent, filename=kept.filename, path=kept.path)
    arrival.sha256, arrival.blob = blob.sha256, blob
    if batch.project_id is not None and is_packed(kept.filename):
        arrival.asked_at = now()  # what is in it is not known before it is opened
    first = firsts.get(blob.sha256)
    if first is not None:
        arrival.state, arrival.code = State.DUPLICATE, "intake.same_bytes"
        arrival.duplicate_of_id, arrival.contract_id = first
    if blob.sha256 in isolated:
        arrival.state_before, arrival.state, arrival.code = arrival.state, State.ISOLATED, "intake.isolated"
    if kept.is_barred:
        arrival.state_before, arrival.state, arrival.code = arrival.state, State.CLEARED, "intake.cleared"
    rows.insert(arrival)
    if not kept.is_barred:
        if first is None:
            firsts[blob.sha256] = (arrival.pk, None)
        blob.held_by(arrival)
    is_nameless = arrival.state in (State.ISOLATED, State.CLEARED)
    named = Subject(arrival.ledger_kind, arrival.uid, NAMELESS) if is_nameless else arrival
    record("arrival.received", named, batch, by=by)
    return arrival


def _first_with(sha256s: Iterable[str]) -> dict[str, First]:
    """Return the arrivals that brought these bytes first, and their contracts, by SHA-256."""
    same = Arrival.objects.filter(sha256__in=sha256s, duplicate_of=None)
    same = same.exclude(state__in=(State.WITHDRAWN, State.CLEARED))
    return {sha: (pk, contract) for sha, pk, contract in same.order_by("-id").values_list("sha256", "pk", "contract")}


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else name[:LONGEST_NAME]


def files_under(paths: Iterable[pathlib.Path]) -> Iterable[tuple[pathlib.Path, str]]:
    """Yield every file of ``paths`` with its path as the clerk knows it; the caller passes over what is litter."""
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())
            yield from ((p, str(p.relative_to(path.parent))) for p in inside)
        else:
            yield path, str(path)


def is_packed(name: str) -> bool:
    """Whether this is a packed file, by its name."""
    return name.lower().endswith(PACKED)
