"""Ways to ask the fields of a text, for tests of extraction."""

import json
import pathlib
from typing import Any

from qidang.reading.fields import extract
from qidang.reading.paper import Extraction, Line, Page, Paper

FOLDER = pathlib.Path(__file__).parent / "contracts"


def paper_of(text: str, **page: Any) -> Paper:
    """Return a text as a paper of one flowing page."""
    return Paper("text/plain", [Page(1, lines=[Line(line) for line in text.splitlines()], source="flow", **page)])


def extraction_of(text: str) -> Extraction:
    """Return what is read from a text."""
    return extract(paper_of(text))


def value_of(text: str, name: str) -> Any:
    """Return one field's value, None where it is absent."""
    found = extraction_of(text).fields[name]
    return None if found is None else found.value


def sample(name: str) -> tuple[str, dict[str, Any]]:
    """Return a sample contract of ours and what it says."""
    expected: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return (FOLDER / f"{name}.txt").read_text("utf-8"), expected


SAMPLES = sorted(path.stem for path in FOLDER.glob("*.txt"))
