"""The ledger: ``python -m bench.ledger [--acts 1000] [--writers 8] [--entries 100000]`` prints the figures.

On a database of its own, made and dropped again where ``DATABASE_URL`` points, SQLite in a temporary folder without it:
what recording costs besides the commit, acts per second of real processes that commit to the disk, what a follower
missed meanwhile, and how fast the whole ledger is verified.
"""

import argparse
import multiprocessing
import os
import pathlib
import tempfile
import time
import types
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

os.environ.setdefault("QIDANG_HOME", str(pathlib.Path(tempfile.gettempdir()) / "qidang-bench-ledger"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qidang.settings")

import django

django.setup()  # the models below want it

from django.db import connection, transaction

from qidang.kit.ids import uuid7
from qidang.ledger import Chain, Subject, follow, record, verify

BY = types.SimpleNamespace(uid=uuid.UUID(int=7 << 76 | 2 << 62), ledger_name="周文澜(salesperson)")
BATCH = 500


@contextmanager
def own_database() -> Iterator[str]:
    """Work on an empty, migrated database; the value is its name."""
    service = connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory() as folder:
        name = f"qidang_bench_{os.getpid()}"
        is_file = connection.vendor == "sqlite"
        connection.settings_dict["TEST"]["NAME"] = str(pathlib.Path(folder) / name) if is_file else name
        made = connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            yield made
        finally:
            connection.creation.destroy_test_db(service, verbosity=0)


def subject() -> Any:
    """Return one thing acted upon."""
    return Subject("contract", uuid7(), "QMJ-XS-2026-0001 数控车床买卖合同")


def write(count: int, name: str) -> None:
    """Commit ``count`` acts, each in a transaction of its own; a process of its own too."""
    connection.settings_dict["NAME"] = name
    for _ in range(count):
        with transaction.atomic():
            record("contract.edited", subject(), by=BY, details={"fields": ["title"]})


def read_along(last: int, seen: Any, name: str) -> None:
    """Follow the chain until ``last``, as search does, and put down what was seen."""
    connection.settings_dict["NAME"] = name
    found: list[int] = []
    while not found or found[-1] < last:
        found += [entry.seq for entry in follow(found[-1] if found else 0)]
        time.sleep(0.01)
    seen.put(found)


def together(acts: int, writers: int, name: str) -> None:
    """Let ``writers`` processes commit ``acts`` acts while another follows."""
    spawn = multiprocessing.get_context("spawn")
    seen = spawn.Queue()
    before = Chain.objects.get(name="acts").seq
    follower = spawn.Process(target=read_along, args=(before + acts, seen, name))
    follower.start()
    crowd = [spawn.Process(target=write, args=(acts // writers, name)) for _ in range(writers)]
    for one in crowd:
        one.start()
    while Chain.objects.get(name="acts").seq == before:
        time.sleep(0.001)
    started = time.perf_counter()
    for one in crowd:
        one.join()
    seconds = time.perf_counter() - started
    found = seen.get(timeout=60)
    follower.join()
    missed = before + acts - len(set(found))
    order = "in order" if found == sorted(found) else "out of order"
    print(f"{acts} acts by {writers} writers: {acts / seconds:,.0f}/s; {missed} missed by the follower, {order}")


def fill(entries: int) -> None:
    """Record until the chain holds ``entries``; print what an entry costs besides the commit."""
    missing = entries - Chain.objects.get(name="acts").seq
    spent = 0.0
    for start in range(0, missing, BATCH):
        with transaction.atomic():
            started = time.perf_counter()
            for number in range(start, min(start + BATCH, missing)):
                details = {"fields": ["title"]} if number % 2 else None
                record("contract.edited", subject(), by=BY, details=details)
            spent += time.perf_counter() - started
    print(f"recording besides the commit: {spent / missing * 1000:.2f} ms an entry")


def check() -> None:
    """Verify everything."""
    started = time.perf_counter()
    verdict = verify()
    seconds = time.perf_counter() - started
    print(f"verifying {verdict.entries:,} entries: {verdict.entries / seconds:,.0f}/s, ok: {verdict.ok}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--acts", type=int, default=1000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--entries", type=int, default=100_000)
    arguments = parser.parse_args()
    with own_database() as name:
        print(f"ledger on {connection.vendor}")
        started = time.perf_counter()
        write(100, name)
        print(f"one writer, every act on the disk: {100 / (time.perf_counter() - started):,.0f} acts/s")
        together(arguments.acts, arguments.writers, name)
        fill(arguments.entries)
        check()


if __name__ == "__main__":
    main()
