"""DOCX, walked by ourselves: tables as tables, headers, footers, notes, text boxes, tracked changes, clause numbers."""

from collections.abc import Iterator

from qidang.reading.formats.counting import Counting, W
from qidang.reading.formats.flow import BREAK, Block, pages
from qidang.reading.formats.xml import Element, local, parse
from qidang.reading.formats.zipping import Container
from qidang.reading.limits import Unreadable
from qidang.reading.paper import Cell, Paper
from qidang.reading.sniffing import DOCX

MANY = 4  # paragraphs in a cell from which a row is a layout, not a row of values
DEEP = 40
DROPPED = {"del", "moveFrom"}
PASSED_OVER = {"instrText", "delText", "fldChar", "rPr", "pPr", "Fallback", "rt", "proofErr", "sectPr", "tblPr", "tcPr"}
SYMBOLS = {0x52: "☑", 0x54: "☒", 0xA3: "□", 0xA8: "□", 0xFE: "☑", 0xFD: "☒", 0x6F: "□", 0x6E: "■", 0xFC: "✓"}


def read(container: Container) -> Paper:
    """Read the document in the container; raises Unreadable when it has no readable main part."""
    paper = Paper(DOCX)
    main = _main_part(container)
    try:
        root = parse(container.read(main), what=main)
    except KeyError as error:
        raise Unreadable("reading.malformed", "no main document") from error
    folder = main.rpartition("/")[0]
    walker = Walker(_part(container, f"{folder}/numbering.xml"), _part(container, f"{folder}/styles.xml"))
    body = next((child for child in root if local(child) == "body"), root)
    blocks = list(walker.blocks(body))
    heads, feet = _around(container, folder, walker)
    notes = _notes(container, folder, walker)
    paper.pages = pages([*heads, *blocks, *notes, *feet])
    if walker.revisions:
        paper.meta["revisions"] = walker.revisions[:500]
        paper.note("reading.tracked_changes", str(len(walker.revisions)))
    if f"{folder}/comments.xml" in container:
        paper.meta["has_comments"] = True
    return paper


