"""一页: what the viewer shows of a paper, be it an image with boxes or flowing text with marks."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from qidang.web.viewer.places import places

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qidang.reading.paper import Box, Page, Paper, Table

RASTER = 1000


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """A place on a page that is to be seen: characters ``start`` to ``end``, a box of fractions, a name for it."""

    page: int
    start: int = 0
    end: int = 0
    box: Box | None = None
    name: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Rect:
    """A mark's box in the units of the overlay (``RASTER`` wide)."""

    x: int
    y: int
    width: int
    height: int
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """One page as shown. ``image`` is empty where the format has no pages and the text is shown instead."""

    number: int
    count: int
    image: str
    width: int
    height: int
    rects: tuple[Rect, ...]
    text: SafeString
    is_ocr: bool
    score: float | None
    has_image: bool
    query: str

    @property
    def place(self) -> str:
        """The part of the page that holds it: ``viewer``, or ``earlier`` for the paper beside."""
        return "viewer" if self.query == "page" else "earlier"

    @property
    def before(self) -> int:
        """The number of the page before."""
        return self.number - 1

    @property
    def after(self) -> int:
        """The number of the page after."""
        return self.number + 1

    @property
    def numbers(self) -> range:
        """All page numbers."""
        return range(1, self.count + 1)


def part_wanted(request: HttpRequest) -> str:
    """Return which viewer of the page the script asks for, "" for the whole page."""
    return request.headers.get("Qidang-Part", "")


def asked_page(request: HttpRequest, paper: Paper, query: str = "page") -> int:
    """Return the page number that the address asks for, within the paper."""
    text = request.GET.get(query, "1")
    number = int(text) if text.isdecimal() and len(text) < 7 else 1
    return min(max(number, 1), max(len(paper.pages), 1))


def sheet_of(
    paper: Paper, number: int, image: str, marks: Sequence[Mark] = (), *, as_text: bool = False, query: str = "page"
) -> Sheet | None:
    """Return page ``number`` of ``paper``, its image at ``image``; None for a paper without pages.

    ``as_text`` shows the text as read where there is an image too; ``query`` is the address's name for the page.
    """
    if not paper.pages:
        return None
    page = paper.pages[number - 1]
    here = [mark for mark in marks if mark.page == number]
    flows = as_text or page.source == "flow"
    height = round(RASTER * page.height / page.width) if page.width and page.height else round(RASTER * 1.414)
    return Sheet(
        number=number,
        count=len(paper.pages),
        image="" if flows else image,
        width=RASTER,
        height=height,
        rects=() if flows else tuple(_rects(page, here, height)),
        text=_text(page, here) if flows else SafeString(""),
        is_ocr=page.source == "ocr",
        score=page.score,
        has_image=page.source != "flow",
        query=query,
    )


def _rects(page: Page, marks: list[Mark], height: int) -> Iterator[Rect]:
    for mark in marks:
        for left, top, right, bottom in [mark.box] if mark.box else places(page, mark.start, mark.end):
            x, y = round(left * RASTER) - 3, round(top * height) - 3
            yield Rect(x, y, round((right - left) * RASTER) + 6, round((bottom - top) * height) + 6, mark.name)


def _text(page: Page, marks: list[Mark]) -> SafeString:
    """Return the page as paragraphs and tables, everything escaped, the marked characters in ``<mark>``."""
    tables = {table.first_line: table for table in page.tables}
    pieces: list[SafeString] = []
    offset, skip_to = 0, -1
    for number, line in enumerate(page.lines):
        if number in tables:
            pieces.append(_table(tables[number], marks, page))
            skip_to = tables[number].last_line
        if number > skip_to and line.text.strip():
            pieces.append(format_html("<p>{}</p>", _marked(line.text, offset, marks)))
        offset += len(line.text) + 1
    return mark_safe("".join(pieces))


def _marked(text: str, offset: int, marks: list[Mark]) -> SafeString:
    out, at = SafeString(""), 0
    for mark in sorted(marks, key=lambda one: one.start):
        start, end = max(mark.start - offset, at), min(mark.end - offset, len(text))
        if start < end:
            out += format_html('{}<mark data-mark="{}">{}</mark>', text[at:start], mark.name, text[start:end])
            at = end
    return out + format_html("{}", text[at:])


def _table(table: Table, marks: list[Mark], page: Page) -> SafeString:
    """Return the table; a cell is marked whole when a mark touches its row's line and holds its text."""
    raws = {page.text[mark.start : mark.end].strip(): mark.name for mark in marks if mark.end > mark.start}
    rows = []
    for row in table.rows:
        cells = format_html_join(
            "",
            '<td colspan="{}" rowspan="{}">{}</td>',
            ((cell.colspan, cell.rowspan, _cell(cell.text, raws)) for cell in row),
        )
        rows.append(format_html("<tr>{}</tr>", cells))
    return format_html('<div class="flow-table"><table>{}</table></div>', mark_safe("".join(rows)))


def _cell(text: str, raws: dict[str, str]) -> SafeString:
    for raw, name in raws.items():
        if raw and raw in text:
            before, after = text.split(raw, 1)
            return format_html('{}<mark data-mark="{}">{}</mark>{}', before, name, raw, after)
    return format_html("{}", text)
