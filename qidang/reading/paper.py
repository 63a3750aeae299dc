"""读出的文件: what reading makes of a file, as plain values that travel between processes as JSON.

Boxes are fractions of the upright page, ``(x0, y0, x1, y1)`` with the origin at the top left.
A character span is ``(page, start, end)`` into :attr:`Page.text`.
"""

import functools
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

Box = tuple[float, float, float, float]
LARGEST = 512 << 20  # bytes of a paper as JSON
SCALE = 10_000  # boxes travel as whole ten-thousandths of the page: shorter and faster than floats


@dataclass(slots=True)
class Span:
    """A run of characters as a page shows it, before layout: what PDF, OFD and OCR hand to ``reading.layout``.

    ``size`` is the height of the letters in points; ``score`` is the recogniser's confidence, 1.0 for written text.
    """

    text: str
    box: Box
    size: float
    score: float = 1.0


@dataclass(slots=True)
class Line:
    """A line of text in reading order; ``box`` is None in formats that flow."""

    text: str
    box: Box | None = None


@dataclass(slots=True)
class Cell:
    """A cell of a table; ``row`` and ``col`` count from 0."""

    text: str
    box: Box | None
    row: int
    col: int
    rowspan: int = 1
    colspan: int = 1


@dataclass(slots=True)
class Table:
    """A table whose rows are also the page's lines ``first_line`` to ``last_line`` inclusive, cells joined by tabs."""

    rows: list[list[Cell]]
    first_line: int
    last_line: int


@dataclass
class Page:
    """A page: ``number`` from 1, ``width`` and ``height`` in points, both of the upright page.

    ``source`` is ``text`` (written in the file), ``ocr`` (recognised) or ``flow`` (a format without pages).
    ``score`` is the mean confidence of recognition; ``turn`` the degrees clockwise by which the image was set upright.
    Lines are not changed after the page is built: ``text`` is kept once it was asked for.
    """

    number: int
    width: float = 0.0
    height: float = 0.0
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    source: str = "text"
    score: float | None = None
    turn: int = 0

    @functools.cached_property
    def text(self) -> str:
        """The page's text, a line each; spans point into it."""
        return "\n".join(line.text for line in self.lines)

    def line_at(self, offset: int) -> Line | None:
        """Return the line in which the character ``offset`` of :attr:`text` stands."""
        end = -1
        for line in self.lines:
            end += len(line.text) + 1
            if offset <= end:
                return line
        return None


@dataclass(slots=True)
class Problem:
    """Something that a reader of this paper should know; ``code`` has its words in ``refusals.toml``."""

    code: str
    message: str = ""


@dataclass(slots=True)
class Part:
    """A file inside the file (mail attachment, archive member), ready to become an arrival of its own."""

    name: str
    media_type: str
    data: bytes


