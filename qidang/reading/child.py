"""What a fresh child of the fork server does: tie its own hands, do the one task, write the result, leave."""

import ctypes
import errno
import gc
import importlib
import os
import resource
import signal
import socket
import traceback
from typing import Any, NoReturn

from qidang.reading import wire
from qidang.reading.limits import Limits, Unreadable

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
POLITE = 5  # reading waits for pages that somebody looks at
TASKS = {
    "assemble": "qidang.reading.assembling",
    "read": "qidang.reading.opening",
    "grid": "qidang.reading.tabulating",
    "image": "qidang.reading.picturing",
    "ocr": "qidang.reading.recognising",
    "probe": "qidang.reading.probing",
}
"""Module of each task; its ``work(message, source, ask)`` returns the result and its blobs."""


def run(message: wire.Message, channel: socket.socket, source: int, output: int) -> NoReturn:
    """Do the task and end this process: exit status 0 when a result (or a refusal) was written."""
    status = 1
    try:
        gc.disable()
        if message["task"] != "image":
            os.nice(POLITE)
        restrict(Limits(**message["limits"]), os.fstat(source).st_size)
        result, blobs = attempt(message, channel, source)
        _hand_over(output, result, blobs)
        status = 0
    finally:
        os._exit(status)


def _hand_over(output: int, result: wire.Message, blobs: list[bytes]) -> None:
    try:
        wire.write_result(output, result, blobs)
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        os.ftruncate(output, 0)
        os.lseek(output, 0, os.SEEK_SET)
        wire.write_result(output, {"refused": "reading.too_large", "message": "output"})


def attempt(message: wire.Message, channel: socket.socket, source: int) -> tuple[wire.Message, list[bytes]]:
    """Return the task's result, or its refusal as a result."""
    try:
        module: Any = importlib.import_module(TASKS[message["task"]])
        result: tuple[wire.Message, list[bytes]] = module.work(message, source, channel)
        return result
    except Unreadable as refusal:
        return {"refused": refusal.code, "message": refusal.message}, []
    except ImportError as error:
        code = "reading.ocr_missing" if message["task"] == "ocr" else "reading.unsupported"
        return {"refused": code, "message": str(error)[:300]}, []
    except MemoryError:
        return {"refused": "reading.too_large", "message": "memory"}, []
    except BaseException as error:  # a panic in Rust is no Exception
        if os.environ.get("QIDANG_READING_TRACE"):
            traceback.print_exc()
        return {"refused": "reading.malformed", "message": f"{type(error).__name__}: {error}"[:300]}, []


def restrict(limits: Limits, size: int) -> None:
    """Bound memory, CPU time and output, and die with the server."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory + size, limits.memory + size))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output, limits.output))
