"""TXT and CSV in UTF-8, GB18030, Big5 and what else turns up."""

import csv
import io

from qidang.reading.decoding import decode
from qidang.reading.formats.flow import cells, pages
from qidang.reading.limits import Unreadable
from qidang.reading.paper import Paper
from qidang.reading.sniffing import CSV, TEXT
from qidang.reading.source import Source

MOST_ROWS = 20_000


def read(source: Source) -> Paper:
    """Read a text or a table of separated values; raises Unreadable for bytes that are no text."""
    text, encoding = decode(source.content)
    if _is_binary(text):
        raise Unreadable("reading.unsupported", "binary")
    paper = Paper(source.media_type, meta={"encoding": encoding})
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    if source.media_type == CSV:
        rows = _rows(text)
        if len(rows) > MOST_ROWS:
            paper.note("reading.truncated", str(len(rows)))
        paper.pages = pages([cells(rows[:MOST_ROWS])])
    else:
        paper.media_type = TEXT
        paper.pages = pages(_with_breaks(text))
    return paper


def _with_breaks(text: str) -> list[str]:
    blocks: list[str] = []
    for number, sheet in enumerate(text.split("\f")):
        blocks += ["\f", sheet] if number else [sheet]
    return blocks


def _rows(text: str) -> list[list[str]]:
    head = text[:8000]
    separator = max(",;\t|", key=lambda mark: head.count(mark))
    csv.field_size_limit(1 << 20)
    try:
        return [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]
    except csv.Error:
        return [line.split(separator) for line in text.splitlines() if line.strip()]


def _is_binary(text: str) -> bool:
    head = text[:20_000]
    odd = sum(char < " " and char not in "\t\n\r\f\x1a\x1b" for char in head)
    return odd > 0.1 * len(head) and odd > 8
