"""A worker for the journeys: reads what comes in and indexes it, in a thread beside the live server."""

import contextlib
import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connections

from qidang.intake.models import Batch, State
from qidang.intake.work import read_slice
from qidang.search import following, index

PAUSE = 0.2


@pytest.fixture
def worker(fresh_database: str) -> Iterator[None]:
    """Read and index in the background until the test ends."""
    with repeating(_read_and_index):
        yield
    index.forget()


@contextlib.contextmanager
def repeating(work: Callable[[], None]) -> Iterator[None]:
    """Do ``work`` again and again in a thread of its own, as the worker beside the live server would."""
    over = threading.Event()
    thread = threading.Thread(target=_repeat, args=(work, over), daemon=True)
    thread.start()
    yield
    over.set()
    thread.join(timeout=60)


def _repeat(work: Callable[[], None], over: threading.Event) -> None:
    try:
        while not over.wait(PAUSE):
            work()
    finally:
        connections.close_all()


def _read_and_index() -> None:
    for batch in Batch.objects.filter(arrivals__state=State.WAITING).distinct():
        read_slice(batch.pk)
    following.catch_up()
