"""kill -9 of the worker during an intake: ``python -m bench.killing [--files 200] [--kills 5]``.

Files are handed to a worker that is killed with everything below it at random moments and started again. Afterwards
every file that was acknowledged must be settled, none registered twice, the ledger whole and the index up to date;
returns 1 where one of these does not hold.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

from bench.intake import ROOT, make_files, open_archive

PATIENCE = 300.0  # seconds without any file settled


def start() -> subprocess.Popen[bytes]:
    """Start a worker in a process group of its own."""
    command = [sys.executable, "-m", "qidang.cli", "worker"]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)


def kill(worker: subprocess.Popen[bytes]) -> None:
    """Kill it at once, with no chance to tidy up; its reading children die with it."""
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()


def work(files: list[pathlib.Path], kills: int, chance: random.Random) -> tuple[float, list[int]]:
    """Receive the files, kill the worker ``kills`` times while it reads; return seconds and what was left at each."""
    by = open_archive()
    from qidang.intake.models import Arrival, Batch, Source, State
    from qidang.intake.receiving import keep, open_batch, receive
    from qidang.intake.work import wake_left_behind
    from qidang.kit.clock import now
    from qidang.search.following import is_current

    batch = open_batch(Source.COMMAND, by=by, registers_by_itself=True)  # type: ignore[arg-type]
    started, left_at = time.monotonic(), []
    worker = start()
    for at in range(0, len(files), 8):
        receive(batch, [keep(path, path.name) for path in files[at : at + 8]], by=by)  # type: ignore[arg-type]
    unsettled = Arrival.objects.filter(state__in=[State.WAITING, State.READING])
    for _ in range(kills):
        before, latest = unsettled.count(), time.monotonic() + 20
        while unsettled.count() == before and time.monotonic() < latest:  # until it has begun
            time.sleep(0.02)
        time.sleep(chance.uniform(0.0, 1.5))
        left_at.append(unsettled.count())
        kill(worker)
        # A lease of three minutes and a silence of two are what a service waits; the bench lets them be over at once.
        unsettled.filter(state=State.READING).update(lease_until=now())
        Batch.objects.update(is_queued=False)
        wake_left_behind()
        worker = start()
    until = time.monotonic() + PATIENCE
    while (unsettled.exists() or not is_current()) and time.monotonic() < until:
        time.sleep(0.2)
    seconds = time.monotonic() - started
    worker.terminate()
    worker.wait(timeout=60)
    return seconds, left_at


def faults(files: list[pathlib.Path]) -> list[str]:
    """Return what does not hold afterwards."""
    from django.db.models import Count

    from qidang import vault
    from qidang.accounts.models import User
    from qidang.contracts.models import Contract, Version
    from qidang.intake.models import Arrival
    from qidang.ledger import verify
    from qidang.ledger.models import Entry
    from qidang.search.following import is_current
    from qidang.search.query import find

    states = dict(Arrival.objects.values_list("state").annotate(Count("pk")))
    twice = Version.objects.values("blob").annotate(n=Count("pk")).filter(n__gt=1).count()
    found = find(User.objects.cli(), "签订日期").total
    acts = Entry.objects.filter(act="contract.registered").count()
    wrong = {
        f"states are {states}": states != {"registered": len(files)},
        f"{Contract.objects.count()} contracts": Contract.objects.count() != len(files),
        f"{twice} papers registered twice": twice > 0,
        f"{acts} acts of registering": acts != len(files),
        "the ledger does not verify": not verify("acts").ok,
        "the index is behind": not is_current(),
        f"{found} contracts found": found != len(files),
        "a blob cannot be read": any(not vault.read(version.blob) for version in Version.objects.all()),
    }
    return [words for words, is_wrong in wrong.items() if is_wrong]


def main() -> int:
    """Print how it went; return 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    files = make_files(given.files, pathlib.Path(tempfile.gettempdir()) / "qidang-bench-pdfs")
    seed = given.seed or time.time_ns() % 100_000
    with tempfile.TemporaryDirectory(prefix="qidang-killing-") as home:
        os.environ |= {"QIDANG_HOME": f"{home}/home", "QIDANG_KEY_FILE": f"{home}/key"}
        seconds, left = work(files, given.kills, random.Random(seed))
        wrong = faults(files)
    print(f"{given.files} files, worker killed {given.kills} times with {left} files unsettled (seed {seed})")
    print(f"all settled, registered once, logged and found after {seconds:.0f} s" if not wrong else f"WRONG: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
