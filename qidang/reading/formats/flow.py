"""Formats without pages: paragraphs and tables become pages of a bounded number of lines."""

from collections.abc import Iterable, Sequence

from qidang.reading.paper import Cell, Line, Page, Table

MOST_LINES = 60
MOST_CHARS = 20_000  # of one line; what is longer is no line but a dump

Rows = Sequence[Sequence[Cell]]
Block = str | Rows
BREAK = "\f"  # a block of its own that ends the page


def cells(rows: Iterable[Iterable[str]]) -> list[list[Cell]]:
    """Return rows of texts as rows of cells, one column each."""
    return [[Cell(text, None, r, c) for c, text in enumerate(row)] for r, row in enumerate(rows)]


def pages(blocks: Iterable[Block]) -> list[Page]:
    """Return pages of at most MOST_LINES lines; a table starts a page if it does not fit, and is cut only when longer.

    Rows of a table are lines with the cells joined by tabs.
    """
    result = [Page(1, source="flow")]
    for block in blocks:
        if block == BREAK:
            if result[-1].lines:
                result.append(Page(len(result) + 1, source="flow"))
        elif isinstance(block, str):
            for text in block.splitlines():
                _room(result, 1).lines.append(Line(text[:MOST_CHARS].rstrip()))
        else:
            for start in range(0, len(block), MOST_LINES):
                _table(result, block[start : start + MOST_LINES])
    if len(result) > 1 and not result[-1].lines:
        result.pop()
    return result


def _room(result: list[Page], lines: int) -> Page:
    page = result[-1]
    if page.lines and len(page.lines) + lines > MOST_LINES:
        page = Page(page.number + 1, source="flow")
        result.append(page)
    return page


def _table(result: list[Page], rows: Rows) -> None:
    page = _room(result, len(rows))
    first = len(page.lines)
    offset = rows[0][0].row if rows and rows[0] else 0
    kept = []
    for row in rows:
        page.lines.append(Line("\t".join(" ".join(cell.text.split()) for cell in row)[:MOST_CHARS]))
        kept.append([Cell(c.text, None, c.row - offset, c.col, c.rowspan, c.colspan) for c in row])
    if kept:
        page.tables.append(Table(kept, first, len(page.lines) - 1))
