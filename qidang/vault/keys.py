"""库钥: the one master key, 32 random bytes in a file outside the data folder, and the keys drawn from it.

Each use draws its own key by HKDF-SHA-256 (RFC 5869). The home remembers the key's fingerprint (``key-check``), so
that a key of another home is refused before anything is written with it, and a home that has data never gets a new key.
"""

import contextlib
import functools
import os
import pathlib
import stat
import tempfile

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from qidang.kit.refusal import Refused

LENGTH = 32  # bytes: AES-256


def master() -> bytes:
    """Return the master key.

    Raise Refused: ``vault.key_missing``, ``.key_unreadable``, ``.key_readable``, ``.key_malformed``, ``.wrong_key``.
    """
    return _loaded(settings.KEY_FILE, settings.HOME)


def subkey(purpose: str) -> bytes:
    """Return the 32-byte key for one ``purpose``, drawn from the master key."""
    return _drawn(master(), purpose)


def fingerprint() -> str:
    """Return 16 hex digits that tell this master key from others and give nothing of it away."""
    return subkey("fingerprint")[:8].hex()


def create(path: pathlib.Path) -> None:
    """Write a new random key to ``path`` (0600), whole or not at all; a file that is there already stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".key")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(LENGTH))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(temporary)
    finally:
        pathlib.Path(temporary).unlink()


def has_data(home: pathlib.Path) -> bool:
    """Whether anything in ``home`` was sealed with a key."""
    return _check_file(home).exists() or any((home / "blobs").glob("objects/*/*"))


def remember(home: pathlib.Path) -> None:
    """Write down in ``home`` which key it belongs to, where that is not written yet."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not _check_file(home).exists():
        _check_file(home).write_text(fingerprint())


def forget() -> None:
    """Forget the loaded key, so that the next use reads the file again."""
    _loaded.cache_clear()
    _drawn.cache_clear()


@functools.cache
def _loaded(path: pathlib.Path, home: pathlib.Path) -> bytes:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        key = path.read_bytes()
    except FileNotFoundError:
        raise Refused("vault.key_missing", path=path, home=home) from None
    except OSError as error:
        raise Refused("vault.key_unreadable", path=path, error=error.strerror) from error
    if mode & 0o077:
        raise Refused("vault.key_readable", path=path, mode=f"{mode:04o}")
    if len(key) != LENGTH:
        raise Refused("vault.key_malformed", path=path, length=len(key))
    known = _check_file(home)
    if known.exists() and known.read_text().strip() != _drawn(key, "fingerprint")[:8].hex():
        raise Refused("vault.wrong_key", path=path, home=home)
    return key


@functools.cache
def _drawn(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=LENGTH, salt=None, info=f"qidang/{purpose}".encode()).derive(key)


def _check_file(home: pathlib.Path) -> pathlib.Path:
    return home / "key-check"
