"""识读的活: the worker's loop that takes waiting arrivals through the reading children."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from qidang import vault
from qidang.accounts.models import User
from qidang.contracts.from_reading import Entity, our_entities
from qidang.kit.clock import now
from qidang.kit.refusal import Refused
from qidang.ledger import record
from qidang.reading.pool import Job

from .models import Arrival, Batch, State
from .models.arrival import TRIES
from .receiving import wake
from .settling import settle, work_out
from .texts import pool

if TYPE_CHECKING:
    from qidang.reading.pool import Reading

SLICE = 3.0
AT_ONCE = 8


def read_slice(batch_pk: int, seconds: float = SLICE) -> bool:
    """Read what waits in the batch for about ``seconds``; return True while something is left.

    Another batch gets its turn between two slices, and so do the other tasks of the one worker.
    """
    until = time.monotonic() + seconds
    entities = our_entities()
    for job, reading in pool().read_many(_jobs(batch_pk, until)):
        _finish(job.key, reading, entities)
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_pk)
        left = batch.arrivals.filter(state=State.WAITING).exists()
        if not left:
            Batch.objects.filter(pk=batch_pk).update(is_queued=False)
    return left


def _jobs(batch_pk: int, until: float) -> Iterator[Job]:
    """Yield what to read next, claimed a few at a time so that a slice can end when its time is over."""
    while time.monotonic() < until:
        with transaction.atomic():
            claimed = Arrival.objects.filter(batch=batch_pk).claim(AT_ONCE)
        if not claimed:
            return
        for arrival in claimed:
            job = _job(arrival)
            if job is not None:
                yield job


def _job(arrival: Arrival) -> Job | None:
    if arrival.attempts > TRIES:
        _give_up(arrival, "reading.crashed")
        return None
    try:
        data = vault.read(arrival.blob)
    except Refused as refusal:
        _give_up(arrival, refusal.code)
        return None
    return Job(data, arrival.filename, arrival.password or None, key=arrival)


def _finish(arrival: Arrival, reading: Reading, entities: Sequence[Entity]) -> None:
    """Settle one arrival; whatever goes wrong with it is written down there and never ends the batch."""
    try:
        settle(arrival, work_out(arrival, reading, entities))
    except Refused as refusal:
        _give_up(arrival, refusal.code)


def _give_up(arrival: Arrival, code: str) -> None:
    with transaction.atomic():
        Arrival.objects.filter(pk=arrival.pk).update(state=State.REFUSED, code=code, lease_until=None)
        record("arrival.read", arrival, by=User.objects.system())


def wake_left_behind() -> None:
    """Wake every batch that has unread arrivals and no living task, as after a kill of the worker."""
    for batch in Batch.objects.filter(arrivals__in=Arrival.objects.unread(now())).distinct():
        Batch.objects.filter(pk=batch.pk).update(is_queued=False)
        wake(batch)
