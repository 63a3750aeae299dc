"""What ``qidang read`` does: files in, one JSON object for each out, in order; no database."""

import locale
import pathlib
from collections.abc import Iterable, Iterator
from typing import Any

from qidang.kit.refusal import catalogue
from qidang.reading.paper import Extraction, Problem
from qidang.reading.pool import Job, Pool, Reading

UNREAD_FIELDS: dict[str, Any] = {"is_contract": None, "contract_type": None, "fields": {}}


def read_files(
    paths: Iterable[pathlib.Path | str], text: bool = False, *, size: int = 2, password: str | None = None
) -> Iterator[dict[str, Any]]:
    """Read files with ``size`` children at once and yield an object per file in the order given.

    A file that cannot be read is a line with ``refused``, not an exception.
    """
    jobs = (Job(pathlib.Path(path), pathlib.Path(path).name, password, key=(n, path)) for n, path in enumerate(paths))
    done: dict[int, dict[str, Any]] = {}
    following = 0
    with Pool(size=size, ocr_size=size) as pool:
        for job, reading in pool.read_many(jobs):
            number, path = job.key
            done[number] = as_line(str(path), reading, with_text=text)
            while following in done:
                yield done.pop(following)
                following += 1


def as_line(path: str, reading: Reading, *, with_text: bool) -> dict[str, Any]:
    """Return a reading as the object that ``qidang read --json`` prints."""
    paper = reading.paper
    line: dict[str, Any] = {
        "file": path,
        "sha256": reading.sha256 or None,
        "media_type": reading.media_type or None,
        "pages": len(paper.pages) if paper else 0,
        "ocr_pages": reading.ocr_pages,
        "chars": paper.chars if paper else 0,
    }
    if with_text:
        line["text"] = paper.text if paper else ""
    line |= _fields(reading.extraction) if reading.extraction else UNREAD_FIELDS
    line["problems"] = [{"code": problem.code, "message": sentence(problem)} for problem in reading.problems]
    refused = reading.refused and Problem(reading.refused, reading.message)
    line["refused"] = {"code": refused.code, "message": sentence(refused)} if refused else None
    line["seconds"] = reading.seconds
    return line


def _fields(extraction: Extraction) -> dict[str, Any]:
    fields = {
        name: found
        and {
            "value": found.value,
            "raw": found.raw,
            "page": found.page,
            "start": found.start,
            "end": found.end,
            "confidence": found.confidence,
        }
        for name, found in extraction.fields.items()
    }
    return {"is_contract": extraction.is_contract, "contract_type": extraction.contract_type, "fields": fields}


def sentence(problem: Problem) -> str:
    """Return a problem in words: Chinese unless the system speaks English, with its detail in brackets."""
    language = "en" if (locale.getlocale()[0] or "").startswith("en") else "zh"
    words = catalogue().get(problem.code, {}).get(language, problem.code)
    return f"{words} ({problem.message})" if problem.message else words