@dataclass
class Paper:
    """A file as read: its pages, what was odd about it, and the files that it carried."""

    media_type: str
    pages: list[Page] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    is_encrypted: bool = False
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The whole text, pages set apart by a form feed."""
        return "\f".join(page.text for page in self.pages)

    @property
    def chars(self) -> int:
        """How many characters that are no blanks were read."""
        return sum(len("".join(page.text.split())) for page in self.pages)

    @property
    def ocr_pages(self) -> int:
        """How many pages were recognised from their image."""
        return sum(page.source == "ocr" for page in self.pages)

    def note(self, code: str, message: str = "") -> None:
        """Add a problem, once per code."""
        if all(problem.code != code for problem in self.problems):
            self.problems.append(Problem(code, message))

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-able values; the bytes of parts stay behind, their names and types do not."""
        return {
            "media_type": self.media_type,
            "pages": [_pack_page(page) for page in self.pages],
            "problems": [[problem.code, problem.message] for problem in self.problems],
            "parts": [[part.name, part.media_type] for part in self.parts],
            "is_encrypted": self.is_encrypted,
            "meta": self.meta,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Paper":
        """Build the paper again from :meth:`to_dict`; its parts come back without bytes."""
        return cls(
            media_type=values["media_type"],
            pages=[_unpack_page(page) for page in values["pages"]],
            problems=[Problem(code, message) for code, message in values["problems"]],
            parts=[Part(name, media_type, b"") for name, media_type in values["parts"]],
            is_encrypted=values["is_encrypted"],
            meta=values["meta"],
        )

    def to_json(self) -> bytes:
        """Return the paper as UTF-8 JSON, the form in which its text is kept."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

    @classmethod
    def from_json(cls, text: bytes | str) -> "Paper":
        """Build the paper again from :meth:`to_json`."""
        return cls.from_dict(json.loads(text))

    def pack(self) -> bytes:
        """Return the paper as it is kept: its JSON, compressed."""
        return zlib.compress(self.to_json(), 1)

    @classmethod
    def unpack(cls, packed: bytes) -> "Paper":
        """Build the paper again from :meth:`pack`."""
        return cls.from_json(_unzipped(packed))

    @staticmethod
    def texts_in(packed: bytes) -> list[str]:
        """Return the text of each page of a packed paper; five times faster than building it."""
        pages = json.loads(_unzipped(packed))["pages"]
        return ["\n".join(line if isinstance(line, str) else line[0] for line in page[3]) for page in pages]


@dataclass(slots=True)
class Found:
    """A field's value with its evidence: the characters ``start`` to ``end`` of page ``page``, and their box.

    ``value`` is in the normal form of the field (text, list or object); ``raw`` is as written; ``confidence`` 0 to 1;
    ``derived`` marks what was concluded, not read.
    """

    value: Any
    raw: str
    page: int
    start: int
    end: int
    box: Box | None = None
    confidence: float = 1.0
    derived: bool = False


@dataclass
class Extraction:
    """要素: what a paper says, by field name; a field that is absent is None, never a guess."""

    is_contract: bool = False
    contract_type: str | None = None
    fields: dict[str, Found | None] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-able values."""
        return {
            "is_contract": self.is_contract,
            "contract_type": self.contract_type,
            "fields": {name: found and _pack_found(found) for name, found in self.fields.items()},
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Extraction":
        """Build the extraction again from :meth:`to_dict`."""
        fields = {name: found and _unpack_found(found) for name, found in values["fields"].items()}
        return cls(values["is_contract"], values["contract_type"], fields)

    def to_json(self) -> bytes:
        """Return the extraction as UTF-8 JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

    @classmethod
    def from_json(cls, text: bytes | str) -> "Extraction":
        """Build the extraction again from :meth:`to_json`."""
        return cls.from_dict(json.loads(text))


def _unzipped(packed: bytes) -> bytes:
    """Return the JSON of a packed paper; one that would swell beyond what a child may write is cut off, and fails."""
    return zlib.decompressobj().decompress(packed, LARGEST)


def _pack_box(box: Box | None) -> list[int] | None:
    return None if box is None else [round(edge * SCALE) for edge in box]


def _unpack_box(box: list[int] | None) -> Box | None:
    return None if box is None else (box[0] / SCALE, box[1] / SCALE, box[2] / SCALE, box[3] / SCALE)


def _pack_page(page: Page) -> list[Any]:
    lines = [[line.text, *(round(edge * SCALE) for edge in line.box)] if line.box else line.text for line in page.lines]
    tables = [[_pack_rows(table), table.first_line, table.last_line] for table in page.tables]
    return [page.number, page.width, page.height, lines, tables, page.source, page.score, page.turn]


def _unpack_page(values: list[Any]) -> Page:
    number, width, height, lines, tables, source, score, turn = values
    return Page(
        number=number,
        width=width,
        height=height,
        lines=[Line(line) if isinstance(line, str) else Line(line[0], _unpack_box(line[1:])) for line in lines],
        tables=[Table(_unpack_rows(rows), first, last) for rows, first, last in tables],
        source=source,
        score=score,
        turn=turn,
    )


def _pack_rows(table: Table) -> list[list[list[Any]]]:
    return [[[c.text, _pack_box(c.box), c.row, c.col, c.rowspan, c.colspan] for c in row] for row in table.rows]


def _unpack_rows(rows: list[list[list[Any]]]) -> list[list[Cell]]:
    return [[Cell(cell[0], _unpack_box(cell[1]), *cell[2:]) for cell in row] for row in rows]


def _pack_found(found: Found) -> list[Any]:
    box = _pack_box(found.box)
    return [found.value, found.raw, found.page, found.start, found.end, box, found.confidence, found.derived]


def _unpack_found(values: list[Any]) -> Found:
    value, raw, page, start, end, box, confidence, derived = values
    return Found(value, raw, page, start, end, _unpack_box(box), confidence, derived)
