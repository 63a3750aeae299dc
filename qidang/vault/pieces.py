"""分片: pieces of a file on its way in, sealed and on the disk before the sender is told that they came."""

import os
import pathlib
import secrets
from collections.abc import Iterator, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qidang.kit.refusal import Refused
from qidang.vault import keys
from qidang.vault.disk import fsync_folder, refusal_of


def lay(folder: pathlib.Path, offset: int, piece: bytes) -> pathlib.Path:
    """Seal ``piece`` into ``folder``, bound to both and ``offset``, fsynced, under a name that does not count yet.

    Return its path for ``settle``. Refuses as ``vault.put`` does.
    """
    nonce = os.urandom(12)
    sealed = nonce + _cipher().encrypt(nonce, piece, _bound(folder, offset))
    path = folder / f"{offset:015d}.{secrets.token_hex(8)}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("xb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise refusal_of(error) from error
    return path


def settle(laid: Sequence[pathlib.Path]) -> None:
    """Let the pieces count from now on, each in its place; durable. Only who holds the upload may call it."""
    try:
        for path in laid:
            path.replace(path.with_suffix(""))
        if laid:
            fsync_folder(laid[0].parent)
    except OSError as error:
        raise refusal_of(error) from error


def discard(laid: Sequence[pathlib.Path]) -> None:
    """Remove those of the pieces that were not settled."""
    for path in laid:
        path.unlink(missing_ok=True)


def gather(folder: pathlib.Path) -> Iterator[bytes]:
    """Yield the settled pieces in order, each following the one before; nothing after the first that is lacking.

    Raise Refused ``vault.corrupt`` for a piece that was changed.
    """
    expected = 0
    while True:
        try:
            sealed = (folder / f"{expected:015d}").read_bytes()
        except FileNotFoundError:
            return
        try:
            piece = _cipher().decrypt(sealed[:12], sealed[12:], _bound(folder, expected))
        except InvalidTag as error:
            raise Refused("vault.corrupt", sha256=folder.name) from error
        expected += len(piece)
        yield piece


def _bound(folder: pathlib.Path, offset: int) -> bytes:
    return f"{folder.name}:{offset}".encode()


def _cipher() -> AESGCM:
    return AESGCM(keys.subkey("pieces"))
