"""DOC, PPT, RTF, MSG, ODT, PPTX through xberg, the one file that knows it; XLS goes to the reader of sheets.

What WPS saves as WPS, ET or DPS is one of these under another name.

xberg is young: what it returns goes through the text gate of :mod:`qidang.reading.opening` like all text.
"""

import asyncio
import importlib
import re
from typing import Any

import xberg

from qidang.reading.formats.compound import Compound, Entry
from qidang.reading.formats.flow import BREAK, Block, cells, pages
from qidang.reading.formats.zipping import normal
from qidang.reading.limits import Unreadable
from qidang.reading.paper import Paper, Part
from qidang.reading.sniffing import DOC, MSG, PPT, RTF, XLS, sniff
from qidang.reading.source import Source

STYLE_NOTE = re.compile(r" \(style_name: [^)\n]*\)")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
LOCKED = ("encrypt", "password", "protected")
KINDS = (
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("PowerPoint Document", PPT),
    ("__properties_version1.0", MSG),
)
DATA, LONG_NAME, SHORT_NAME = "37010102", "3707001", "3704001"
EMBEDDED = "__substg1.0_3701000D"


def read(source: Source) -> Paper:
    """Read an old Office file, a rich text or an Outlook mail; raises Unreadable."""
    if source.media_type != DOC:
        return _text(source)
    compound = Compound(source.content)
    names = compound.root.children
    if "EncryptedPackage" in names:
        raise Unreadable("reading.encrypted", "Office")
    kind = next((media_type for name, media_type in KINDS if name in names), "")
    if kind == XLS:
        source.media_type = XLS
        sheets: Any = importlib.import_module("qidang.reading.formats.sheets")
        book: Paper = sheets.read(source)
        return book
    if not kind:
        raise Unreadable("reading.unsupported", "compound file")
    source.media_type = kind
    paper = _text(source)
    if kind == MSG:
        paper.parts = attachments(compound)
    return paper


def _text(source: Source) -> Paper:
    """Return what xberg reads, as flowing pages."""
    media_type = "text/rtf" if source.media_type == RTF else source.media_type
    try:
        result: Any = asyncio.run(_extract(source.content, media_type))
    except Exception as error:
        raise Unreadable(_code(str(error)), str(error)[:200]) from error
    if not result.results:
        errors = "; ".join(str(error) for error in result.errors)
        raise Unreadable(_code(errors), errors[:200])
    paper = Paper(source.media_type)
    document = result.results[0]
    text = CONTROLS.sub("", STYLE_NOTE.sub("", document.content))
    lines = [line for line in text.replace("\f", "\n\f\n").split("\n") if line == BREAK or line.strip()]
    tables = [[[" ".join(cell.split()) for cell in row] for row in table.cells] for table in document.tables]
    paper.pages = pages(with_tables(lines, tables))
    return paper


def with_tables(lines: list[str], tables: list[list[list[str]]]) -> list[Block]:
    """Return the lines with their tables as tables.

    RTF's rows come as lines with blanks between the cells, and as cells beside them. DOC's come as one line per
    table, a tab after each cell and one more after each row.
    """
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        rows = next((rows for rows in tables if rows and _stands_at(rows, lines[at : at + len(rows)])), None)
        if rows is not None:
            blocks.append(cells(rows))
            at += len(rows)
            continue
        parted = rows_of(lines[at]) if "\t\t" in lines[at] else None
        blocks.append(cells(parted) if parted else lines[at])
        at += 1
    return blocks


def _stands_at(rows: list[list[str]], lines: list[str]) -> bool:
    return len(rows) == len(lines) and all(
        "".join(row).replace(" ", "") == "".join(line.split()) and len(row) > 1
        for row, line in zip(rows, lines, strict=True)
    )


def rows_of(line: str) -> list[list[str]] | None:
    """Return the rows of a table that is one line of cells: with as many columns as make every row end empty."""
    tokens = [token.strip() for token in line.split("\t")]
    if not tokens[-1]:
        tokens.pop()
    for columns in range(2, 13):
        step = columns + 1
        ends = tokens[columns::step]
        if len(tokens) >= step and len(tokens) % step in (0, columns) and not any(ends):
            rows = [tokens[start : start + columns] for start in range(0, len(tokens), step)]
            if any(any(row) for row in rows):
                return rows
    return None


async def _extract(content: bytes, media_type: str) -> Any:
    given = xberg.ExtractInput(kind=xberg.ExtractInputKind.BYTES, bytes=content, mime_type=media_type)
    settings = xberg.ExtractionConfig(
        use_cache=False, disable_ocr=True, enable_quality_processing=False, extraction_timeout_secs=40
    )
    return await xberg.extract(given, settings)


def _code(message: str) -> str:
    return "reading.encrypted" if any(word in message.lower() for word in LOCKED) else "reading.malformed"


def attachments(compound: Compound) -> list[Part]:
    """Return the files attached to an Outlook mail; mails inside the mail are left in it."""
    parts: list[Part] = []
    for name, storage in compound.root.children.items():
        if name.startswith("__attach_version1.0_") and EMBEDDED not in storage.children:
            part = _attachment(compound, storage, len(parts) + 1)
            if part is not None:
                parts.append(part)
    return parts


def _attachment(compound: Compound, storage: Entry, number: int) -> Part | None:
    data = storage.children.get(f"__substg1.0_{DATA}")
    if data is None:
        return None
    names = [f"__substg1.0_{key}{form}" for key in (LONG_NAME, SHORT_NAME) for form in "FE"]
    content = compound.stream(data)
    name = normal(compound.text(storage, *names) or f"attachment-{number}")
    return Part(name, sniff(content[:4096], name)[0], content) if content else None
