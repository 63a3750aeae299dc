"""分片: pieces of a file on its way in, sealed and on the disk before the sender is told that they came."""

import os
import pathlib
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qidang.kit.refusal import Refused
from qidang.vault import keys
from qidang.vault.disk import fsync_folder, refusal_of


def lay(folder: pathlib.Path, offset: int, piece: bytes) -> None:
    """Seal ``piece`` into ``folder`` under its ``offset``, bound to both; fsynced. Refuses as ``vault.put`` does."""
    nonce = os.urandom(12)
    sealed = nonce + _cipher().encrypt(nonce, piece, _bound(folder, offset))
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / f"{offset:015d}").open("wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        fsync_folder(folder)
    except OSError as error:
        raise refusal_of(error) from error


def gather(folder: pathlib.Path) -> Iterator[bytes]:
    """Yield the pieces in order, each following the one before without a gap; what does not follow is left out.

    Raise Refused ``vault.corrupt`` for a piece that was changed.
    """
    expected = 0
    for path in sorted(folder.iterdir()):
        if int(path.name) != expected:
            continue
        sealed = path.read_bytes()
        try:
            piece = _cipher().decrypt(sealed[:12], sealed[12:], _bound(folder, expected))
        except InvalidTag as error:
            raise Refused("vault.corrupt", sha256=path.name) from error
        expected += len(piece)
        yield piece


def _bound(folder: pathlib.Path, offset: int) -> bytes:
    return f"{folder.name}:{offset}".encode()


def _cipher() -> AESGCM:
    return AESGCM(keys.subkey("pieces"))
