"""RAR of every age: its files in order, solid ones unpacked in one go, never more than the bounds allow."""

from collections.abc import Iterator

import rars

from qidang.reading.formats.zipping import Bounds, Member, normal
from qidang.reading.limits import MIB, Unreadable

DICTIONARY = 256 * MIB
OLD_NAMES = "gb18030"  # of names that old programs did not write in Unicode


def members(content: bytes, bounds: Bounds, password: str | None) -> Iterator[Member]:
    """Yield the files of the archive; raises Unreadable when it is locked, damaged or too large as a whole."""
    try:
        book = rars.RarFile.from_bytes(content, password)
        files = [one for one in book.infolist() if not one.is_dir()]
    except (rars.Error, MemoryError, ValueError) as error:
        raise _refusal(error, "rar", password) from error
    if any(one.is_split_before or one.is_split_after for one in files):
        raise Unreadable("reading.volume_missing", "rar")
    bounds.admit(len(files))
    if any(one.is_encrypted for one in files) and not password:
        raise Unreadable("reading.encrypted", "rar")
    yield from _all_at_once(book, files, bounds) or _one_by_one(book, files, bounds, password)


def _name(one: rars.RarInfo) -> str:
    """Return the name as a person wrote it, by a path that stays inside."""
    lost = "\ufffd" in one.filename
    return normal(bytes(one.orig_filename_bytes).decode(OLD_NAMES, "replace") if lost else one.filename)


def _all_at_once(book: rars.RarFile, files: list[rars.RarInfo], bounds: Bounds) -> list[Member]:
    """Return every file, unpacked in one pass; nothing where one of them is damaged or too large."""
    most = bounds.swallow(sum(one.compress_size for one in files))
    options = rars.ReadOptions(max_total_output_bytes=most, rar50_dictionary_size_limit=DICTIONARY)
    try:
        contents = book.read_many(files, options=options)
    except (rars.Error, MemoryError, ValueError):
        return []
    bounds.bytes -= sum(map(len, contents))
    return [(_name(one), data) for one, data in zip(files, contents, strict=True)]


def _one_by_one(
    book: rars.RarFile, files: list[rars.RarInfo], bounds: Bounds, password: str | None
) -> Iterator[Member]:
    """Yield what can be unpacked of an archive that cannot be unpacked whole."""
    for one in files:
        most = bounds.swallow(one.compress_size)
        options = rars.ReadOptions(max_member_output_bytes=most, rar50_dictionary_size_limit=DICTIONARY)
        try:
            data = book.read(one, options=options)
        except (rars.Error, MemoryError, ValueError) as error:
            yield _name(one), _refusal(error, one.filename, password)
            continue
        bounds.bytes -= len(data)
        yield _name(one), data


def _refusal(error: Exception, name: str, password: str | None) -> Unreadable:
    if isinstance(error, rars.PasswordRequired):
        return Unreadable("reading.encrypted", name)
    if isinstance(error, rars.BadPassword):
        return Unreadable("reading.wrong_password" if password else "reading.malformed", name)
    if isinstance(error, MemoryError):
        return Unreadable("reading.too_large", f"{name}: {error}"[:200])
    if "volume" in str(error).lower():
        return Unreadable("reading.volume_missing", f"{name}: {error}"[:200])
    return Unreadable("reading.malformed", f"{name}: {error}"[:200])