class Walker:
    """Goes through a document once, in order, because clause numbers depend on it."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self.counting = Counting(numbering, styles)
        self.revisions: list[dict[str, str]] = []

    def blocks(self, parent: Element, depth: int = 0) -> Iterator[Block]:
        """Yield paragraphs as texts, tables as rows, page breaks."""
        if depth > DEEP:
            return
        for child in parent:
            name = local(child)
            if name == "p":
                yield from self.paragraph(child, depth)
            elif name == "tbl":
                yield from self.table(child, depth)
            elif name in DROPPED:
                self._revise(child)
            elif name not in PASSED_OVER:
                yield from self.blocks(child, depth + 1)

    def paragraph(self, element: Element, depth: int) -> Iterator[Block]:
        """Yield the paragraph with its number, then the text boxes anchored in it."""
        pieces: list[str] = []
        boxes: list[Element] = []
        self._runs(element, pieces, boxes, depth)
        text = "".join(pieces)
        has_break = "\f" in text
        label = self.counting.label(element)
        text = text.replace("\f", "")
        yield label + text if text.strip() else "\n"
        for box in boxes:
            yield from self.blocks(box, depth + 1)
        if has_break:
            yield BREAK

    def _runs(self, parent: Element, pieces: list[str], boxes: list[Element], depth: int) -> None:
        if depth > DEEP * 2:
            return
        for child in parent:
            name = local(child)
            if name == "t":
                pieces.append(child.text or "")
            elif name in ("tab", "ptab"):
                pieces.append("\t")
            elif name in ("br", "cr"):
                pieces.append("\f" if child.get(W + "type") == "page" else "\n")
            elif name == "lastRenderedPageBreak":
                pieces.append("\f")
            elif name in ("noBreakHyphen", "softHyphen"):
                pieces.append("-" if name == "noBreakHyphen" else "")
            elif name == "sym":
                pieces.append(_symbol(child))
            elif name == "txbxContent":
                boxes.append(child)
            elif name in DROPPED:
                self._revise(child)
            elif name not in PASSED_OVER and not (name == "r" and _is_hidden(child)):
                if name in ("ins", "moveTo"):
                    self._revise(child)
                self._runs(child, pieces, boxes, depth + 1)

    def _revise(self, element: Element) -> None:
        text = "".join(node.text or "" for node in element.iter(W + "t", W + "delText"))
        if text.strip():
            author, date = element.get(W + "author", ""), element.get(W + "date", "")
            self.revisions.append({"kind": local(element), "author": author, "date": date, "text": text[:200]})

    def table(self, element: Element, depth: int) -> Iterator[Block]:
        """Yield rows of values as a table; rows that only lay text out (one cell, or long cells) as their text."""
        rows: list[list[Cell]] = []
        open_above: dict[int, Cell] = {}
        for row in _children(element, "tr"):
            if _is_deleted(row):
                self._revise(row)
                continue
            filled = self._row(row, len(rows), open_above, depth)
            if len(filled) > 1 and all(_paragraphs(blocks) <= MANY for _, blocks in filled):
                rows.append([cell for cell, _ in filled])
                continue
            if rows:
                yield rows
            rows, open_above = [], {}
            for _, blocks in filled:
                yield from blocks
        if rows:
            yield rows

    def _row(
        self, row: Element, number: int, open_above: dict[int, Cell], depth: int
    ) -> list[tuple[Cell, list[Block]]]:
        filled = []
        column = 0
        for element in _children(row, "tc"):
            span, merge = _spread(element)
            if merge == "continue" and column in open_above:
                open_above[column].rowspan += 1
                list(self.blocks(element, depth + 1))
            else:
                blocks = list(self.blocks(element, depth + 1))
                cell = Cell(_text(blocks), None, number, column, 1, span)
                filled.append((cell, blocks))
                open_above.pop(column, None)
                if merge == "restart":
                    open_above[column] = cell
            column += span
        return filled


def _main_part(container: Container) -> str:
    """Return the name of the main document, which is not always word/document.xml."""
    relations = container.get("_rels/.rels")
    if relations:
        for relation in parse(relations, what="relations"):
            if relation.get("Type", "").endswith("/officeDocument"):
                target: str = relation.get("Target", "").lstrip("/")
                if target in container:
                    return target
    return "word/document.xml"


def _part(container: Container, name: str) -> Element | None:
    content = container.get(name)
    try:
        return parse(content, what=name) if content else None
    except Unreadable:
        return None


def _around(container: Container, folder: str, walker: Walker) -> tuple[list[Block], list[Block]]:
    """Return headers and footers, each text once: contract numbers often stand there."""
    found: dict[str, list[Block]] = {"header": [], "footer": []}
    for name in sorted(container.names()):
        kind = name.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")
        if name.startswith(folder + "/") and kind in found:
            part = _part(container, name)
            for block in walker.blocks(part) if part is not None else ():
                text = block.strip() if isinstance(block, str) else block
                if text and text != "\f" and text not in found[kind]:
                    found[kind].append(text)
    return found["header"], found["footer"]


def _notes(container: Container, folder: str, walker: Walker) -> list[Block]:
    notes: list[Block] = []
    for kind in ("footnote", "endnote"):
        part = _part(container, f"{folder}/{kind}s.xml")
        for note in part if part is not None else ():
            if note.get(W + "type") is None:
                notes += [block for block in walker.blocks(note) if not isinstance(block, str) or block.strip()]
    return notes


def _children(element: Element, name: str) -> Iterator[Element]:
    """Yield rows or cells, also those wrapped in content controls, insertions and the like."""
    for child in element:
        kind = local(child)
        if kind == name:
            yield child
        elif kind in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _children(child, name)


def _spread(cell: Element) -> tuple[int, str]:
    """Return how many columns a cell spans, and whether it starts or continues a vertical merge."""
    properties = cell.find(W + "tcPr")
    if properties is None:
        return 1, ""
    span = properties.find(W + "gridSpan")
    width = span.get(W + "val", "1") if span is not None else "1"
    merge = properties.find(W + "vMerge")
    kind = "" if merge is None else merge.get(W + "val", "continue")
    return max(1, min(int(width) if width.isdigit() else 1, 200)), kind


def _text(blocks: list[Block]) -> str:
    texts = (b if isinstance(b, str) else "\n".join(" ".join(c.text for c in row) for row in b) for b in blocks)
    return " ".join("\n".join(texts).split())


def _paragraphs(blocks: list[Block]) -> int:
    return sum(len(block) if not isinstance(block, str) else bool(block.strip()) for block in blocks)


def _symbol(element: Element) -> str:
    try:
        code = int(element.get(W + "char", "0"), 16) & 0xFF
    except ValueError:
        return ""
    return SYMBOLS.get(code, "")


def _is_hidden(run: Element) -> bool:
    hidden = run.find(f"{W}rPr/{W}vanish")
    return hidden is not None and hidden.get(W + "val", "1") not in ("0", "false")


def _is_deleted(row: Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None
