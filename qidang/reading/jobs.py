"""What goes into the reading pool and what comes out of it."""

import os
import pathlib
from dataclasses import dataclass
from typing import Any, BinaryIO

from qidang.reading import wire
from qidang.reading.paper import Extraction, Paper, Problem

Source = bytes | pathlib.Path | BinaryIO


@dataclass
class Job:
    """A file to read: bytes, a path or an open file, and the name by which it came; ``key`` is the caller's own."""

    source: Source
    name: str
    password: str | None = None
    key: Any = None


@dataclass
class Reading:
    """What came of one file: the paper and its fields, or the code for which it was refused."""

    name: str
    sha256: str = ""
    media_type: str = ""
    paper: Paper | None = None
    extraction: Extraction | None = None
    refused: str | None = None
    message: str = ""
    seconds: float = 0.0
    peak_kib: int = 0

    @property
    def problems(self) -> list[Problem]:
        """What the reader of this paper should know."""
        return self.paper.problems if self.paper else []

    @property
    def ocr_pages(self) -> int:
        """How many pages were recognised from their image."""
        return self.paper.ocr_pages if self.paper else 0


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
    if "paper" in result:
        reading.paper = Paper.from_dict(result["paper"])
        for part, content in zip(reading.paper.parts, blobs, strict=True):
            part.data = content
    if result.get("extraction"):
        reading.extraction = Extraction.from_dict(result["extraction"])
    return reading
