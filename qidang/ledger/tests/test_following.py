"""跟随: a follower misses nothing, whoever writes meanwhile."""

import concurrent.futures
import threading

import pytest
from django.db import connection, connections, transaction

from qidang.ledger import Cursor, Subject, follow, record, verify
from qidang.ledger.tests.conftest import Somebody

WRITERS = 8
EACH = 25


@pytest.mark.django_db
def test_what_comes_after_a_cursor_comes_in_order_with_its_subjects(somebody: Somebody, contract: Subject) -> None:
    for _ in range(3):
        record("contract.edited", contract, by=somebody)
    assert [entry.seq for entry in follow(1)] == [2, 3]
    assert [entry.seq for entry in follow(0, limit=2)] == [1, 2]
    assert follow(2)[0].subjects.all()[0].uid == contract.uid
    assert follow(0, "reads") == []


@pytest.mark.django_db
def test_a_cursor_remembers_how_far_a_follower_has_come() -> None:
    assert Cursor.position("search") == 0
    Cursor.advance("search", 12)
    Cursor.advance("search", 15)
    assert (Cursor.position("search"), Cursor.position("notices")) == (15, 0)


def write(somebody: Somebody, contract: Subject) -> None:
    try:
        for _ in range(EACH):
            with transaction.atomic():
                record("contract.edited", contract, by=somebody)
    finally:
        connection.close()


def read_along(until: threading.Event) -> list[int]:
    seen: list[int] = []
    try:
        while True:
            is_last = until.is_set()
            seen += [entry.seq for entry in follow(seen[-1] if seen else 0, limit=1000)]
            if is_last:
                return seen
    finally:
        connections.close_all()


def test_a_follower_misses_nothing_of_what_eight_writers_write(
    fresh_database: str, somebody: Somebody, contract: Subject
) -> None:
    done = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(WRITERS + 1) as threads:
        follower = threads.submit(read_along, done)
        writers = [threads.submit(write, somebody, contract) for _ in range(WRITERS)]
        failures = [writer.exception() for writer in writers]
        done.set()
        assert failures == [None] * WRITERS
        assert follower.result(timeout=60) == list(range(1, WRITERS * EACH + 1))
    assert verify().ok
