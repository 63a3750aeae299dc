"""The child's side of recognition: page images go out, spans come back; at most a few pages are out at once."""

import os
import socket
from collections.abc import Iterable
from typing import Any

from qidang.reading import wire
from qidang.reading.layout import arrange
from qidang.reading.paper import Line, Page, Paper, Span

OUT_AT_ONCE = 4


class Recogniser:
    """Sends page images to the recognition server through the pool and lays out what comes back."""

    def __init__(self, channel: socket.socket | None) -> None:
        self._channel = channel
        self._out: dict[int, tuple[Page, str]] = {}
        self._failed: dict[int, str] = {}

    def submit(self, page: Page, width: int, height: int, pixels: bytes, *, fallback: str = "") -> None:
        """Send the image of a page (BGR, rows packed); its lines are filled in by :meth:`finish` at the latest.

        ``fallback`` is the text to keep when recognition fails.
        """
        page.source = "ocr"
        if self._channel is None:
            self._fail(page, fallback, "reading.ocr_missing")
            return
        while len(self._out) >= OUT_AT_ONCE:
            self._collect()
        fd = wire.memory_file("page", pixels)
        self._out[page.number] = (page, fallback)
        wire.send(self._channel, {"ocr": page.number, "width": width, "height": height}, [fd])
        os.close(fd)

    def finish(self, paper: Paper) -> None:
        """Wait for all pages that are out, and note what failed."""
        while self._out:
            self._collect()
        for number, code in sorted(self._failed.items()):
            paper.note("reading.ocr_failed" if code != "reading.ocr_missing" else code, str(number))
        self._failed.clear()

    def _collect(self) -> None:
        assert self._channel is not None
        message, fds = wire.receive(self._channel)
        if message is None:
            raise ConnectionError("the pool has gone")
        page, fallback = self._out.pop(message["ocr"])
        if message["code"]:
            self._fail(page, fallback, message["code"])
        else:
            result, _ = wire.read_result(fds[0])
            if "refused" in result:
                self._fail(page, fallback, result["refused"])
            else:
                fill(page, result)
        for fd in fds:
            os.close(fd)

    def _fail(self, page: Page, fallback: str, code: str) -> None:
        self._failed[page.number] = code
        page.lines = [Line(line) for line in fallback.splitlines() if line.strip()]
        page.source = "text" if page.lines else "ocr"


def fill(page: Page, result: dict[str, Any]) -> None:
    """Put recognised spans into the page: its turn, its lines and tables, its mean score."""
    page.turn = result["turn"]
    if page.turn in (90, 270):
        page.width, page.height = page.height, page.width
    spans = [_span(values, page.height) for values in result["spans"]]
    page.score = result["score"]
    page.lines, page.tables = arrange(spans, page.width, page.height, _boxes(result.get("rules", ())))


def _span(values: list[Any], height: float) -> Span:
    text, x0, y0, x1, y1, score = values
    return Span(text, (x0, y0, x1, y1), (y1 - y0) * height, score)


def _boxes(rules: Iterable[list[float]]) -> list[tuple[float, float, float, float]]:
    return [(rule[0], rule[1], rule[2], rule[3]) for rule in rules]
