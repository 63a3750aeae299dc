"""ZIP containers with their bounds: entries, sizes, ratio, names. Nothing is extracted to disk."""

import io
import pathlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from qidang.reading.limits import MIB, Unreadable

MOST_ENTRIES = 10_000
MOST_BYTES = 400 * MIB  # of all entries together
MOST_RATIO = 100
SMALL = MIB  # an entry that is small unpacked may have any ratio
ENCRYPTED = 0x1
UTF8 = 0x800
AES = 99  # a way of locking that the standard library does not know

Member = tuple[str, bytes | Unreadable]
"""A file of an archive: its name as a person wrote it, and its bytes or why it cannot be unpacked."""


@dataclass
class Bounds:
    """What may still be unpacked; an archive shares it with the archives inside it."""

    entries: int = MOST_ENTRIES
    bytes: int = MOST_BYTES
    ratio: int = MOST_RATIO

    def admit(self, entries: int) -> None:
        """Count so many files more; raises Unreadable ``reading.too_large``."""
        self.entries -= entries
        if self.entries < 0:
            raise Unreadable("reading.too_large", f"{entries} entries")

    def swallow(self, packed: int) -> int:
        """Return how many bytes may come out of ``packed`` bytes."""
        return min(self.bytes, max(SMALL, packed * self.ratio))


class Container:
    """An opened ZIP; raises Unreadable ``reading.malformed``, ``reading.too_large``, ``reading.encrypted``."""

    def __init__(self, content: bytes, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
            raise Unreadable("reading.malformed", f"zip: {error}") from error
        self.entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        self.bounds.admit(len(self.entries))
        self._by_name = {normal(entry.filename).lower(): entry for entry in self.entries}

    def __contains__(self, name: str) -> bool:
        return name.lstrip("/").lower() in self._by_name

    def names(self) -> list[str]:
        """Return the names of all entries, normalised."""
        return [normal(entry.filename) for entry in self.entries]

    def read(self, name: str, password: str | None = None) -> bytes:
        """Return the bytes of an entry by its name, upper and lower case alike; raises KeyError when absent."""
        return self.unpack(self._by_name[name.lstrip("/").lower()], password)

    def get(self, name: str) -> bytes:
        """Return the bytes of an entry; empty when there is none or it is damaged."""
        try:
            return self.read(name)
        except KeyError:
            return b""
        except Unreadable as refusal:
            if refusal.code == "reading.too_large":
                raise
            return b""

    def members(self, password: str | None) -> Iterator[Member]:
        """Yield every file, one that cannot be unpacked with its refusal."""
        for entry in self.entries:
            try:
                yield shown_name(entry), self.unpack(entry, password)
            except Unreadable as refusal:
                yield shown_name(entry), refusal

    def unpack(self, entry: zipfile.ZipInfo, password: str | None = None) -> bytes:
        """Return the bytes of an entry, never more than its bounds allow, whatever its header says."""
        if entry.compress_type == AES or (entry.flag_bits & ENCRYPTED and password is None):
            raise Unreadable("reading.encrypted", entry.filename)
        most = self.bounds.swallow(entry.compress_size)
        try:
            with self._zip.open(entry, pwd=password.encode() if password else None) as stream:
                content = stream.read(most + 1)
        except RuntimeError as error:
            raise Unreadable("reading.wrong_password" if password else "reading.malformed", str(error)) from error
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
            raise Unreadable("reading.malformed", f"{entry.filename}: {error}") from error
        if len(content) > most:
            raise Unreadable("reading.too_large", f"{entry.filename}: grows more than {self.bounds.ratio} times")
        self.bounds.bytes -= len(content)
        return content


def shown_name(entry: zipfile.ZipInfo) -> str:
    """Return the name of an entry as a person wrote it: names without the UTF-8 mark are GBK in Chinese archives."""
    name = entry.filename
    if not entry.flag_bits & UTF8:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            return normal(name)
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return normal(name)


def normal(name: str) -> str:
    """Return a name that stays inside: no drive, no root, no way up, no control characters."""
    name = re.sub(r"[\x00-\x1f\x7f]", "", name.replace("\\", "/"))
    name = re.sub(r"^[A-Za-z]:", "", name)
    parts = [part for part in name.split("/") if part not in ("", ".", "..")]
    return str(pathlib.PurePosixPath(*parts)) if parts else "_"
