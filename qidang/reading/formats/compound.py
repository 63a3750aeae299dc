"""OLE compound files, opened far enough to tell DOC, XLS, MSG and locked Office apart and to take streams out."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from qidang.reading.limits import MIB, Unreadable

END, FREE = 0xFFFFFFFE, 0xFFFFFFFF
MOST_ENTRIES = 50_000
MOST_BYTES = 256 * MIB


@dataclass
class Entry:
    """A storage (folder) or stream of a compound file."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int
    children: "dict[str, Entry]" = field(default_factory=dict)

    @property
    def is_stream(self) -> bool:
        """Whether it holds bytes."""
        return self.kind == 2


class Compound:
    """A compound file in memory; raises Unreadable ``reading.malformed``."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            self._open()
        except (struct.error, IndexError, ValueError) as error:
            raise Unreadable("reading.malformed", f"compound file: {error}") from error

    def _open(self) -> None:
        head = self._content[:512]
        shift, mini_shift = struct.unpack_from("<HH", head, 30)
        if not 7 <= shift <= 16 or not 4 <= mini_shift <= shift:
            raise ValueError("sector size")
        self._sector, self._mini = 1 << shift, 1 << mini_shift
        directory, self._cutoff = struct.unpack_from("<I", head, 48)[0], struct.unpack_from("<I", head, 56)[0]
        mini_start = struct.unpack_from("<I", head, 60)[0]
        self._table = self._sectors(head)
        raw = b"".join(self._chain(directory, self._table))
        self._entries = [_entry(raw[at : at + 128]) for at in range(0, min(len(raw), MOST_ENTRIES * 128) - 127, 128)]
        self.root = self._entries[0]
        self._mini_table = _numbers(b"".join(self._chain(mini_start, self._table)))
        self._mini_stream = b"".join(self._chain(self.root.start, self._table))
        self._link(self.root, 0)

    def _sectors(self, head: bytes) -> list[int]:
        """Return the allocation table: for each sector the next one."""
        places = [place for place in struct.unpack_from("<109I", head, 76) if place < END]
        more, steps = struct.unpack_from("<I", head, 68)[0], 0
        while more < END and steps < 10_000:
            numbers = _numbers(self._at(more))
            places += [place for place in numbers[:-1] if place < END]
            more, steps = numbers[-1] if numbers else END, steps + 1
        return [number for place in places[:200_000] for number in _numbers(self._at(place))]

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        return self._content[start : start + self._sector]

    def _chain(self, start: int, table: list[int]) -> Iterator[bytes]:
        steps, sector = 0, start
        while sector < len(table) and steps * self._sector <= len(self._content) + self._sector:
            yield self._at(sector)
            sector, steps = table[sector], steps + 1

    def _link(self, storage: Entry, depth: int) -> None:
        """Fill the children of a storage from its tree of siblings."""
        waiting, seen = [storage.child], set()
        while waiting:
            number = waiting.pop()
            if number >= len(self._entries) or number in seen or number == 0:
                continue
            seen.add(number)
            entry = self._entries[number]
            storage.children[entry.name] = entry
            waiting += [entry.left, entry.right]
            if entry.kind == 1 and depth < 8 and not entry.children:
                self._link(entry, depth + 1)

    def stream(self, entry: Entry) -> bytes:
        """Return the bytes of a stream."""
        if entry.size > MOST_BYTES:
            raise Unreadable("reading.too_large", entry.name)
        if entry.size >= self._cutoff:
            return b"".join(self._chain(entry.start, self._table))[: entry.size]
        pieces, sector, steps = [], entry.start, 0
        while sector < len(self._mini_table) and steps * self._mini <= entry.size:
            pieces.append(self._mini_stream[sector * self._mini : (sector + 1) * self._mini])
            sector, steps = self._mini_table[sector], steps + 1
        return b"".join(pieces)[: entry.size]

    def text(self, storage: Entry, *names: str) -> str:
        """Return the text of the first stream of these names: 001F is UTF-16, 001E the system's code page."""
        for name in names:
            entry = storage.children.get(name)
            if entry is not None and entry.is_stream:
                raw = self.stream(entry)
                return raw.decode("utf-16-le" if name.endswith("1F") else "gb18030", "replace").rstrip("\x00")
        return ""


def _numbers(raw: bytes) -> list[int]:
    count = len(raw) // 4
    return list(struct.unpack(f"<{count}I", raw[: count * 4]))


def _entry(raw: bytes) -> Entry:
    length = min(struct.unpack_from("<H", raw, 64)[0], 64)
    name = raw[: max(0, length - 2)].decode("utf-16-le", "replace")
    left, right, child = struct.unpack_from("<III", raw, 68)
    start, size = struct.unpack_from("<II", raw, 116)
    return Entry(name, raw[66], left, right, child, start, size)
