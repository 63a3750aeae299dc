"""清除名单: which bytes are gone for good, in a file beside the key and outside the home.

A home that is restored from a backup is older than what was cleared since; this list tells it. A line is JSON with a
MAC of the master key, so that only this archive can write one; a torn line counts for nothing.
"""

import dataclasses
import datetime as dt
import fcntl
import hashlib
import hmac
import json
import os
import pathlib
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from qidang.kit.refusal import Refused
from qidang.vault import keys

CLEARED, RETURNED = "cleared", "returned"


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """What happened to bytes: cleared, or allowed to come back; ``cause`` is the clearing."""

    sha256: str
    size: int
    cause: uuid.UUID
    at: dt.datetime
    act: str = CLEARED


@dataclasses.dataclass(frozen=True, slots=True)
class Erasures:
    """The newest line about each digest, and how many lines are torn or not ours."""

    lines: dict[str, Line]
    unreadable: int


def path() -> pathlib.Path:
    """Where the list stands: as set, else beside the key file."""
    key: pathlib.Path = settings.KEY_FILE
    return pathlib.Path(settings.CLEARED_FILE) if settings.CLEARED_FILE else key.with_name(f"{key.name}.cleared")


def append(lines: Iterable[Line]) -> None:
    """Write lines at the end, durable when this returns. Raise Refused ``vault.list_unwritable``."""
    written = b"".join(_written(line) for line in lines)
    try:
        handle = os.open(path(), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            end = file.seek(0, os.SEEK_END)
            file.seek(max(end - 1, 0))
            torn = end and file.read(1) != b"\n"  # a kill tore the line before
            file.write((b"\n" if torn else b"") + written)
            os.fsync(file.fileno())
    except OSError as error:
        raise Refused("vault.list_unwritable", path=path(), error=error.strerror or error) from error


def read(place: pathlib.Path | None = None) -> Erasures:
    """Return what the list says, by default the one of this home. Raise Refused ``vault.list_unreadable``."""
    place = place or path()
    try:
        written = place.read_bytes().split(b"\n") if place.exists() else []
    except OSError as error:
        raise Refused("vault.list_unreadable", path=place, error=error.strerror or error) from error
    lines, unreadable = {}, 0
    for text in filter(None, written):
        line = _line(text)
        if line is None:
            unreadable += 1
        else:
            lines[line.sha256] = line
    return Erasures(lines, unreadable)


def _written(line: Line) -> bytes:
    said = {"act": line.act, "sha256": line.sha256, "size": line.size, "cause": str(line.cause)}
    said["at"] = line.at.isoformat()
    return json.dumps(said | {"mac": _mac(said)}).encode() + b"\n"


def _line(text: bytes) -> Line | None:
    try:
        said = json.loads(text)
        mac = said.pop("mac")
        if not hmac.compare_digest(mac, _mac(said)):
            return None
        at = dt.datetime.fromisoformat(said["at"])
        return Line(said["sha256"], int(said["size"]), uuid.UUID(said["cause"]), at, said["act"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _mac(said: dict[str, Any]) -> str:
    plain = json.dumps(said, sort_keys=True).encode()
    return hmac.new(keys.subkey("cleared list"), plain, hashlib.sha256).hexdigest()
