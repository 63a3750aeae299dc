"""One supervisor for pages and worker: starts them, starts again what dies, leaves nothing behind.

No Django here: it waits most of the time, and waiting should be small.
"""

import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
from argparse import Namespace
from dataclasses import dataclass, field

from qidang.cli.frame import WRONG, home_folder, put, say

PATIENCE = 15.0  # seconds between asking the children to end and ending them
LONGEST_PAUSE = 30.0  # seconds before a child that keeps dying is started again
WELL = 60.0  # seconds after which a child counts as well, and its deaths are forgotten
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # prctl(2)

libc = ctypes.CDLL(None, use_errno=True)


def run(arguments: Namespace) -> int:
    """Prepare the home, then keep the children running until told to stop."""
    code = subprocess.run([sys.executable, "-m", "qidang.cli", "prepare"], check=False).returncode
    if code:
        return code if code in (1, WRONG) else 1
    if _answers(arguments.host, arguments.port):
        where = f"{arguments.host}:{arguments.port}"
        sys.stderr.write(
            say(
                f"{where} 已被占用；用 --port 换一个 [serve.busy]\n",
                f"{where} is taken; choose another --port [serve.busy]\n",
            )
        )
        return WRONG
    web = Child("web", ["web", "--host", arguments.host, "--port", str(arguments.port)])
    children = [web] if arguments.web_only else [web, Child("worker", ["worker"])]
    return Supervisor(children, arguments.host, arguments.port).run()


@dataclass
class Child:
    """A process that has to be there."""

    name: str
    words: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own, to end when we end, however we end."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "qidang.cli", *self.words],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            preexec_fn=_end_with_parent,
        )

    def died(self, code: int) -> None:
        """Note the death and when to start again: at once the first time, later and later after that."""
        self.deaths = 1 if time.monotonic() - self.started > WELL else self.deaths + 1
        pause = min(2.0 ** (self.deaths - 1), LONGEST_PAUSE)
        self.process = None
        self.due = time.monotonic() + pause
        sys.stderr.write(
            say(
                f"{self.name} 意外退出（{code}），{pause:.0f} 秒后重启\n",
                f"{self.name} ended unexpectedly ({code}); started again in {pause:.0f} s\n",
            )
        )


class Supervisor:
    """Keeps the children running until SIGTERM, SIGINT or SIGHUP."""

    def __init__(self, children: list[Child], host: str, port: int) -> None:
        self.children = children
        self.host, self.port = host, port
        self.is_stopping = False
        self.is_announced = False

    def run(self) -> int:
        """Return 0 after an asked-for end, 2 where a child refuses to start."""
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        code = 0
        while not self.is_stopping and not code:
            self._start_due()
            code = self._reap()
            self._announce()
            time.sleep(0.1 if not self.is_announced else 0.5)
        self._end()
        return code

    def _stop(self, number: int, frame: object) -> None:
        self.is_stopping = True

    def _start_due(self) -> None:
        for child in self.children:
            if child.process is None and time.monotonic() >= child.due:
                child.start()

    def _reap(self) -> int:
        """Collect what has died, orphans too; return 2 where a child refused to start."""
        for child in self.children:
            code = child.process.poll() if child.process else None
            if code == WRONG:
                child.process = None
                return WRONG
            if code is not None:
                child.died(code)
        known = {child.process.pid for child in self.children if child.process}
        for pid in _our_children() - known:
            _collect(pid)
        return 0

    def _announce(self) -> None:
        if self.is_announced or not _answers(self.host, self.port):
            return
        self.is_announced = True
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        put(say(f"契档已启动：http://{host}:{self.port}/", f"Qidang is running: http://{host}:{self.port}/"))
        _announce_samples()
        put(say("按 Ctrl-C 停止", "Ctrl-C stops it"))

    def _end(self) -> None:
        """Ask everybody to end, wait, then end whoever is left, grandchildren included."""
        for child in self.children:
            if child.process:
                _signal(child.process.pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and any(c.process and c.process.poll() is None for c in self.children):
            time.sleep(0.05)
        for child in self.children:
            if child.process:
                _signal_group(child.process.pid)
        for _round in range(20):  # orphans come to us one generation at a time
            if not (left := _our_children()):
                return
            for pid in left:
                _signal(pid, signal.SIGKILL)
                _collect(pid)
            time.sleep(0.05)


def _end_with_parent() -> None:
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _our_children() -> set[int]:
    """Return the processes whose parent we are; as their subreaper we inherit every orphan below us."""
    path = pathlib.Path(f"/proc/self/task/{os.getpid()}/children")
    try:
        return {int(word) for word in path.read_text().split()}
    except OSError:  # a kernel without CONFIG_PROC_CHILDREN
        return set()


def _collect(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _signal_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _answers(host: str, port: int) -> bool:
    """Say whether something listens there."""
    address = "127.0.0.1" if host == "0.0.0.0" else "::1" if host == "::" else host
    try:
        with socket.create_connection((address, port), timeout=0.5):
            return True
    except OSError:
        return False


def _announce_samples() -> None:
    """Show the sample accounts at the first start after they were made; afterwards say where they stand."""
    accounts = home_folder() / "sample-accounts"
    if not accounts.exists():
        return
    shown = accounts.with_name("sample-accounts.shown")
    if shown.exists():
        put(say(f"示例账号见 {accounts}", f"the sample accounts stand in {accounts}"))
        return
    put(say("示例账号（本机首次运行时随机生成密码）：", "sample accounts (passwords made at random just now):"))
    put(accounts.read_text(encoding="utf-8").rstrip())
    shown.touch()
