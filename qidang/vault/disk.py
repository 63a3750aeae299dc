"""Objects as files in ``QIDANG_HOME/blobs/objects/ab/abcd…``: temporary name, fsync, rename, fsync of the folder."""

import contextlib
import datetime as dt
import errno
import os
import pathlib
import tempfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

from django.conf import settings

from qidang.kit.refusal import Refused
from qidang.vault.storage import Held

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

    def delete(self, name: str) -> None:
        """Remove the object; nothing happens where there is none."""
        self._path(name).unlink(missing_ok=True)

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
        temporary.replace(final)
        fsync_folder(final.parent)

    def _make(self, folder: pathlib.Path) -> None:
        """Make ``folder`` for our eyes only, and its name durable."""
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            fsync_folder(folder.parent)


def storage() -> Disk:
    """Return the storage that the settings name; a disk folder in the home."""
    return Disk(settings.HOME / "blobs")


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
