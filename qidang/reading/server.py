"""The pool's side of a fork server: start it when there is work, pass tasks to it, notice when it has left."""

import itertools
import logging
import os
import pathlib
import socket
import subprocess
import sys
import threading

from qidang.reading import wire

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
FONT = PROJECT / "node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "QIDANG_READING_TRACE", "TZ")

log = logging.getLogger(__name__)


class Server:
    """A fork server that is there when needed: ``size`` children at once, gone after ``idle`` seconds without work."""

    _has_warned = False

    def __init__(self, size: int, idle: float) -> None:
        self.size = size
        self.idle = idle
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._pid = 0

    def submit(self, message: wire.Message, fds: list[int]) -> None:
        """Send a task with its channel, source and output; its number is put into the message as ``id``."""
        with self._lock:
            message["id"] = next(self._ids)
            try:
                wire.send(self._there(), message, fds)
            except OSError:
                self._drop()
                wire.send(self._there(), message, fds)

    def extend(self, task: int, seconds: float) -> None:
        """Give a task more time."""
        with self._lock:
            if self._control is not None:
                try:
                    wire.send(self._control, {"extend": task, "seconds": seconds})
                except OSError:
                    self._drop()

    def close(self) -> None:
        """Stop the server and its children."""
        with self._lock:
            self._drop()

    def _there(self) -> socket.socket:
        """Return the socket to a server that runs, starting one if need be."""
        if self._pid != os.getpid():  # this process was forked: the server is the parent's
            self._process = self._control = None
        if self._process is not None and self._process.poll() is not None:
            self._drop()
        if self._control is None:
            self._start()
        assert self._control is not None
        return self._control

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            arguments = [str(theirs.fileno()), str(self.size), str(self.idle)]
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "qidang.reading.forkserver", *arguments],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=environment(),
                cwd="/",
            )
        self._control, self._pid = ours, os.getpid()
        ready, _ = wire.receive(ours)
        if ready is not None and not Server._has_warned:
            Server._has_warned = True
            if not ready["no_network"]:
                log.warning("no network namespace here: the kernel does not cut reading off from the network")
            if not ready["shut_in"]:
                log.warning("no Landlock here: the kernel does not keep reading from other files")

    def _drop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = self._control = None


def environment() -> dict[str, str]:
    """Return all that a fork server gets to know: no key, no database, no secret."""
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return passed | {
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(PROJECT),
        "QIDANG_FONT": os.environ.get("QIDANG_FONT", str(FONT)),
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime ≥ 1.29 reports home otherwise, from a thread of its own
    }
