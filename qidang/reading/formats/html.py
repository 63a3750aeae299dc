"""HTML: text in reading order, tables as tables, scripts and styles left out; the encoding settled first."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from qidang.reading.decoding import decode
from qidang.reading.formats.docx import MANY
from qidang.reading.formats.flow import BREAK, Block, pages
from qidang.reading.formats.xml import Element
from qidang.reading.limits import Unreadable
from qidang.reading.paper import Cell, Paper
from qidang.reading.sniffing import HTML
from qidang.reading.source import Source

DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w-]+)", re.I)
SKIPPED = {"script", "style", "head", "template", "noscript", "iframe", "object", "svg", "select"}
BLOCKS = {
    *("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer", "hr"),
    *("ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "center", "form", "table", "td", "th", "body", "fieldset"),
}
DEEP = 200


def read(source: Source) -> Paper:
    """Read a page; raises Unreadable for what is no markup at all."""
    declared = DECLARED.search(source.content[:4096])
    name = (declared.group(1) or declared.group(2)).decode("ascii", "replace") if declared else ""
    text, encoding = decode(source.content, name)
    paper = Paper(HTML, meta={"encoding": encoding})
    paper.pages = pages(blocks(text))
    return paper


def blocks(text: str) -> list[Block]:
    """Return the paragraphs and tables of a page."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\x00", ""))
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = lxml_html.document_fromstring(text or " ", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        if not text.strip():
            return []
        raise Unreadable("reading.malformed", f"html: {error}") from error
    walk = Walk()
    walk.element(root, 0)
    return walk.finished()


class Walk:
    """Goes through a page and gathers paragraphs."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._line: list[str] = []

    def finished(self) -> list[Block]:
        """Return what was gathered."""
        self.end()
        return self._blocks

    def end(self) -> None:
        """End the paragraph."""
        text = re.sub(r"[ \t\r\n\xa0]+", " ", "".join(self._line)).strip(" ")
        self._line = []
        if text:
            self._blocks.append(text)

    def element(self, element: Element, depth: int) -> None:
        """Take in an element and what follows it inside its parent."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in SKIPPED or not tag or depth > DEEP:
            return
        is_block = tag in BLOCKS
        if is_block:
            self.end()
        if tag == "table" and (rows := _table(element)):
            self._blocks.append(rows)
            return
        if "page-break-before" in element.get("style", "") and "always" in element.get("style", ""):
            self._blocks.append(BREAK)
        self._inside(element, depth, is_preformatted=tag == "pre")
        if is_block:
            self.end()

    def _inside(self, element: Element, depth: int, *, is_preformatted: bool) -> None:
        self._text(element.text, is_preformatted=is_preformatted)
        if element.tag == "input" and element.get("type", "text") == "text":
            self._text(element.get("value"), is_preformatted=False)
        for child in element:
            self.element(child, depth + 1)
            self._text(child.tail, is_preformatted=is_preformatted)

    def _text(self, text: str | None, *, is_preformatted: bool) -> None:
        if text and is_preformatted:
            for line in text.splitlines():
                self._line.append(line)
                self.end()
        elif text:
            self._line.append(text)


def _table(element: Element) -> list[list[Cell]]:
    """Return a table of values; nothing for a table that only lays the page out."""
    rows: list[list[Cell]] = []
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(_rows(element)):
        cells, column = [], 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while (number, column) in taken:
                column += 1
            if len(cell.findall(".//table")) or len(cell.findall(".//p")) > MANY or len(cell.findall(".//br")) > MANY:
                return []
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            taken |= {(number + down, column + along) for down in range(height) for along in range(width)}
            text = " ".join("".join(cell.itertext()).split())
            cells.append(Cell(text, None, number, column, height, width))
            column += width
        if cells:
            rows.append(cells)
    return rows if any(len(row) > 1 for row in rows) else []


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _span(cell: Element, name: str) -> int:
    text = cell.get(name, "1").strip()
    return max(1, min(int(text), 100)) if text.isdigit() else 1
