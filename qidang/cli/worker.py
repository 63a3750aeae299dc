"""The worker: takes tasks, and looks at what is due (``qidang/schedule.py``)."""

import contextlib
import logging
import os
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connection
from django.utils.module_loading import import_string

from qidang.cli.frame import REFUSED, say
from qidang.cli.home import worker_lock
from qidang.kit.single import Held, hold
from qidang.schedule import TICKS

log = logging.getLogger("qidang.worker")

AT_ONCE = 2  # tasks: a batch of long scans does not keep the next upload waiting
LONGEST_PAUSE = 60.0  # seconds; how far apart the looks at a failing tick come to be


class Ticker(threading.Thread):
    """Looks at each tick when it is due; one that fails is looked at again later and later."""

    def __init__(self, ticks: dict[str, float]) -> None:
        super().__init__(name="ticks", daemon=True)
        self.every = ticks
        self.functions: dict[str, Callable[[], object]] = {name: import_string(name) for name in ticks}
        self.failures = dict.fromkeys(ticks, 0)
        self.stopping = threading.Event()

    def run(self) -> None:
        """Go round until told to stop."""
        due = dict.fromkeys(self.every, 0.0)
        while due and not self.stopping.is_set():
            name = min(due, key=lambda tick: due[tick])
            if self.stopping.wait(max(0.0, due[name] - time.monotonic())):
                return
            self._look(name)
            due[name] = time.monotonic() + self._pause(name)

    def _pause(self, name: str) -> float:
        return min(self.every[name] * 2.0 ** self.failures[name], LONGEST_PAUSE)

    def _look(self, name: str) -> None:
        close_old_connections()
        try:
            self.functions[name]()
        except Exception:
            self.failures[name] += 1
            log.exception("%s failed; looked at again in %.0f s", name, self._pause(name))
        else:
            self.failures[name] = 0

    def stop(self) -> None:
        """Let the tick under way end, up to ten seconds."""
        self.stopping.set()
        self.join(timeout=10)


@contextlib.contextmanager
def _ticking() -> Iterator[None]:
    ticker = Ticker(TICKS)
    ticker.start()
    try:
        yield
    finally:
        ticker.stop()


def run(arguments: Namespace) -> int:
    """Work until told to stop; on SQLite a second worker on the same home is refused."""
    alone = hold(worker_lock()) if connection.vendor == "sqlite" else _shared()
    try:
        with alone, _ticking():
            log.info("worker %d at %s", os.getpid(), settings.HOME)
            with contextlib.suppress(SystemExit):
                call_command("ox_worker", interval=0.5, concurrency=AT_ONCE, verbosity=0)
    except Held:
        sys.stderr.write(say("已有一个后台在运行 [worker.running]\n", "a worker runs already [worker.running]\n"))
        return REFUSED
    return 0


@contextlib.contextmanager
def _shared() -> Iterator[None]:
    """Show that a worker runs here without keeping others out (PostgreSQL hands each task to one)."""
    try:
        with hold(worker_lock()):
            yield
    except Held:
        yield
