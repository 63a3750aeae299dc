"""XLSX cell by cell, row after row: what calamine does not tell (hidden rows, formulas without a value), and far cells.

A sheet with one stray cell in column XFD costs that cell here, not a rectangle of 16,384 columns.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from qidang.reading.formats.sheets import written
from qidang.reading.formats.xml import Element, local, parse
from qidang.reading.formats.zipping import Container
from qidang.reading.grid import Grid

EPOCHS = (dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1))  # ECMA-376 part 1 §18.17.4.1
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # §18.8.30, East Asian ones included
NO_DATE = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]|_.|\*.', re.I)
DATE_LETTERS = re.compile(r"[ymdhs年月日]", re.I)
LETTERS = {chr(65 + n): n + 1 for n in range(26)}
LAST_SERIAL = 2_958_466  # the day after 9999-12-31


def grids(container: Container, most_rows: int, most_cells: int) -> list[Grid]:
    """Return every worksheet of the workbook; a damaged one is empty and cut. Raises Unreadable."""
    book = parse(container.get("xl/workbook.xml"), what="workbook.xml")
    targets = _targets(container)
    strings, dates = _strings(container), _date_styles(container)
    is_1904 = any(local(one) == "workbookPr" and one.get("date1904") in ("1", "true") for one in book.iter())
    found = []
    for sheet in (one for one in book.iter() if local(one) == "sheet"):
        link = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        grid = Grid(sheet.get("name") or "", is_hidden=sheet.get("state", "visible") != "visible")
        path = targets.get(link, "")
        if "worksheets/" in path or path.startswith("xl/sheet"):
            _Reader(grid, strings, dates, EPOCHS[is_1904], most_rows, most_cells).read(container.get(path))
            found.append(grid)
    return found


def _targets(container: Container) -> dict[str, str]:
    found = {}
    for link in parse(container.get("xl/_rels/workbook.xml.rels"), what="workbook.xml.rels"):
        target = link.get("Target", "")
        if target:
            found[link.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _strings(container: Container) -> list[str]:
    """Return the shared strings, without their phonetic hints."""
    found = []
    for item in _ends(container.get("xl/sharedStrings.xml"), "si"):
        found.append(_text(item))
        item.clear()
    return found


def _text(item: Element) -> str:
    parts = [one.text or "" for one in item.iter() if local(one) == "t" and local(one.getparent()) != "rPh"]
    return "".join(parts)


def _date_styles(container: Container) -> set[str]:
    """Return the style numbers whose cells show a date."""
    content = container.get("xl/styles.xml")
    if not content:
        return set()
    styles = parse(content, what="styles.xml")
    forms = {one.get("numFmtId"): one.get("formatCode") or "" for one in styles.iter() if local(one) == "numFmt"}
    found = set()
    for formats in (one for one in styles.iter() if local(one) == "cellXfs"):
        for number, form in enumerate(formats):
            kind = form.get("numFmtId") or "0"
            code = NO_DATE.sub("", forms.get(kind, "").partition(";")[0])
            if (kind in forms and DATE_LETTERS.search(code)) or (kind not in forms and int(kind) in DATE_FORMATS):
                found.add(str(number))
    return found


class _Reader:
    """One worksheet as it comes by, row after row."""

    def __init__(
        self, grid: Grid, strings: list[str], dates: set[str], epoch: dt.datetime, most_rows: int, most_cells: int
    ) -> None:
        self.grid, self.strings, self.dates, self.epoch = grid, strings, dates, epoch
        self.most_rows, self.left = most_rows, most_cells
        self.row = -1

    def read(self, content: bytes) -> None:
        """Fill the grid; what stands behind a damaged place is lost, and the grid says that it is cut."""
        try:
            for element in _ends(content, "row", "mergeCell"):
                if local(element) == "mergeCell":
                    self._merge(element.get("ref") or "")
                elif not self._take(element):
                    self.grid.is_cut = True
                element.clear()
        except etree.XMLSyntaxError:
            self.grid.is_cut = True
        if not content:
            self.grid.is_cut = True

    def _take(self, row: Element) -> bool:
        self.row = int(row.get("r") or self.row + 2) - 1
        if self.row >= self.most_rows or self.left < 0:
            return False
        if row.get("hidden") in ("1", "true"):
            self.grid.hidden_rows.append(self.row)
        cells: dict[int, str] = {}
        column = -1
        for cell in row:
            reference = cell.get("r")
            column = _place(reference)[1] if reference else column + 1
            text = self._written(cell, column)
            if text:
                cells[column] = text
        self.left -= len(cells)
        if cells:
            self.grid.rows[self.row] = cells
        return True

    def _written(self, cell: Element, column: int) -> str:
        kind, value, has_formula = cell.get("t", "n"), None, False
        for part in cell:
            name = local(part)
            if name == "v":
                value = part.text
            elif name == "is":
                value = _text(part)
            elif name == "f":
                has_formula = True
        if value is None or (value == "" and kind != "str"):
            if has_formula:
                self.grid.uncalculated.append((self.row, column))
            return ""
        if kind == "s":
            number = int(value) if value.isdigit() else -1
            return written(self.strings[number]) if 0 <= number < len(self.strings) else ""
        return self._plain(kind, value, cell.get("s") or "")

    def _plain(self, kind: str, value: str, style: str) -> str:
        if kind == "b":
            return written(value == "1")
        if kind == "d":
            return written(value.removesuffix("T00:00:00"))
        if kind != "n":
            return written(value)
        try:
            number = float(value)
        except ValueError:
            return written(value)
        if style in self.dates and 0 < number < LAST_SERIAL:
            return written(_moment(self.epoch, number))
        return written(number)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        self.grid.merges.append((top, left, bottom, right))


def _moment(epoch: dt.datetime, serial: float) -> dt.datetime:
    """Return the moment of a serial number, to the second; the day 1900-02-29 that never was counts as in Excel."""
    days = serial + (1 if epoch == EPOCHS[0] and serial < 60 else 0)
    return epoch + dt.timedelta(seconds=round(days * 86_400))


def _place(reference: str) -> tuple[int, int]:
    """Return row and column, both from 0, of a reference such as B12."""
    column = row = 0
    for char in reference.replace("$", "").upper():
        if char in LETTERS:
            column = column * 26 + LETTERS[char]
        elif char.isdigit():
            row = row * 10 + int(char)
    return row - 1, column - 1


def _ends(content: bytes, *names: str) -> Iterator[Any]:
    """Yield the elements of these names as they end; nothing outside the bytes is loaded."""
    if not content:
        return
    tags = [f"{{*}}{name}" for name in names]
    options: Any = {"events": ("end",), "tag": tags, "resolve_entities": False, "no_network": True, "huge_tree": True}
    for _, element in etree.iterparse(io.BytesIO(content), **options):
        yield element
        while element.getprevious() is not None:
            del element.getparent()[0]
