"""What goes into the reading pool and what comes out of it."""

import functools
import os
import pathlib
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from qidang.reading import wire
from qidang.reading.paper import Extraction, Paper, Part, Problem

Source = bytes | pathlib.Path | BinaryIO


@dataclass
class Job:
    """A file to read: bytes, a path or an open file, and the name by which it came; ``key`` is the caller's own.

    ``is_released`` says that a mark of a state secret on it was found to be none (:mod:`qidang.reading.secrecy`).
    """

    source: Source
    name: str
    password: str | None = None
    key: Any = None
    is_released: bool = False


@dataclass
class Reading:
    """What came of one file: the paper and its fields, or the code for which it was refused.

    ``packed`` is the paper as it is kept (:meth:`Paper.pack`) and ``fields`` the extraction as JSON, both as the child
    wrote them; they are built only for who asks. ``likeness`` is the SimHash of its text; ``skipped`` are the files
    inside it that say nothing, each with the reason (:mod:`qidang.reading.litter`).
    """

    name: str
    sha256: str = ""
    media_type: str = ""
    packed: bytes = b""
    fields: bytes = b""
    parts: list[Part] = field(default_factory=list)
    pages: int = 0
    ocr_pages: int = 0
    chars: int = 0
    likeness: int | None = None
    skipped: list[list[str]] = field(default_factory=list)
    refused: str | None = None
    message: str = ""
    seconds: float = 0.0
    peak_kib: int = 0

    @functools.cached_property
    def paper(self) -> Paper | None:
        """The paper, the bytes of its parts included."""
        paper = Paper.unpack(self.packed) if self.packed else None
        if paper is not None:
            paper.parts = self.parts
        return paper

    @functools.cached_property
    def extraction(self) -> Extraction | None:
        """The fields."""
        return Extraction.from_json(self.fields) if self.fields else None

    @property
    def problems(self) -> list[Problem]:
        """What the reader of this paper should know."""
        return self.paper.problems if self.paper else []


def opened(source: Source) -> int:
    """Return a descriptor of the source that the pool may close."""
    if isinstance(source, bytes):
        return wire.memory_file("source", source)
    if isinstance(source, pathlib.Path):
        return os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.dup(source.fileno())
    except (AttributeError, OSError):
        return wire.memory_file("source", source.read())


def reading_of(job: Job, result: wire.Message, blobs: list[bytes]) -> Reading:
    """Return a child's result as a reading."""
    reading = Reading(job.name, refused=result.get("refused"), message=result.get("message", ""))
    reading.seconds, reading.peak_kib = result["seconds"], result["peak"]
    reading.sha256, reading.media_type = result.get("sha256", ""), result.get("media_type", "")
    if blobs:
        reading.packed, reading.fields, *contents = blobs
        named = zip(result["parts"], contents, strict=True)
        reading.parts = [Part(name, media_type, content) for (name, media_type), content in named]
        reading.pages, reading.ocr_pages = result["pages"], result["ocr_pages"]
        reading.chars, reading.likeness = result["chars"], result["likeness"]
        reading.skipped = result["skipped"]
    return reading
