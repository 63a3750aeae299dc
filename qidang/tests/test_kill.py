"""A worker that is killed loses no task: another takes it up when the lease is over."""

import os
import pathlib
import signal
import subprocess
import sys
import time

from django.tasks import task

LEASE = "1.5"  # seconds; in service 60
PATIENCE = 60.0


@task
def step_twice(folder: str) -> None:
    """Stop in the middle of the first attempt; end the second."""
    begun = pathlib.Path(folder) / "begun"
    if not begun.exists():
        begun.write_text(str(os.getpid()))
        time.sleep(PATIENCE)
    (pathlib.Path(folder) / "done").touch()


def start_worker(address: str) -> subprocess.Popen[bytes]:
    """Start a worker on the database at ``address``, with a short lease."""
    words = ["ox_worker", "--interval", "0.1", "--lock-timeout", LEASE]
    command = [sys.executable, "-m", "django", *words, "--settings", "qidang.settings"]
    return subprocess.Popen(command, env=os.environ | {"DATABASE_URL": address}, stderr=subprocess.DEVNULL)


def wait_for(path: pathlib.Path) -> None:
    """Wait until ``path`` is there."""
    until = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < until, f"{path.name} never came"
        time.sleep(0.05)


def test_a_task_of_a_killed_worker_is_run_again(fresh_database: str, tmp_path: pathlib.Path) -> None:
    result = step_twice.enqueue(str(tmp_path))
    first = start_worker(fresh_database)
    wait_for(tmp_path / "begun")
    time.sleep(0.1)  # the file is there before its content
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    second = start_worker(fresh_database)
    try:
        wait_for(tmp_path / "done")
        until = time.monotonic() + PATIENCE
        while not result.is_finished and time.monotonic() < until:
            time.sleep(0.1)
            result.refresh()
        assert result.attempts == 2
    finally:
        second.terminate()
        second.wait(timeout=30)
