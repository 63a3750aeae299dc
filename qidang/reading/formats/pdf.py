"""PDF: written text with its place on the page; pages without readable text go to recognition."""

import itertools

from PIL import Image

from qidang.reading.formats.pdfium import FORM, IMAGE, PATH, Document, Letters, Sheet
from qidang.reading.layout import arrange
from qidang.reading.limits import Unreadable
from qidang.reading.paper import Box, Page, Paper, Part, Span
from qidang.reading.quality import is_garbage
from qidang.reading.sniffing import PDF, UNKNOWN
from qidang.reading.source import Source

OCR_DPI = 150
FEW = 60  # characters: fewer than these on a page that is all image are a stamp or a page number, not its text
MOST_RULES = 3000
THIN = 0.004  # of the page: a rectangle thinner than this is a rule


def read(source: Source) -> Paper:
    """Read a PDF; raises Unreadable when it is locked or broken beyond PDFium's repair."""
    document = Document(source.content, source.password)
    paper = Paper(PDF, is_encrypted=document.is_encrypted)
    if document.signatures:
        paper.meta["signatures"] = document.signatures
    for index in range(min(document.count, source.limits.pages)):
        paper.pages.append(_page(source, document, index, paper))
    if document.count > source.limits.pages:
        paper.note("reading.too_many_pages", str(document.count))
    if not document.count:
        paper.note("reading.no_pages")
    paper.parts = [Part(name, UNKNOWN, content) for name, content in document.attachments()]
    source.recogniser.finish(paper)
    return paper


def _page(source: Source, document: Document, index: int, paper: Paper) -> Page:
    sheet = document.page(index)
    if sheet is None:
        paper.note("reading.page_damaged", str(index + 1))
        return Page(index + 1)
    page = Page(index + 1, round(sheet.width, 2), round(sheet.height, 2))
    letters = Letters(sheet)
    text = letters.text()
    if needs_recognition(sheet, text):
        paper.meta["pixels"] = max(paper.meta.get("pixels", 0), sheet.finest())
        source.recogniser.submit(page, *sheet.draw(OCR_DPI), fallback=text)
    else:
        spans = _spans(sheet, letters, text) + [Span(t, box, 10.0) for t, box in sheet.notes()]
        page.lines, page.tables = arrange(spans, page.width, page.height, _rules(sheet))
    letters.close()
    sheet.close()
    return page


def needs_recognition(sheet: Sheet, text: str) -> bool:
    """Return whether the page must be read from its image: text missing, garbage, or a stamp on a full-page scan."""
    written = len("".join(text.split()))
    if written >= FEW:
        return is_garbage(text)
    kinds = list(sheet.objects())
    pictured = sum(_area(box) for kind, box in kinds if kind in (IMAGE, FORM))
    if any(kind == IMAGE and _area(box) > 0.5 for kind, box in kinds):
        return True
    if written:
        return is_garbage(text) and pictured > 0.05
    return pictured > 0.02 or sum(kind == PATH for kind, _ in kinds) >= 40


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _rules(sheet: Sheet) -> list[Box]:
    """Return the thin lines and the frames drawn on the page, which make tables."""
    rules = []
    for kind, box in sheet.objects():
        if kind == PATH and (box[2] - box[0] > THIN or box[3] - box[1] > THIN):
            rules.append(box)
            if len(rules) >= MOST_RULES:
                break
    return rules


def _spans(sheet: Sheet, letters: Letters, text: str) -> list[Span]:
    spans: list[Span] = []
    at = 0
    for line in text.split("\r\n"):
        units = len(line) if line.isascii() or max(line) < "\U00010000" else len(line.encode("utf-16-le")) // 2
        if line.strip():
            spans += _line(sheet, letters, line, at, units)
        at += units + 2
    return spans


def _line(sheet: Sheet, letters: Letters, line: str, at: int, units: int) -> list[Span]:
    """Return the spans of a line of PDFium's: one, or several where gaps part it (columns, cells)."""
    first, last = letters.index(at), letters.index(at + units - 1)
    if first < 0 or last < first:
        return []
    runs = letters.rectangles(first, last - first + 1)
    if not runs:
        return []
    size = letters.size(first) or 10.0
    if len(runs) > 1 and _is_parted(runs, size) and units == len(line):
        return _parted(sheet, letters, line, at, size)
    return [Span(_clean(line), sheet.box(*_union(runs)), size)]


def _union(runs: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    lefts, bottoms, rights, tops = zip(*runs, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _is_parted(runs: list[tuple[float, float, float, float]], size: float) -> bool:
    return any(
        after[0] - before[2] > 0.8 * size or after[0] < before[0] - size for before, after in itertools.pairwise(runs)
    )


def _parted(sheet: Sheet, letters: Letters, line: str, at: int, size: float) -> list[Span]:
    """Split a line at its gaps, looking at each character; only lines with gaps come here."""
    spans: list[Span] = []
    start, box = 0, None
    for offset, char in enumerate(line):
        if char.isspace():
            continue
        here = letters.rectangle(letters.index(at + offset))
        if box is not None and not -size < here[0] - box[2] <= 0.8 * size:
            spans.append(Span(_clean(line[start:offset]), sheet.box(*box), size))
            start, box = offset, None
        box = here if box is None else _union([box, here])
    if box is not None:
        spans.append(Span(_clean(line[start:]), sheet.box(*box), size))
    return spans


def _clean(text: str) -> str:
    return text.replace("\ufffe", "-").replace("\x02", "-").replace("\x00", "").strip()


def picture(source: Source, number: int, dpi: int) -> Image.Image:
    """Return page ``number`` (from 1) drawn at ``dpi``."""
    document = Document(source.content, source.password)
    sheet = document.page(number - 1) if number <= document.count else None
    if sheet is None:
        raise Unreadable("reading.no_such_page")
    width, height, pixels = sheet.draw(dpi)
    return Image.frombytes("RGB", (width, height), pixels, "raw", "BGR")
