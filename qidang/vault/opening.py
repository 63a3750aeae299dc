"""取出: the plain bytes of a blob, checked against their SHA-256 while they are read."""

import contextlib
import hashlib
import io
from collections.abc import Iterator
from typing import Any, BinaryIO, Protocol, cast

import tink

from qidang.kit.refusal import Refused
from qidang.vault.disk import storage
from qidang.vault.sealing import SEGMENT, Unreadable, unseal


class Kept(Protocol):
    """What is known of kept bytes: a ``Blob`` or a ``Stored``."""

    @property
    def sha256(self) -> str:
        """64 hex digits."""

    @property
    def size(self) -> int:
        """Plain bytes."""


class Plaintext(io.RawIOBase):
    """A stream of plain bytes, forward only. Damage raises Refused ``vault.corrupt``: within the 1 MB where it lies,
    at the latest at the end, where size and SHA-256 are compared."""

    def __init__(self, blob: Kept, sealed: BinaryIO) -> None:
        self.blob = blob
        self.sealed = sealed
        self.digest = hashlib.sha256()
        self.count = 0
        self.is_checked = False
        self.plain = sealed  # until it is unsealed, closing closes this
        with _corruption_named(blob):
            self.plain = unseal(sealed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            return self.readall()
        with _corruption_named(self.blob):
            data = self.plain.read(size)
        self.digest.update(data)
        self.count += len(data)
        if (not data and size) or self.count >= self.blob.size:
            self._compare()
        return data

    def readall(self) -> bytes:
        parts = []
        while chunk := self.read(SEGMENT):
            parts.append(chunk)
        return b"".join(parts)

    def close(self) -> None:
        self.plain.close()
        self.sealed.close()
        super().close()

    def _compare(self) -> None:
        if self.is_checked and self.count == self.blob.size:
            return
        self.is_checked = True
        if self.count != self.blob.size or self.digest.hexdigest() != self.blob.sha256:
            raise Refused("vault.corrupt", sha256=self.blob.sha256)


@contextlib.contextmanager
def _corruption_named(blob: Kept) -> Iterator[None]:
    """Whatever goes wrong in decrypting is said as ``vault.corrupt`` with the digest."""
    try:
        yield
    except (tink.TinkError, Unreadable, OSError) as error:
        raise Refused("vault.corrupt", sha256=blob.sha256) from error


def open(blob: Kept) -> BinaryIO:
    """取出: return the plain bytes of ``blob`` as a stream. Raise Refused ``vault.missing``, ``vault.corrupt``."""
    try:
        sealed = storage().open(blob.sha256)
    except FileNotFoundError:
        raise Refused("vault.missing", sha256=blob.sha256) from None
    return cast(BinaryIO, Plaintext(blob, sealed))


def read(blob: Kept) -> bytes:
    """Return the plain bytes of ``blob`` whole and checked. Raise Refused ``vault.missing``, ``vault.corrupt``."""
    with open(blob) as stream:
        return stream.read()


def check(blob: Kept) -> None:
    """固定性校验: read ``blob`` to its end without keeping it; raise what ``read`` raises."""
    with open(blob) as stream:
        while stream.read(SEGMENT):
            pass
