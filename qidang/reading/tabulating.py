"""取格: a workbook or a table of separated values, cell by cell, with what a reader of text never needs to know."""

import csv
import io
import mmap
import os
import socket

import python_calamine

from qidang.reading import wire
from qidang.reading.decoding import decode
from qidang.reading.formats.archives import kind_of
from qidang.reading.formats.sheets import written
from qidang.reading.formats.workbook import grids as of_workbook
from qidang.reading.formats.zipping import MOST_RATIO, Bounds, Container
from qidang.reading.grid import Grid, pack
from qidang.reading.limits import Unreadable
from qidang.reading.sniffing import CSV, DOC, ODS, TEXT, XLSB, XLSX, ZIP, sniff

MOST_ROWS = 100_000  # of a tab
MOST_CELLS = 4_000_000
SEPARATORS = ",;\t|"
SAMPLE = 30  # lines by which the separator is told


def work(message: wire.Message, fd: int, channel: socket.socket) -> tuple[wire.Message, list[bytes]]:
    """Return the tabs of the sheet behind ``fd`` as the only blob; raises Unreadable for what is no sheet."""
    content = mmap.mmap(fd, 0, prot=mmap.PROT_READ)[:] if os.fstat(fd).st_size else b""
    media_type, _ = sniff(content[:4096], message["name"])
    return {"media_type": media_type}, [pack(grids(content, media_type))]


def grids(content: bytes, media_type: str) -> list[Grid]:
    """Return every tab, hidden ones too; raises Unreadable."""
    if media_type == ZIP:
        container = Container(content, Bounds(ratio=10 * MOST_RATIO))  # rows are alike, and shrink a lot
        kind = kind_of(container)
        if kind == XLSX:
            return of_workbook(container, MOST_ROWS, MOST_CELLS)
        if kind not in (XLSB, ODS):
            raise Unreadable("reading.unsupported", kind)
        return _by_calamine(content)
    if media_type == DOC:
        return _by_calamine(content)
    if media_type in (CSV, TEXT):
        return [_separated(content)]
    raise Unreadable("reading.unsupported", media_type)


def _by_calamine(content: bytes) -> list[Grid]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except python_calamine.PasswordError as error:
        raise Unreadable("reading.encrypted") from error
    except Exception as error:  # calamine's errors share no base, and its panics are none of them
        code = "reading.encrypted" if "password" in str(error).lower() else "reading.malformed"
        raise Unreadable(code, str(error)[:200]) from error
    found = []
    for about in book.sheets_metadata:
        if "WorkSheet" in str(about.typ):
            grid = _tab(book, about.name)
            grid.is_hidden = "Visible" not in str(about.visible)
            found.append(grid)
    return found


def _tab(book: python_calamine.CalamineWorkbook, name: str) -> Grid:
    """Return a tab as calamine reads it; a damaged one is empty and cut."""
    grid = Grid(name)
    try:
        sheet = book.get_sheet_by_name(name)
        grid.merges = [(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []]
        first, left_over = (sheet.start or (0, 0))[1], MOST_CELLS
        for number, row in enumerate(sheet.iter_rows()):
            cells = {column: text for column, value in enumerate(row, start=first) if (text := written(value))}
            left_over -= len(cells)
            if number >= MOST_ROWS or left_over < 0:
                grid.is_cut = True
                break
            if cells:
                grid.rows[number] = cells
    except Exception:  # as above; the other tabs are still good
        grid.is_cut = True
    return grid


def _separated(content: bytes) -> Grid:
    """Return a table of separated values; a line is a row, blank ones too, so that rows are counted as in a sheet."""
    text, _ = decode(content)
    if _is_binary(text):
        raise Unreadable("reading.unsupported", "binary")
    text = text.lstrip("\ufeff").replace("\x00", "")
    csv.field_size_limit(1 << 20)
    grid = Grid("CSV")
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))):
            if number >= MOST_ROWS:
                grid.is_cut = True
                break
            cells = {column: plain for column, one in enumerate(row) if (plain := " ".join(one.split()))}
            if cells:
                grid.rows[number] = cells
    except csv.Error as error:
        raise Unreadable("reading.malformed", str(error)[:200]) from error
    return grid


def _separator(text: str) -> str:
    """Return the mark that cuts the first lines into the most columns, the same number in as many lines as can be."""
    if text[:4].lower() == "sep=" and text[4:5] in SEPARATORS:
        return text[4]
    lines = [line for line in text[:64_000].splitlines()[:SAMPLE] if line.strip()]

    def worth(mark: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=mark)]
        usual = max(set(counts), key=lambda n: (n > 1, counts.count(n), n)) if counts else 1
        return (counts.count(usual) if usual > 1 else 0, usual)

    return max(SEPARATORS, key=worth)


def _is_binary(text: str) -> bool:
    head = text[:20_000]
    odd = sum(char < " " and char not in "\t\n\r\f" for char in head)
    return odd > 0.02 * len(head) + 2
