"""折行: which line goes on in the next, which blanks are inside a label and which part two things."""

import re
from collections.abc import Iterator

from qidang.reading.fields.cells import Strip
from qidang.reading.fields.folding import breadth
from qidang.reading.fields.labels import GLUED, KNOWN, LABEL_AHEAD, SPREAD, SPREAD_GAP

NUMBERED = re.compile(
    r"(?:第[一二三四五六七八九十百零〇\d]{1,5}[条章节款]|[一二三四五六七八九十]{1,3}[、.,]|\d{1,2}[、.,](?!\d)|"
    r"\d{1,2}\.\d{1,2}(?:\.\d{1,2})?[ \t]?\D"
    r"|[(\[]\d{1,2}[)\]]|[(][一二三四五六七八九十]{1,3}[)]|[①-⑳]|\d{1,2}[)]|[A-Za-z][.)]|附[件表:]|注[:一二]|备注)"
)
DATED = re.compile(
    r"(?:\d{4}|[一二][九〇零○O][\d一二三四五六七八九〇零○O]{2}) ?[年.\-/] ?[\d一二三四五六七八九十]{1,3} ?[月.\-/]"
)
ENDED = re.compile(r"[。；;:！!？?)》]$|\.$")
OPEN = re.compile(r"[,、(《“·]$")
LABELLED = re.compile(r"[^\s:,。;]{2,14}:|[A-Z][A-Za-z]{1,14}(?: [A-Z][A-Za-z.]{0,14}){1,3} ?:")
PARAGRAPH = re.compile(
    r"(?:甲乙|供需|买卖|合同|上述|甲、乙|承发包)?双方(?!的|应|均)|根据|依据|依照|按照《|为(?:了|保护|明确|发展|搞好|"
    r"维护|确保|规范)|兹|经(?:甲乙|供需|买卖)?双方|鉴于|现经|遵照|本着"
)
GAP, WIDE_GAP = re.compile("[ \t]+"), re.compile("[ \t]{2,}|\t")
COLUMN_END = re.compile(r"(?:\t| {2,})[^ \t]{1,24}$")
WIDE = 36  # half-width columns: a line shorter than this is not wrapped, unless its frame is narrow


def continues(last: Strip, strip: Strip, *, in_cell: bool = False) -> bool:
    """Tell whether ``strip`` goes on with the sentence of ``last``, the line above it."""
    text, before = _closed_up(strip.text), last.text
    if (
        not text
        or not before
        or strip.begins
        or text.startswith(("(或", "(签", "(盖", "(公章", "(章", "(本人"))
        or NUMBERED.match(text)
        or LABEL_AHEAD.match(text)
    ):
        return False
    if LABELLED.match(before) and PARAGRAPH.match(text):
        return False
    if not in_cell and strip.left is not None and last.left is not None and strip.left > last.left + 1.4:
        return False
    if OPEN.search(before):
        return not LABELLED.match(text)
    if ENDED.search(before) and not (before.endswith(")") and text[0] in ",。;、"):
        return text[0] in ",。;、》)" and len(text) > 1
    if in_cell:
        return not _stands_alone(before, text)
    if last.is_full:
        return breadth(before) >= WIDE and not LABELLED.match(text)
    return (
        breadth(before) >= WIDE and not COLUMN_END.search(before) and not LABELLED.match(text) and not DATED.match(text)
    )


def _closed_up(text: str) -> str:
    """Return a line whose first label, if it is spread out, is closed up: 地　　址：… → 地址：…"""
    if " " not in text[:16]:
        return text
    dropped = _blanks_in_labels(text[:24])
    return "".join(char for n, char in enumerate(text[:24]) if n not in dropped) + text[24:] if dropped else text


def _stands_alone(before: str, text: str) -> bool:
    """Tell whether two lines of a cell are two things, not one that was wrapped."""
    return bool(LABELLED.match(text)) or (
        bool(DATED.match(text)) and not before.endswith(("自", "至", "于", "在", "从"))
    )


def spread_joined(text: str, place: int) -> Iterator[tuple[str, int]]:
    """Yield the pieces of a line with their places: 帐　　号 closed up, wide gaps as one tab, a piece of its own."""
    broad = not text.isascii()  # in a line of letters alone no label is spread or glued
    dropped = _blanks_in_labels(text) if broad and " " in text else frozenset()
    glued = sorted(_glued_labels(text)) if broad and ":" in text else []
    at = 0
    for match in (GAP if dropped else WIDE_GAP).finditer(text):
        yield from _parted(text, at, match.start(), glued, place)
        if match.start() not in dropped:
            yield ("\t" if len(match[0]) > 1 or match[0] == "\t" else " "), place + match.start()
        at = match.end()
    yield from _parted(text, at, len(text), glued, place)


def _parted(text: str, start: int, end: int, glued: list[int], place: int) -> Iterator[tuple[str, int]]:
    """Yield a run without wide gaps, parted by a tab where a label is glued to the value before it."""
    for cut in glued:
        if start <= cut < end:
            if cut > start:
                yield text[start:cut], place + start
            yield "\t", -1
            start = cut
    if start < end:
        yield text[start:end], place + start


def _blanks_in_labels(text: str) -> frozenset[int]:
    dropped: set[int] = set()
    if not SPREAD_GAP.search(text):
        return frozenset()
    for match in SPREAD.finditer(text):
        dropped.update(n for n in range(match.start(), match.end()) if text[n] == " ")
    return frozenset(dropped)


def _glued_labels(text: str) -> frozenset[int]:
    """Return where a label begins right behind the value of the one before: 签约地点：宁波合同编号：…"""
    places = set()
    for match in GLUED.finditer(text):
        colon = text.rfind(":", 0, match.start())
        value = text[colon + 1 : match.start()]
        run = value.rsplit(" ", 1)[-1]
        if (
            colon < 0
            or not run
            or re.search(r"[,。;、\t]", value)
            or (run != value and not run.isascii() and (len(run) <= 4 or KNOWN.match(run)))
        ):
            continue
        places.add(match.start())
    return frozenset(places)
