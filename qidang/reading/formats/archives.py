"""ZIP and all that is a ZIP inside: told apart by what they contain, handed on, or opened as an archive."""

import importlib
from typing import Any

from PIL import Image

from qidang.reading.formats import docx, ofd, sheets
from qidang.reading.formats.zipping import Container, shown_name
from qidang.reading.limits import Unreadable
from qidang.reading.paper import Paper, Part
from qidang.reading.sniffing import DOCX, ODS, ODT, OFD, XLSB, XLSX, ZIP, sniff
from qidang.reading.source import Source

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
INSIDES = (
    ("ofd.xml", OFD),
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("xl/workbook.bin", XLSB),
    ("ppt/presentation.xml", PPTX),
)
MAIN_TYPES = (("wordprocessingml.document.main", DOCX), ("wordprocessingml.template.main", DOCX), ("sheet.main", XLSX))
SKIPPED = ("__macosx/", ".ds_store", "thumbs.db")
DEEPEST = 3


def read(source: Source) -> Paper:
    """Read what the container holds, by its kind."""
    container = Container(source.content)
    kind = source.media_type = kind_of(container)
    if kind == DOCX:
        return docx.read(container)
    if kind in (XLSX, XLSB, ODS):
        return sheets.read(source)
    if kind == OFD:
        return ofd.read(source, container)
    if kind in (ODT, PPTX):
        legacy: Any = importlib.import_module("qidang.reading.formats.legacy")  # heavy, and only for these
        paper: Paper = legacy.read(source)
        return paper
    return archive(source, container)


def picture(source: Source, number: int, dpi: int) -> Image.Image:
    """Return page ``number`` of an OFD; other containers have no page images of their own."""
    container = Container(source.content)
    if kind_of(container) != OFD:
        raise Unreadable("reading.no_image")
    return ofd.picture(container, number, dpi)


def kind_of(container: Container) -> str:
    """Return the media type of a container by its entries."""
    kind = container.get("mimetype").decode("ascii", "replace").strip() if "mimetype" in container else ""
    if kind.startswith(ODT):
        return ODT
    if kind.startswith(ODS):
        return ODS
    for name, media_type in INSIDES:
        if name in container:
            return media_type
    types = container.get("[Content_Types].xml").decode("utf-8", "replace")
    return next((media_type for mark, media_type in MAIN_TYPES if mark in types), ZIP)


def archive(source: Source, container: Container) -> Paper:
    """Open an archive: its files become parts; what cannot be unpacked is noted, the rest is kept.

    Archives inside it are opened too, to a depth of DEEPEST and within the same bounds, so that no part is an archive.
    """
    paper = Paper(ZIP)
    _unpack(source, container, "", 1, paper)
    if not paper.parts and not paper.problems:
        raise Unreadable("reading.empty", "archive")
    return paper


def _unpack(source: Source, container: Container, folder: str, depth: int, paper: Paper) -> None:
    for entry in container.entries:
        name = folder + shown_name(entry)
        if any(mark in name.lower() for mark in SKIPPED):
            continue
        try:
            content = container.unpack(entry, source.password)
            media_type, _ = sniff(content[:4096], name)
            inner = Container(content, container.bounds) if media_type == ZIP else None
        except Unreadable as refusal:
            if refusal.code in ("reading.encrypted", "reading.wrong_password"):
                raise
            paper.note(refusal.code, refusal.message)
            continue
        if inner is None or kind_of(inner) != ZIP:
            if content:
                paper.parts.append(Part(name, media_type if inner is None else kind_of(inner), content))
        elif depth < DEEPEST:
            _unpack(source, inner, f"{name}/", depth + 1, paper)
        else:
            paper.note("reading.too_deep", name)
