"""库钥: the one master key, 32 random bytes in a file outside the data folder, and the keys drawn from it.

Each use draws its own key by HKDF-SHA-256 (RFC 5869). The home remembers the key's fingerprint (``key-check``), so
that a key of another home is refused before anything is written with it, and a home that has data never gets a new key.
"""

import functools
import hmac
import os
import pathlib
import stat

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from qidang.kit.refusal import Refused

LENGTH = 32  # bytes: AES-256


def master() -> bytes:
    """Return the master key. Raise Refused: ``vault.key_missing``, ``.key_readable``, ``.key_malformed``, ``.wrong_key``."""
    return _loaded(settings.KEY_FILE, settings.HOME)


def subkey(purpose: str) -> bytes:
    """Return the 32-byte key for one ``purpose``, drawn from the master key."""
    return _drawn(master(), purpose)


def fingerprint() -> bytes:
    """Return 8 bytes that tell this master key from others and give nothing of it away."""
    return subkey("fingerprint")[:8]


def prepare() -> None:
    """Ready the key at a start: make it where neither key nor data is there yet, else check that it fits the home.

    Raise what ``master`` raises, and ``vault.key_missing`` for a home that has data and no key.
    """
    forget()
    if not settings.KEY_FILE.exists():
        if has_data(settings.HOME):
            raise Refused("vault.key_missing", path=settings.KEY_FILE, home=settings.HOME)
        create(settings.KEY_FILE)
    master()
    _remember(settings.HOME)


def create(path: pathlib.Path) -> None:
    """Write a new random key to ``path`` (0600); a file that is there already is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(LENGTH))
        file.flush()
        os.fsync(file.fileno())


def has_data(home: pathlib.Path) -> bool:
    """Whether anything in ``home`` was, or may have been, sealed with a key."""
    return _check_file(home).exists() or any((home / "vault").glob("objects/*/*")) or (home / "qidang.sqlite3").exists()


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
    if known.exists() and not hmac.compare_digest(known.read_bytes(), _drawn(key, "fingerprint")[:8].hex().encode()):
        raise Refused("vault.wrong_key", path=path, home=home)
    return key


@functools.cache
def _drawn(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=LENGTH, salt=None, info=f"qidang/{purpose}".encode()).derive(key)


def _check_file(home: pathlib.Path) -> pathlib.Path:
    return home / "key-check"


def _remember(home: pathlib.Path) -> None:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not _check_file(home).exists():
        _check_file(home).write_bytes(fingerprint().hex().encode())
