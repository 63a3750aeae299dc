"""qidang serve: one command starts everything, keeps it running, and leaves nothing behind."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

PATIENCE = 60.0


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> list[int]:
    """Return the processes started by ``pid``."""
    text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def below(pid: int) -> list[int]:
    """Return every process below ``pid``."""
    return [descendant for child in children(pid) for descendant in (child, *below(child))]


def is_running(pid: int) -> bool:
    """Say whether a process is there and not only waiting to be collected."""
    try:
        return ") Z " not in pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def until(what: str, test: object) -> None:
    """Wait until ``test()`` is true."""
    end = time.monotonic() + PATIENCE
    while not test():  # type: ignore[operator]
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.05)


class Serving:
    """``qidang serve`` on a home of its own."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.port = free_port()
        self.output = folder / "output"
        environment = os.environ | {"QIDANG_HOME": str(folder / "home"), "QIDANG_KEY_FILE": str(folder / "key")}
        environment.pop("DATABASE_URL", None)
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "qidang.cli", "serve", "--port", str(self.port)],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def pid(self) -> int:
        """The supervisor."""
        return self.process.pid

    def answers(self) -> bool:
        """Say whether a page comes."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def has(self, name: str) -> int:
        """Return the process of the child ``name``, or 0."""
        for pid in children(self.pid):
            if name.encode() in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                return pid
        return 0

    def is_up(self) -> bool:
        """Say whether the pages answer and the worker is there."""
        return self.answers() and bool(self.has("worker"))


@pytest.fixture
def serving(tmp_path: pathlib.Path) -> Iterator[Serving]:
    """A running ``qidang serve``, ended afterwards whatever the test did."""
    running = Serving(tmp_path)
    try:
        until("it serves", running.is_up)
        yield running
    finally:
        if running.process.poll() is None:
            running.process.terminate()
            running.process.wait(timeout=PATIENCE)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_everything_below_it_when_told_to(serving: Serving, number: int) -> None:
    everybody = below(serving.pid)
    assert len(everybody) >= 3
    serving.process.send_signal(number)
    assert serving.process.wait(timeout=PATIENCE) == 0
    assert [pid for pid in everybody if is_running(pid)] == []


def test_pages_and_worker_write_for_a_moment_in_the_home_only_and_leave_nothing(
    serving: Serving, tmp_path: pathlib.Path
) -> None:
    scratch = tmp_path / "home" / "tmp"
    assert len([path for path in scratch.iterdir() if path.is_dir()]) >= 2
    serving.process.terminate()
    serving.process.wait(timeout=PATIENCE)
    assert [path.name for path in scratch.iterdir()] == ["lock"]


def test_it_starts_again_what_was_killed(serving: Serving) -> None:
    killed = serving.has("worker")
    os.kill(killed, signal.SIGKILL)
    until("a new worker runs", lambda: serving.has("worker") not in (0, killed))
    assert serving.answers()


def test_nothing_survives_a_supervisor_that_was_killed(serving: Serving) -> None:
    everybody = below(serving.pid)
    serving.process.kill()
    serving.process.wait()
    until("all of it has ended", lambda: not any(is_running(pid) for pid in everybody))


def test_health_is_told_in_words_once_all_of_it_works(serving: Serving, tmp_path: pathlib.Path) -> None:
    environment = os.environ | {"QIDANG_HOME": str(tmp_path / "home"), "QIDANG_KEY_FILE": str(tmp_path / "key")}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "qidang.cli", "health", "--json", "--port", str(serving.port), "--wait", "60"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE * 2, check=False)
    assert json.loads(done.stdout) == dict.fromkeys(["pages", "database", "key", "disk", "worker"], "ok") | {"ok": True}
    (tmp_path / "key").unlink()
    done = subprocess.run([*command[:-2]], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "cannot be read" in json.loads(done.stdout)["key"]


def test_a_second_one_at_the_same_address_is_refused(serving: Serving, tmp_path: pathlib.Path) -> None:
    command = [sys.executable, "-m", "qidang.cli", "serve", "--port", str(serving.port)]
    environment = os.environ | {"QIDANG_HOME": str(tmp_path / "home"), "QIDANG_KEY_FILE": str(tmp_path / "key")}
    second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert second.returncode == 2
    assert "serve.busy" in second.stderr


def test_a_second_worker_on_the_same_home_is_refused(serving: Serving, tmp_path: pathlib.Path) -> None:
    environment = os.environ | {"QIDANG_HOME": str(tmp_path / "home"), "QIDANG_KEY_FILE": str(tmp_path / "key")}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "qidang.cli", "worker"]
    second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert second.returncode == 1
    assert "worker.running" in second.stderr
