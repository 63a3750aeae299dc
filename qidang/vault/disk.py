"""Objects as files in ``QIDANG_HOME/blobs/objects/ab/abcd…``: temporary name, fsync, rename, fsync of the folder."""

import contextlib
import datetime as dt
import errno
import fcntl
import os
import pathlib
import tempfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

from django.conf import settings

from qidang.kit.refusal import Refused
from qidang.vault.storage import Held

OVERWRITTEN = 1 << 20  # bytes from the start: more than any head, and all of most derived texts
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Disk:
    """The storage on a local disk."""

    def __init__(self, root: pathlib.Path) -> None:
        self.objects = root / "objects"
        self.incoming = root / "incoming"

    def put(self, write: Callable[[BinaryIO], str]) -> str:
        """Write one object whole and durable, or leave nothing; return its name. Replaces one of the same name."""
        try:
            self._make(self.incoming)
            handle, temporary = tempfile.mkstemp(dir=self.incoming)
        except OSError as error:
            raise refusal_of(error) from error
        try:
            with os.fdopen(handle, "wb", buffering=0) as file:
                name = write(file)
                os.fsync(file.fileno())
            self._move(pathlib.Path(temporary), self._path(name))
        except OSError as error:
            raise refusal_of(error) from error
        finally:
            with contextlib.suppress(FileNotFoundError):
                pathlib.Path(temporary).unlink()
        return name

    def open(self, name: str) -> BinaryIO:
        """Return the object as an open file; raise FileNotFoundError where there is none."""
        return self._path(name).open("rb")

    def exists(self, name: str) -> bool:
        """Whether there is such an object."""
        return self._path(name).is_file()

    def shred(self, name: str) -> None:
        """碎钥: overwrite the head of the object, which holds its key, durably; then remove it, where it is there."""
        with self._guarded(fcntl.LOCK_EX):
            try:
                overwrite(self._path(name))
            except FileNotFoundError:
                return
            fsync_folder(self._path(name).parent)

    def sweep(self, name: str, before: dt.datetime, is_named: Callable[[str], bool]) -> bool:
        """Remove the object if it is still older than ``before`` and not ``is_named``; return whether it was removed.

        Both are looked at while nothing is laid down: the same bytes may just have come again.
        """
        with self._guarded(fcntl.LOCK_EX):
            path = self._path(name)
            if not path.exists() or path.stat().st_mtime >= before.timestamp() or is_named(name):
                return False
            path.unlink()
        return True

    def list(self) -> Iterator[Held]:
        """Go through all objects, folder by folder."""
        for path in self.objects.glob("*/*"):
            status = path.stat()
            yield Held(path.name, status.st_size, dt.datetime.fromtimestamp(status.st_mtime, dt.UTC))

    def clear_leftovers(self, before: dt.datetime) -> int:
        """Remove temporary files last written before ``before``; return how many."""
        old = [path for path in self.incoming.glob("*") if path.stat().st_mtime < before.timestamp()]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _path(self, name: str) -> pathlib.Path:
        return self.objects / name[:2] / name

    def _move(self, temporary: pathlib.Path, final: pathlib.Path) -> None:
        self._make(final.parent)
        with self._guarded(fcntl.LOCK_SH):
            temporary.replace(final)
        fsync_folder(final.parent)

    @contextlib.contextmanager
    def _guarded(self, how: int) -> Iterator[None]:
        """Hold the lock between those who lay objects down (shared) and who removes one (alone)."""
        self._make(self.objects)
        handle = os.open(self.objects, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, how)
            yield
        finally:
            os.close(handle)

    def _make(self, folder: pathlib.Path) -> None:
        """Make ``folder`` for our eyes only, and its name durable."""
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            fsync_folder(folder.parent)


def storage() -> Disk:
    """Return the storage that the settings name; a disk folder in the home."""
    return Disk(settings.HOME / "blobs")


def overwrite(path: pathlib.Path) -> None:
    """Write noise over a small file, or over the head of a large one; make that durable, then remove its name."""
    with path.open("r+b", buffering=0) as file:
        file.write(os.urandom(min(os.fstat(file.fileno()).st_size, OVERWRITTEN)))
        os.fsync(file.fileno())
    path.unlink()


def fsync_folder(folder: pathlib.Path) -> None:
    """Make the names in ``folder`` durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refusal_of(error: OSError) -> Refused:
    """Return the refusal for what the disk said: full, or failed."""
    if error.errno in FULL:
        return Refused("vault.disk_full", home=settings.HOME)
    return Refused("vault.disk_failed", home=settings.HOME, error=error.strerror or str(error))
