"""A worker for the journeys: reads what comes in and indexes it, in a thread beside the live server."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connections

from qidang.intake.models import Batch, State
from qidang.intake.work import read_slice
from qidang.search import following, index

PAUSE = 0.2


@pytest.fixture
def worker(fresh_database: str) -> Iterator[None]:
    """Read and index in the background until the test ends."""
    over = threading.Event()
    thread = threading.Thread(target=_work, args=(over,), daemon=True)
    thread.start()
    yield
    over.set()
    thread.join(timeout=60)
    index.forget()


def _work(over: threading.Event) -> None:
    try:
        while not over.wait(PAUSE):
            for batch in Batch.objects.filter(arrivals__state=State.WAITING).distinct():
                read_slice(batch.pk)
            following.catch_up()
    finally:
        connections.close_all()
