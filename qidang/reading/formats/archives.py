"""ZIP, RAR, 7z and all that is a ZIP inside: told apart by what they contain, handed on, or opened as an archive."""

import importlib
from collections.abc import Iterator
from typing import Any

from PIL import Image

from qidang.reading.formats import docx, ofd, sheets
from qidang.reading.formats.zipping import Bounds, Container, Member
from qidang.reading.limits import Unreadable
from qidang.reading.litter import is_litter, why_passed_over
from qidang.reading.paper import Paper, Part
from qidang.reading.sniffing import DOCX, ODS, ODT, OFD, PPTX, RAR, SEVEN_ZIP, XLSB, XLSX, ZIP, sniff
from qidang.reading.source import Source

INSIDES = (
    ("ofd.xml", OFD),
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("xl/workbook.bin", XLSB),
    ("ppt/presentation.xml", PPTX),
)
MAIN_TYPES = (("wordprocessingml.document.main", DOCX), ("wordprocessingml.template.main", DOCX), ("sheet.main", XLSX))
ARCHIVES = {ZIP: "zipping", RAR: "rar", SEVEN_ZIP: "sevenzip"}
DEEPEST = 3
MOST_SKIPPED = 1000  # of files passed over that are named


def read(source: Source) -> Paper:
    """Read what the container holds, by its kind."""
    if source.media_type != ZIP:
        bounds = Bounds()
        return archive(source, _members(source.media_type, source.content, bounds, source), bounds)
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
    return archive(source, container.members(source.password), container.bounds)


def picture(source: Source, number: int, dpi: int) -> Image.Image:
    """Return page ``number`` of an OFD; other containers have no page images of their own."""
    container = Container(source.content) if source.media_type == ZIP else None
    if container is None or kind_of(container) != OFD:
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


def archive(source: Source, found: Iterator[Member], bounds: Bounds) -> Paper:
    """Open an archive: its files become parts; what cannot be unpacked is noted, the rest is kept.

    Archives inside it are opened too, to a depth of DEEPEST and within the same bounds, so that no part is an archive.
    What says nothing (:mod:`qidang.reading.litter`) is passed over and named.
    """
    paper = Paper(source.media_type)
    skipped: list[list[str]] = []
    paper.meta["skipped"] = skipped
    _unpack(source, found, bounds, "", 1, paper)
    if not paper.parts and not paper.problems and not skipped:
        raise Unreadable("reading.empty", "archive")
    return paper


def _unpack(source: Source, found: Iterator[Member], bounds: Bounds, folder: str, depth: int, paper: Paper) -> None:
    for inside, content in found:
        name = folder + inside
        if isinstance(content, Unreadable):
            _note(paper, name, content)
        elif why := why_passed_over(name, len(content)):
            if len(paper.meta["skipped"]) < MOST_SKIPPED:
                paper.meta["skipped"].append([name, why])
        else:
            try:
                _take(source, name, content, bounds, depth, paper)
            except Unreadable as refusal:
                _note(paper, name, refusal)


def _note(paper: Paper, name: str, refusal: Unreadable) -> None:
    """Note what could not be unpacked; a lock is no matter of one file, for with its password everything opens."""
    if is_litter(name):
        return
    if refusal.code in ("reading.encrypted", "reading.wrong_password"):
        raise refusal
    paper.note(refusal.code, refusal.message)


def _take(source: Source, name: str, content: bytes, bounds: Bounds, depth: int, paper: Paper) -> None:
    """Make a part of a file of the archive, or open it where it is an archive itself."""
    media_type, _ = sniff(content[:4096], name)
    if media_type == ZIP:
        inner = Container(content, bounds)
        media_type = kind_of(inner)
    if media_type not in ARCHIVES:
        paper.parts.append(Part(name, media_type, content))
    elif depth >= DEEPEST:
        paper.note("reading.too_deep", name)
    else:
        found = inner.members(source.password) if media_type == ZIP else _members(media_type, content, bounds, source)
        _unpack(source, found, bounds, f"{name}/", depth + 1, paper)


def _members(media_type: str, content: bytes, bounds: Bounds, source: Source) -> Iterator[Member]:
    """Return the files of a RAR or 7z; their libraries are loaded only for these."""
    module: Any = importlib.import_module(f"qidang.reading.formats.{ARCHIVES[media_type]}")
    found: Iterator[Member] = module.members(content, bounds, source.password)
    return found
