"""A task that tests the bounds of a child: it does what the source's text says and is reached by no file."""

import os
import pathlib
import signal
import socket
import sys
import time

from qidang.reading import wire


def work(message: wire.Message, source: int, channel: socket.socket) -> tuple[wire.Message, list[bytes]]:
    """Do what the source says: report, crash, hang, spin, swallow memory, write too much, call out, open a file."""
    order = os.pread(source, 100, 0).decode()
    if order == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if order == "hang":
        time.sleep(600)
    while order == "spin":
        pass
    if order == "swallow":
        return {"length": len(bytearray(64 << 30))}, []
    if order == "flood":
        return {}, [bytes(1 << 20)] * 64
    if order == "open":
        with pathlib.Path(message["path"]).open("rb") as stream:
            return {"bytes": len(stream.read())}, []
    if order == "call":
        socket.create_connection(("127.0.0.1", message["port"]), timeout=2)
    return {"pid": os.getpid(), "parent": os.getppid(), "nice": os.nice(0), "modules": sorted(sys.modules)}, []
