"""存入: bytes go into the vault before the act that speaks of them commits."""

import contextlib
import hashlib
import io
import pathlib
from typing import BinaryIO

import tink

from qidang.kit.refusal import Refused
from qidang.vault.disk import storage
from qidang.vault.sealing import SEGMENT, Stored, seal


def put(source: BinaryIO | bytes | pathlib.Path) -> Stored:
    """存入: seal ``source`` to the end into the vault and return its SHA-256 and size; durable when this returns.

    Uses no database and about 3 MB, however long the source. The same bytes put twice are one object.
    Raise Refused: ``vault.disk_full``, ``vault.disk_failed``, ``vault.source_failed`` (nothing is left behind) and the
    key refusals.
    """
    if isinstance(source, pathlib.Path):
        with _opened(source) as stream:
            return _stored(stream)
    return _stored(io.BytesIO(source) if isinstance(source, bytes) else source)


def _stored(source: BinaryIO) -> Stored:
    digest = hashlib.sha256()
    size = 0

    def write(destination: BinaryIO) -> str:
        nonlocal size
        sealed, door = seal(destination)
        try:
            while chunk := _next(source):
                digest.update(chunk)
                size += len(chunk)
                sealed.write(chunk)
            sealed.close()
        except tink.TinkError as error:
            raise door.failure or error from error
        finally:
            with contextlib.suppress(tink.TinkError, OSError):
                sealed.close()
        return digest.hexdigest()

    name = storage().put(write)
    return Stored(name, size)


def _opened(path: pathlib.Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise Refused("vault.source_failed", error=error.strerror or error) from error


def _next(source: BinaryIO) -> bytes:
    """Return the next bytes of the source, whose trouble is not the disk's."""
    try:
        return source.read(SEGMENT)
    except OSError as error:
        raise Refused("vault.source_failed", error=error.strerror or error) from error
