"""OFD (GB/T 33190): text with its place, pages, signatures. Millimetres inside, fractions of the page outside."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image

from qidang.reading.formats import ofd_drawing
from qidang.reading.formats.xml import Element, local, parse
from qidang.reading.formats.zipping import Container
from qidang.reading.layout import arrange
from qidang.reading.limits import Unreadable
from qidang.reading.paper import Box, Page, Paper, Span
from qidang.reading.sniffing import OFD
from qidang.reading.source import Source

POINTS = 72 / 25.4
A4 = (0.0, 0.0, 210.0, 297.0)
WIDE = 1.8  # letters further apart than this many sizes belong to different columns
MOST_PAGES = 2000
OCR_DPI = 150


@dataclass
class Sheet:
    """A page: its box in millimetres and its layers, templates first."""

    box: tuple[float, float, float, float]
    layers: list[Element] = field(default_factory=list)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return round(self.box[2] * POINTS, 2), round(self.box[3] * POINTS, 2)


class Book:
    """An OFD's first document: its pages and where its pictures are."""

    def __init__(self, container: Container) -> None:
        self.container = container
        root = self._xml("OFD.xml")
        body = _first(root, "DocBody")
        place = _text(body, "DocRoot").lstrip("/")
        if not place:
            raise Unreadable("reading.malformed", "no document")
        self.folder = posixpath.dirname(place)
        self.document = self._xml(place)
        self.pictures = self._pictures()
        self.has_signatures = self._signatures(body)
        box = _numbers(_text(_first(self.document, "CommonData"), "PhysicalBox"))
        self._box = (box[0], box[1], box[2], box[3]) if len(box) == 4 else A4
        self._templates = {
            template.get("ID", ""): template.get("BaseLoc", "") for template in _all(self.document, "TemplatePage")
        }
        self.places = [page.get("BaseLoc", "") for page in _all(self.document, "Page")][:MOST_PAGES]

    def _xml(self, name: str) -> Element:
        try:
            return parse(self.container.read(name), what=name)
        except KeyError as error:
            raise Unreadable("reading.malformed", f"{name} is missing") from error

    def _resolved(self, place: str, folder: str) -> str:
        if place.startswith("/"):
            return place.lstrip("/")
        return posixpath.normpath(posixpath.join(folder, place))

    def _signatures(self, body: Element) -> int:
        place = _text(body, "Signatures")
        content = self.container.get(self._resolved(place, "")) if place else b""
        return len(list(_all(parse(content), "Signature"))) if content else 0

    def _pictures(self) -> dict[str, str]:
        """Return the entry name of every picture by its resource number."""
        pictures: dict[str, str] = {}
        for kind in ("PublicRes", "DocumentRes"):
            for node in _all(self.document, kind):
                name = self._resolved((node.text or "").strip(), self.folder)
                content = self.container.get(name)
                if not content:
                    continue
                resources = parse(content, what=name)
                folder = self._resolved(resources.get("BaseLoc", ""), posixpath.dirname(name))
                for media in _all(resources, "MultiMedia"):
                    pictures[media.get("ID", "")] = self._resolved(_text(media, "MediaFile"), folder)
        return pictures

    def sheet(self, index: int) -> Sheet:
        """Return a page by its index from 0, with the templates that it stands on."""
        page = self._xml(self._resolved(self.places[index], self.folder))
        box = _numbers(_text(page, "PhysicalBox"))
        sheet = Sheet((box[0], box[1], box[2], box[3]) if len(box) == 4 and box[2] > 0 and box[3] > 0 else self._box)
        for template in _all(page, "Template"):
            place = self._templates.get(template.get("TemplateID", ""))
            if place:
                content = self.container.get(self._resolved(place, self.folder))
                if content:
                    sheet.layers += _all(parse(content), "Layer")
        sheet.layers += _all(page, "Layer")
        return sheet


def read(source: Source, container: Container) -> Paper:
    """Read an OFD; pages without text are recognised from their image. Raises Unreadable ``reading.malformed``."""
    book = Book(container)
    paper = Paper(OFD)
    if book.has_signatures:
        paper.meta["signatures"] = book.has_signatures
    for index in range(len(book.places)):
        page = Page(index + 1)
        paper.pages.append(page)
        try:
            sheet = book.sheet(index)
        except Unreadable:
            paper.note("reading.page_damaged", str(index + 1))
            continue
        page.width, page.height = sheet.size
        spans = [span for layer in sheet.layers for span in _spans(layer, sheet.box)]
        if spans:
            page.lines, page.tables = arrange(spans, page.width, page.height)
        elif any(local(node) == "ImageObject" for layer in sheet.layers for node in layer.iter()):
            image = ofd_drawing.draw(sheet.layers, sheet.box, book.pictures, container, OCR_DPI)
            source.recogniser.submit(page, image.width, image.height, image.tobytes("raw", "BGR"))
    if not book.places:
        paper.note("reading.no_pages")
    source.recogniser.finish(paper)
    return paper


def picture(container: Container, number: int, dpi: int) -> Image.Image:
    """Return page ``number`` (from 1) drawn plainly: text, lines, pictures; seals and fonts are not reproduced."""
    book = Book(container)
    if number > len(book.places):
        raise Unreadable("reading.no_such_page")
    sheet = book.sheet(number - 1)
    return ofd_drawing.draw(sheet.layers, sheet.box, book.pictures, container, dpi)


def _spans(layer: Element, page: tuple[float, float, float, float]) -> Iterator[Span]:
    for thing in layer.iter():
        if local(thing) == "TextObject":
            for run in ofd_drawing.runs(thing):
                yield from _parted(run, page)


def _parted(run: ofd_drawing.Run, page: tuple[float, float, float, float]) -> Iterator[Span]:
    """Return a run as spans, parted where its letters stand wide apart."""
    start = 0
    for index in range(1, len(run.text) + 1):
        is_end = index == len(run.text)
        if is_end or abs(run.places[index][0] - run.places[index - 1][0]) > WIDE * run.size + run.advance(index - 1):
            text = run.text[start:index]
            if text.strip():
                yield Span(text, _box(run, start, index - 1, page), run.size * POINTS)
            start = index


def _box(run: ofd_drawing.Run, first: int, last: int, page: tuple[float, float, float, float]) -> Box:
    points = run.places[first : last + 1]
    left, right = min(x for x, _ in points), max(x for x, _ in points) + run.advance(last)
    top, bottom = min(y for _, y in points) - 0.88 * run.size, max(y for _, y in points) + 0.12 * run.size
    x, y, width, height = page
    edges = ((left - x) / width, (top - y) / height, (right - x) / width, (bottom - y) / height)
    x0, y0, x1, y1 = (max(0.0, min(1.0, edge)) for edge in edges)
    return x0, y0, x1, y1


def _all(element: Element | None, name: str) -> Iterator[Element]:
    return (node for node in element.iter() if local(node) == name) if element is not None else iter(())


def _first(element: Element, name: str) -> Element:
    return next(_all(element, name), element)


def _text(element: Element, name: str) -> str:
    node = next(_all(element, name), None)
    return "" if node is None else (node.text or "").strip()


def _numbers(text: str) -> list[float]:
    return ofd_drawing.numbers(text)
