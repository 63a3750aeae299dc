"""Messages between pool, fork server and child: small JSON over a local socket, with open files passed beside it.

Bytes of files never travel in messages: they stand in memory files whose descriptors are passed.
"""

import json
import os
import socket
import struct
from collections.abc import Iterable
from typing import Any

LARGEST = 60_000
Message = dict[str, Any]


def send(channel: socket.socket, message: Message, fds: Iterable[int] = ()) -> None:
    """Send one message, with descriptors; raises OSError when the other side is gone."""
    socket.send_fds(channel, [json.dumps(message).encode()], list(fds))


def receive(channel: socket.socket) -> tuple[Message | None, list[int]]:
    """Return the next message and its descriptors; ``(None, [])`` when the other side is gone."""
    try:
        text, fds, _, _ = socket.recv_fds(channel, LARGEST, 8)
    except ConnectionError:
        return None, []
    return (json.loads(text), fds) if text else (None, [])


def memory_file(name: str, content: bytes = b"") -> int:
    """Return the descriptor of a new file in memory holding ``content``."""
    fd = os.memfd_create(name, os.MFD_CLOEXEC)
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view) :]
    return fd


def write_result(fd: int, result: Message, blobs: Iterable[bytes] = ()) -> None:
    """Write a child's result: the length of the JSON, the JSON, then the blobs one after the other."""
    blobs = list(blobs)
    text = json.dumps(result | {"blobs": [len(blob) for blob in blobs]}, ensure_ascii=False, separators=(",", ":"))
    head = text.encode("utf-8", "replace")
    for piece in (struct.pack("!Q", len(head)), head, *blobs):
        view = memoryview(piece)
        while view:
            view = view[os.write(fd, view) :]


def read_result(fd: int) -> tuple[Message, list[bytes]]:
    """Read what :func:`write_result` wrote; raises ValueError when it is not whole."""
    content = _read_all(fd)
    if len(content) < 8:
        raise ValueError("no result")
    end = 8 + struct.unpack_from("!Q", content)[0]
    result: Message = json.loads(content[8:end])
    blobs = []
    for size in result.pop("blobs"):
        blobs.append(content[end : end + size])
        end += size
    if end != len(content):
        raise ValueError("the result is cut off")
    return result, blobs


def _read_all(fd: int) -> bytes:
    size = os.fstat(fd).st_size
    pieces, at = [], 0
    while at < size:
        piece = os.pread(fd, size - at, at)
        if not piece:
            break
        pieces.append(piece)
        at += len(piece)
    return b"".join(pieces)
