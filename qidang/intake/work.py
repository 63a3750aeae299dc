"""识读的活: the worker's loop that takes waiting arrivals through the reading children."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from qidang import vault
from qidang.accounts.models import User
from qidang.contracts.from_reading import Entity, our_entities
from qidang.kit.clock import now
from qidang.kit.refusal import Refused
from qidang.ledger import record
from qidang.reading.pool import Job

from .models import Arrival, Batch, Isolation, Project, State
from .models.arrival import LEASE, TRIES
from .receiving import wake
from .settling import settle, work_out
from .texts import pool

if TYPE_CHECKING:
    from qidang.reading.pool import Reading

SLICE = 3.0
AT_ONCE = 8
SILENCE = dt.timedelta(minutes=2)
MACHINE = {"vault.disk_full", "vault.disk_failed", "system.disk_full", "system.database_locked"}


def read_slice(batch_pk: int, seconds: float = SLICE, more: Callable[[], bool] = bool) -> bool:
    """Read what waits in the batch for about ``seconds``; return True while something is left.

    Another batch gets its turn between two slices, and so do the other tasks of the one worker. Where nothing waits
    any more, ``more`` may bring something, and says whether it did.
    """
    until = time.monotonic() + seconds
    Batch.objects.filter(pk=batch_pk).update(worked_at=now())
    entities, system, at_work = our_entities(), User.objects.system(), AtWork(batch_pk)
    with at_work:
        for job, reading in pool().read_many(_jobs(batch_pk, until, at_work, more)):
            _finish(job.key, reading, entities, system)
            at_work.arrivals.discard(job.key.pk)
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_pk)
        waiting = batch.arrivals.filter(state=State.WAITING)
        left = (waiting.exclude(asked_at=None) if _rests(batch) else waiting).exists()
        if not left:
            Batch.objects.filter(pk=batch_pk).update(is_queued=False)
    return left


class AtWork(threading.Thread):
    """Says again and again that ``arrivals`` of a batch are being read, as long as the recognition of one may last."""

    def __init__(self, batch_pk: int, every: float = LEASE.total_seconds() / 4) -> None:
        super().__init__(name="lease", daemon=True)
        self.batch_pk, self.every = batch_pk, every
        self.arrivals: set[int] = set()
        self.done = threading.Event()

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.join()

    def run(self) -> None:
        """Renew until done."""
        try:
            while not self.done.wait(self.every):
                with contextlib.suppress(DatabaseError):  # a database that is locked now is not locked the next time
                    self.renew()
        finally:
            connection.close()

    def renew(self) -> None:
        """Put off the end of the leases, and show that the batch is worked on."""
        at = now()
        Batch.objects.filter(pk=self.batch_pk).update(worked_at=at)
        mine = Arrival.objects.filter(pk__in=list(self.arrivals), state=State.READING)
        mine.update(lease_until=at + LEASE)


def _jobs(batch_pk: int, until: float, at_work: AtWork, more: Callable[[], bool]) -> Iterator[Job]:
    """Yield what to read next, claimed a few at a time so that a slice can end when its time is over."""
    batch = Batch.objects.select_related("by", "department").get(pk=batch_pk)
    of_batch, newest_first = Arrival.objects.filter(batch=batch_pk), batch.project_id is not None
    while time.monotonic() < until:
        rests = _rests(batch)
        with transaction.atomic():
            claimed = of_batch.claim(AT_ONCE, newest_first=newest_first, only_asked=rests)
        if not claimed and not more():
            return
        at_work.arrivals.update(arrival.pk for arrival in claimed)
        released = Isolation.objects.among([arrival.sha256 for arrival in claimed], released=True)
        for arrival in claimed:
            arrival.batch = batch  # one for all, with what is known of who took it in
            job = _job(arrival, is_released=arrival.sha256 in released)
            if job is not None:
                yield job


def _rests(batch: Batch) -> bool:
    """Whether the batch's project rests at this moment; its hour and its pause are looked at again and again."""
    project = Project.objects.filter(pk=batch.project_id).first() if batch.project_id else None
    return project is not None and project.rests(now())


def _job(arrival: Arrival, *, is_released: bool) -> Job | None:
    if arrival.attempts > TRIES:
        _give_up(arrival, "reading.crashed")
        return None
    try:
        data = vault.read(arrival.blob)
    except Refused as refusal:
        _give_up(arrival, refusal.code)
        return None
    return Job(data, arrival.filename, arrival.password or None, key=arrival, is_released=is_released)


def _finish(arrival: Arrival, reading: Reading, entities: Sequence[Entity], system: User) -> None:
    """Settle one arrival; what is wrong with it is written down there and never ends the batch.

    What is wrong with the machine (a full disk, a locked database) costs the arrival no try: it waits again.
    """
    try:
        settle(arrival, work_out(arrival, reading, entities), system=system)
    except Refused as refusal:
        if refusal.code in MACHINE:
            _let_wait(arrival)
            raise
        _give_up(arrival, refusal.code)
    except (OSError, DatabaseError):
        _let_wait(arrival)
        raise


def _let_wait(arrival: Arrival) -> None:
    """Put an arrival back among those that wait; where even that fails, its lease runs out by itself."""
    with contextlib.suppress(DatabaseError):
        Arrival.objects.filter(pk=arrival.pk, state=State.READING).update(
            state=State.WAITING, lease_until=None, attempts=arrival.attempts - 1
        )


def _give_up(arrival: Arrival, code: str) -> None:
    with transaction.atomic():
        one, at = Arrival.objects.filter(pk=arrival.pk).exclude(state=State.CLEARED), now()
        one.filter(contract=None).update(state=State.REFUSED, code=code, lease_until=None, read_at=at)
        one.exclude(contract=None).update(state=State.REGISTERED, code=code, lease_until=None, read_at=at)
        record("arrival.read", arrival, by=User.objects.system())


def wake_left_behind() -> None:
    """Wake the batches that have something unread and that nobody has worked on for ``SILENCE``, as after a kill."""
    at = now()
    silent = Q(is_queued=False) | Q(worked_at__isnull=True, created_at__lt=at - SILENCE) | Q(worked_at__lt=at - SILENCE)
    for batch in Batch.objects.filter(silent, pk__in=Arrival.objects.unread(at).values("batch")):
        Batch.objects.filter(pk=batch.pk).update(is_queued=False)
        wake(batch)
