"""7z: unpacked in one pass into memory, never more than the bounds allow."""

import io
import lzma
import zlib
from collections.abc import Iterator

import py7zr
from py7zr.exceptions import (
    AbsolutePathError,
    ArchiveError,
    CrcError,
    PasswordRequired,
    UnsupportedCompressionMethodError,
)
from py7zr.io import Py7zBytesIO, Py7zIO, WriterFactory

from qidang.reading.formats.zipping import Bounds, Member, normal
from qidang.reading.limits import Unreadable

FAULTS = (
    *(ArchiveError, AbsolutePathError, CrcError, lzma.LZMAError, zlib.error),
    *(OSError, EOFError, ValueError, TypeError, LookupError, ArithmeticError),  # py7zr lets its own surprises through
)


class Overflow(Exception):
    """More came out of the archive than its bounds allow."""


class Shelf(WriterFactory):
    """Where the files come to lie; nothing is written to a disk."""

    def __init__(self, most: int) -> None:
        self.most = self.left = most
        self.slots: dict[str, Slot] = {}

    def create(self, filename: str) -> Py7zIO:
        """Return the place of one file."""
        return self.slots.setdefault(normal(filename), Slot(self, filename))

    def member(self, one: py7zr.FileInfo, code: str) -> Member:
        """Return a file with its bytes where they came whole, otherwise with the refusal ``code``."""
        name = normal(one.filename)
        data = self.slots[name].content() if name in self.slots else b""
        if len(data) == one.uncompressed and one.crc32 in (None, zlib.crc32(data)):
            return name, data
        return name, Unreadable(code or "reading.malformed", name)


class Slot(Py7zBytesIO):
    """One file as it is unpacked."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        super().__init__(name, shelf.most)
        self.shelf = shelf

    def write(self, s: bytes | bytearray) -> int:
        """Take what was unpacked."""
        self.shelf.left -= len(s)
        if self.shelf.left < 0:
            raise Overflow(self.filename)
        return super().write(s)

    def content(self) -> bytes:
        """Return all that came."""
        self.seek(0)
        return self.read()


def members(content: bytes, bounds: Bounds, password: str | None) -> Iterator[Member]:
    """Yield the files of the archive; raises Unreadable when it is locked, damaged or too large as a whole."""
    shelf = Shelf(bounds.swallow(len(content)))
    try:
        with py7zr.SevenZipFile(io.BytesIO(content), password=password or None) as book:
            files = [one for one in book.list() if not one.is_directory and not one.is_symlink]
            bounds.admit(len(files))
            fault = _unpack(book, shelf)
    except (PasswordRequired, UnsupportedCompressionMethodError, *FAULTS) as error:
        raise _refusal(error, password) from error
    found = [shelf.member(one, fault.code if fault else "") for one in files]
    if fault and all(isinstance(data, Unreadable) for _, data in found):
        raise fault
    bounds.bytes -= shelf.most - shelf.left
    yield from found


def _unpack(book: py7zr.SevenZipFile, shelf: Shelf) -> Unreadable | None:
    """Unpack as far as it goes; return what stopped it."""
    try:
        book.extractall(factory=shelf)
    except Overflow as error:
        return Unreadable("reading.too_large", str(error))
    except (PasswordRequired, UnsupportedCompressionMethodError, *FAULTS) as error:
        return _refusal(error, "given" if book.needs_password() else None)
    return None


def _refusal(error: Exception, password: str | None) -> Unreadable:
    if isinstance(error, PasswordRequired):
        return Unreadable("reading.encrypted", "7z")
    if isinstance(error, UnsupportedCompressionMethodError):
        return Unreadable("reading.unsupported", "7z: packed in a way that is not known")
    return Unreadable("reading.wrong_password" if password else "reading.malformed", f"7z: {error}"[:200])
