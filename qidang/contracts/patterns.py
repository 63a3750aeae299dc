"""编号格式: ``{unit}-{type}-{year}-{serial:4}`` and the like, written, checked and recognised."""

import functools
import re
from collections.abc import Callable

from qidang.kit.refusal import Refused

WORDS = {"unit": r"[0-9A-Za-z]+", "dept": r"[0-9A-Za-z]+", "type": r"[A-Z]{2}", "parent": r".+"}
DAYS = {"year": r"(?:19|20)\d{2}", "month": r"(?:0[1-9]|1[0-2])"}
OFFERED = ("unit", "dept", "type", "year", "month", "serial")
PIECE = re.compile(r"\{(?P<name>[^{}:]*)(?::(?P<width>[^{}]*))?\}|(?P<text>[^{}]+)|(?P<stray>[{}])")
DEFAULT_WIDTH = 4
MOST_DIGITS = 8
LONGEST = 100


def check(pattern: str) -> None:
    """Refuse a pattern that names nothing known, has not exactly one serial, or would not stay readable."""
    if not pattern.strip() or len(pattern) > LONGEST or not pattern.isprintable() or pattern != pattern.strip():
        raise Refused("numbering.bad_pattern", pattern=pattern)
    serials = 0
    for name, width, _text in _pieces(pattern):
        if name and name not in OFFERED:
            raise Refused("numbering.unknown_word", pattern=pattern, word=name)
        if width and (name != "serial" or not (width.isascii() and width.isdigit() and 1 <= int(width) <= MOST_DIGITS)):
            raise Refused("numbering.bad_width", pattern=pattern, width=width)
        serials += name == "serial"
    if serials != 1:
        raise Refused("numbering.one_serial", pattern=pattern)


def render(pattern: str, words: dict[str, str], serial: int) -> str:
    """Return the number of ``serial``; a serial too long for its width widens and never wraps."""
    return _filled(pattern, words, lambda width: f"{serial:0{width}}")


def key(pattern: str, words: dict[str, str]) -> str:
    """Return the number with its serial left open (``QD-XS-2026-#``): numbers with one key share one counter."""
    return _filled(pattern, words, lambda _width: "#")


def fit(pattern: str, number: str, *, unit: str, year: int) -> tuple[str, int, int] | None:
    """Return (key, serial, year) of ``number`` where ``pattern`` could have given it; ``year`` where it names none."""
    found = _expression(pattern, unit).fullmatch(number)
    if found is None:
        return None
    start, end = found.span("serial")
    named = found.groupdict().get("year")
    return number[:start] + "#" + number[end:], int(found["serial"]), int(named) if named else year


def _pieces(pattern: str) -> list[tuple[str, str, str]]:
    """Return (name, width, text) in order; a name for a word, a text for what stands between."""
    pieces = []
    for found in PIECE.finditer(pattern):
        if found["stray"] or found["name"] == "":
            raise Refused("numbering.bad_pattern", pattern=pattern)
        pieces.append((found["name"] or "", found["width"] or "", found["text"] or ""))
    return pieces


def _filled(pattern: str, words: dict[str, str], serial: Callable[[str | int], str]) -> str:
    return "".join(
        serial(width or DEFAULT_WIDTH) if name == "serial" else words[name] if name else text
        for name, width, text in _pieces(pattern)
    )


@functools.lru_cache(maxsize=256)
def _expression(pattern: str, unit: str) -> re.Pattern[str]:
    parts = []
    for name, width, text in _pieces(pattern):
        if name == "serial":
            parts.append(rf"(?P<serial>\d{{{width or DEFAULT_WIDTH},{MOST_DIGITS + 1}}})")
        elif name == "unit" and unit:
            parts.append(re.escape(unit))
        elif name == "year" and "(?P<year>" not in "".join(parts):
            parts.append(f"(?P<year>{DAYS['year']})")
        else:
            parts.append((WORDS | DAYS)[name] if name else re.escape(text))
    return re.compile("".join(parts))
