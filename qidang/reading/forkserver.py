"""The fork server: one thread, no Django, a fresh child for every file.

Started by :mod:`qidang.reading.server` as ``python -m qidang.reading.forkserver FD SIZE IDLE``; FD is its end of a
socket over which tasks come. A task brings three descriptors: its own channel, its source, its output. The server
forks, the child works and exits, and the server reports the end on the task's channel. It leaves when the pool is gone
or after IDLE seconds without a task.
"""

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections import deque
from dataclasses import dataclass, field

from qidang.reading import wire
from qidang.reading.child import run
from qidang.reading.confining import cut_off_network, shut_in

WARM: dict[str, tuple[str, ...]] = {
    "pdf": ("qidang.reading.warming",),
    "zip": ("qidang.reading.formats.archives", "qidang.reading.warming"),
    "packed": (*(f"qidang.reading.formats.{name}" for name in ("archives", "rar", "sevenzip")),),
    "ole": ("qidang.reading.formats.legacy", "qidang.reading.formats.sheets", "qidang.reading.warming"),
    "image": ("qidang.reading.formats.images", "qidang.reading.warming"),
    "text": (*(f"qidang.reading.formats.{name}" for name in ("plain", "html", "mail")), "qidang.reading.warming"),
    "ocr": ("qidang.reading.recognising",),
}
"""What the server imports before it forks for a family of formats, so that children start with it."""
FIELDS = ("qidang.reading.fields",)
GIVING_WAY = 5  # nice: whoever waits for a page comes before papers that wait to be read
CROWD = 3  # children for each place, most of them waiting for recognition


@dataclass
class Task:
    """A task that waits or runs: what was asked, the descriptors that came with it, and when its time is up."""

    message: wire.Message
    fds: list[int]
    channel: socket.socket = field(init=False)
    pid: int = 0
    pidfd: int = -1
    started: float = 0.0
    deadline: float = 0.0
    is_late: bool = False
    is_recognising: bool = False

    def __post_init__(self) -> None:
        self.channel = socket.socket(fileno=self.fds[0])

    def close(self) -> None:
        """Close every descriptor of the task."""
        self.channel.close()
        for fd in self.fds[1:]:
            os.close(fd)
        if self.pidfd >= 0:
            os.close(self.pidfd)


class Server:
    """The loop: take tasks, fork, watch the clock, report ends."""

    def __init__(self, control: socket.socket, size: int, idle: float) -> None:
        self.control = control
        self.size = size
        self.idle = idle
        self.waiting: deque[Task] = deque()
        self.running: dict[int, Task] = {}  # by pidfd
        self.warmed: set[str] = set()
        self.imported: set[str] = set()
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)

    def serve(self) -> None:
        """Work until the pool is gone or nothing came for a while."""
        last = time.monotonic()
        while self.turn():
            now = time.monotonic()
            if self.running or self.waiting:
                last = now
            elif now - last > self.idle:
                return

    def turn(self) -> bool:
        """Wait for what happens next and deal with it; False when the pool is gone."""
        for fd, _ in self.poll.poll(self._patience()):
            if fd == self.control.fileno():
                if not self.take():
                    return False
            elif fd in self.running:
                self.finish(self.running.pop(fd))
        self.kill_late()
        while self.waiting and self._has_room():
            self.start(self.waiting.popleft())
        return True

    def _has_room(self) -> bool:
        """Say whether another child may start; those that wait for recognition leave their place, up to a bound."""
        reading = sum(not task.is_recognising for task in self.running.values())
        return reading < self.size and len(self.running) < CROWD * self.size

    def _patience(self) -> int:
        ends = [task.deadline for task in self.running.values() if not task.is_late]
        seconds = min(ends) - time.monotonic() if ends else self.idle
        return max(0, min(int(seconds * 1000) + 5, 600_000))

    def take(self) -> bool:
        """Take one message: a task, or more time for one; False at the end of the line."""
        message, fds = wire.receive(self.control)
        if message is None:
            for task in self.running.values():
                os.kill(task.pid, signal.SIGKILL)
            return False
        if "extend" in message:
            for task in self.running.values():
                if task.message["id"] == message["extend"]:
                    task.deadline += message["seconds"]
                    task.is_recognising = True
        else:
            self.waiting.append(Task(message, fds))
        return True

    def start(self, task: Task) -> None:
        """Fork a child for the task."""
        self.warm(task.message["family"])
        task.started = time.monotonic()
        task.deadline = task.started + task.message["limits"]["wall"]
        task.pid = os.fork()
        if task.pid == 0:
            self._leave_all_but(task)
            run(task.message, task.channel, task.fds[1], task.fds[2])
        task.pidfd = os.pidfd_open(task.pid)
        self.running[task.pidfd] = task
        self.poll.register(task.pidfd, select.POLLIN)

    def _leave_all_but(self, task: Task) -> None:
        """In the child: close what belongs to the server and to other tasks."""
        self.control.close()
        for other in (*self.waiting, *self.running.values()):
            if other is not task:
                other.close()

    def finish(self, task: Task) -> None:
        """Report the end of a child on its task's channel."""
        self.poll.unregister(task.pidfd)
        _, status, usage = os.wait4(task.pid, 0)
        seconds = time.monotonic() - task.started
        end = {"end": how_it_ended(status, is_late=task.is_late), "seconds": round(seconds, 4), "peak": usage.ru_maxrss}
        with contextlib.suppress(OSError):  # nobody may wait for it any more
            wire.send(task.channel, end)
        task.close()

    def kill_late(self) -> None:
        """Kill the children whose time is up."""
        now = time.monotonic()
        for task in self.running.values():
            if now >= task.deadline and not task.is_late:
                task.is_late = True
                os.kill(task.pid, signal.SIGKILL)

    def warm(self, family: str) -> None:
        """Import a family's libraries once, here, where every later child inherits them."""
        if family in self.warmed:
            return
        self.warmed.add(family)
        for name in (*WARM.get(family, ()), *(() if family == "ocr" else FIELDS)):
            if name in self.imported:
                continue
            self.imported.add(name)
            try:
                module = importlib.import_module(name)
                getattr(module, "warm", bool)()
            except Exception:  # a broken library ends its own formats, not the server
                traceback.print_exc()
        gc.collect()
        gc.freeze()


def how_it_ended(status: int, *, is_late: bool) -> str:
    """Return '' for a child that did its work, otherwise the refusal code for the way in which it died."""
    if is_late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return "reading.timeout"
    if os.WIFEXITED(status):
        return "" if os.WEXITSTATUS(status) == 0 else "reading.crashed"
    return "reading.too_large" if os.WTERMSIG(status) == signal.SIGXFSZ else "reading.crashed"


def main(arguments: list[str]) -> None:
    """Serve on the descriptor given."""
    control = socket.socket(fileno=int(arguments[0]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the pool, and the pool's end ends this
    os.nice(GIVING_WAY)
    has_no_network, is_shut_in = cut_off_network(), shut_in()
    wire.send(control, {"ready": True, "no_network": has_no_network, "shut_in": is_shut_in})
    Server(control, int(arguments[1]), float(arguments[2])).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
