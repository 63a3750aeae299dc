"""A file is opened: told by its first bytes, handed to the reader of its format, its fields extracted."""

import hashlib
import importlib
import mmap
import os
import socket
from typing import Any

from qidang.reading import wire
from qidang.reading.asking import Recogniser
from qidang.reading.likeness import likeness
from qidang.reading.limits import Limits, Unreadable
from qidang.reading.lost import without_torn_words
from qidang.reading.paper import Extraction, Paper
from qidang.reading.quality import is_garbage
from qidang.reading.secrecy import state_secret_mark
from qidang.reading.sniffing import CSV, DOC, EML, HTML, OFD, PDF, RAR, RTF, SEVEN_ZIP, TEXT, ZIP, sniff
from qidang.reading.source import Source

READERS = {
    PDF: "pdf",
    ZIP: "archives",
    RAR: "archives",
    SEVEN_ZIP: "archives",
    DOC: "legacy",
    RTF: "legacy",
    TEXT: "plain",
    CSV: "plain",
    HTML: "html",
    EML: "mail",
    OFD: "ofd",
}
FORMATS = "qidang.reading.formats."


def work(message: wire.Message, fd: int, channel: socket.socket) -> tuple[wire.Message, list[bytes]]:
    """Read the file behind ``fd``; returns its digest, type and measures, and as bytes paper, extraction and parts.

    Of a paper that bears the mark of a state secret nothing comes back but that.
    """
    content = os.pread(fd, 1 << 20, 0) if os.fstat(fd).st_size <= 1 << 20 else mmap.mmap(fd, 0, prot=mmap.PROT_READ)[:]
    digest = hashlib.sha256(content).hexdigest()
    media_type, _ = sniff(content[:4096], message["name"])
    source = Source(
        content, message["name"], media_type, Recogniser(channel), message["password"], Limits(**message["limits"])
    )
    result: wire.Message = {"sha256": digest, "media_type": media_type}
    try:
        paper = read(source)
        if not message["is_released"] and state_secret_mark(paper, source.name):
            raise Unreadable("reading.state_secret")
    except Unreadable as refusal:
        return result | {"refused": refusal.code, "message": refusal.message}, []
    extraction = extract(paper)
    fields = extraction.to_json() if extraction else b""
    return result | measures(paper), [paper.pack(), fields, *(part.data for part in paper.parts)]


def measures(paper: Paper) -> wire.Message:
    """Return what is known of a paper without looking into it again."""
    return {
        "media_type": paper.media_type,
        "parts": [[part.name, part.media_type] for part in paper.parts],
        "pages": len(paper.pages),
        "ocr_pages": paper.ocr_pages,
        "chars": sum(len(page.text) for page in paper.pages),
        "skipped": paper.meta.get("skipped", []),
        "likeness": likeness("\n".join(page.text for page in paper.pages)),
    }


def read(source: Source) -> Paper:
    """Read a file by the reader of its format and let its text through the gate."""
    paper: Paper = reader(source.media_type).read(source)
    if is_garbage(paper.text):
        paper.note("reading.garbage")
    return paper


def reader(media_type: str) -> Any:
    """Return the module that reads a type; raises Unreadable ``reading.unsupported``."""
    name = "images" if media_type.startswith("image/") else READERS.get(media_type, "")
    if not name:
        raise Unreadable("reading.unsupported", media_type)
    return importlib.import_module(FORMATS + name)


def extract(paper: Paper) -> Extraction | None:
    """Extract the fields; a fault there costs the fields, never the text."""
    try:
        fields: Any = importlib.import_module("qidang.reading.fields")
        extraction: Extraction = fields.extract(without_torn_words(paper))
    except MemoryError:
        raise
    except Exception as error:
        paper.note("reading.fields_failed", f"{type(error).__name__}: {error}"[:200])
        return None
    return extraction
