"""派生: text, previews, evidence made from a blob; sealed beside the vault, made again whenever they are gone.

A file is one AES-256-GCM message (12 random bytes, then the ciphertext), bound to its digest, kind and version.
"""

import contextlib
import errno
import os
import pathlib
import shutil
import tempfile
import urllib.parse

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from qidang.kit.refusal import Refused
from qidang.vault import keys
from qidang.vault.disk import overwrite


def derive(sha256: str, kind: str, version: str, data: bytes) -> None:
    """Keep ``data`` as what ``version`` of our reading made of the blob, under ``kind`` ("text", "fields", …)."""
    path = _path(sha256, kind, version)
    nonce = os.urandom(12)
    sealed = nonce + _cipher().encrypt(nonce, data, path.name.encode())
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(path, sealed)
    except OSError as error:
        code = "vault.disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "vault.disk_failed"
        raise Refused(code, home=settings.HOME, error=error.strerror) from error


def derived(sha256: str, kind: str, version: str) -> bytes | None:
    """Return what was kept, or None where it is gone, damaged or sealed by another key (then derive it again)."""
    path = _path(sha256, kind, version)
    try:
        sealed = path.read_bytes()
        return _cipher().decrypt(sealed[:12], sealed[12:], path.name.encode())
    except (FileNotFoundError, InvalidTag, ValueError):
        return None


def forget_derived(sha256: str, version: str | None = None) -> int:
    """Overwrite and delete all derived from one blob, or just delete what one version made; return how many files."""
    tail = "*" if version is None else f"*.{urllib.parse.quote(version, safe='')}"
    files = list((_root() / sha256[:2]).glob(f"{sha256}.{tail}"))
    for path in files:
        with contextlib.suppress(FileNotFoundError):
            overwrite(path) if version is None else path.unlink()
    return len(files)


def forget_all_derived() -> None:
    """Delete everything derived; reading the papers again brings it back."""
    shutil.rmtree(_root(), ignore_errors=True)


def _write(path: pathlib.Path, sealed: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
        pathlib.Path(temporary).replace(path)
    except OSError:
        pathlib.Path(temporary).unlink(missing_ok=True)
        raise


def _root() -> pathlib.Path:
    return pathlib.Path(settings.HOME) / "derived"


def _path(sha256: str, kind: str, version: str) -> pathlib.Path:
    tail = ".".join(urllib.parse.quote(part, safe="") for part in (kind, version))
    return _root() / sha256[:2] / f"{sha256}.{tail}"


def _cipher() -> AESGCM:
    return AESGCM(keys.subkey("derived"))
