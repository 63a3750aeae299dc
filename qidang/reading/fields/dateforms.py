"""日期: the ways in which contracts write a day, read into ISO; a blank or impossible day is none."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from qidang.reading.fields.vocabulary import words

DIGITS = {
    char: n
    for n, chars in enumerate(
        ("〇零○OoＯ", "一壹弌", "二贰貳两弍", "三叁叄參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for char in chars
}
DIGITS |= {str(n): n for n in range(10)}
HAN = "〇零○O一二三四五六七八九十廿卅壹贰貳叁叄肆伍陆陸柒捌玖拾"
MONTHS = {name: n for n, name in enumerate(words("jan feb mar apr may jun jul aug sep oct nov dec"), 1)}
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)"
)
WESTERN = r"(?P<y1>(?:19|20)\d{2}) ?年? ?(?P<m1>[01]?\d) ?月 ?(?P<d1>[0-3]?\d) ?[日号曰目]?"
HANZI = rf"(?P<y2>[{HAN}]{{4}}) ?年 ?(?P<m2>元|[{HAN}]{{1,3}}) ?月 ?(?P<d2>[{HAN}]{{1,4}}) ?[日号曰目]"
POINTED = r"(?P<y3>(?:19|20)\d{2}) ?[-./] ?(?P<m3>[01]?\d) ?[-./] ?(?P<d3>[0-3]?\d)(?!\d)(?![-./]\d)"
SOLID = r"(?<!\d)(?P<y4>20\d{2})(?P<m4>[01]\d)(?P<d4>[0-3]\d)(?!\d)"
DAY_FIRST = rf"(?P<d5>[0-3]?\d)(?:st|nd|rd|th)?(?: day)?(?: of)? (?P<m5>{MONTH})\.?,? (?P<y5>(?:19|20)\d{{2}})"
MONTH_FIRST = rf"(?P<m6>{MONTH})\.? (?P<d6>[0-3]?\d)(?:st|nd|rd|th)?,? ?(?P<y6>(?:19|20)\d{{2}})"
DAY = re.compile(rf"{WESTERN}|{HANZI}|{POINTED}|{DAY_FIRST}|{MONTH_FIRST}")
DAY_OR_SOLID = re.compile(rf"{WESTERN}|{HANZI}|{POINTED}|{SOLID}|{DAY_FIRST}|{MONTH_FIRST}")
YEAR = re.compile(r"(?:19|20)\d{2}|年")  # no day without one of these: looked for first, the five forms only around it
BEFORE_YEAR, AFTER_YEAR = 26, 40  # the longest that a form has before its year (12th day of September, ) and behind it
MONTH_ONLY = re.compile(rf"(?:(?:19|20)\d{{2}}|[{HAN}]{{4}}) ?年 ?(?:[01]?\d|[{HAN}]{{1,3}}) ?月(?! ?[\d{HAN}])")


@dataclass(slots=True)
class Day:
    """A day as written, at ``start`` to ``end`` of the copy; ``iso`` is its normal form."""

    iso: str
    start: int
    end: int


def han_number(text: str) -> int | None:
    """Read 十五, 廿五, 三十一, 一〇 or 贰拾 as a number below 100; None where it is none."""
    text = text.replace("拾", "十").replace("廿", "二十").replace("卅", "三十")
    if text.count("十") == 1:
        tens, ones = text.split("十")
        if len(tens) > 1 or len(ones) > 1 or (tens and tens not in DIGITS) or (ones and ones not in DIGITS):
            return None
        return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
    if text and all(char in DIGITS for char in text) and len(text) <= 2:
        return int("".join(str(DIGITS[char]) for char in text))
    return None


def days_in(text: str, start: int = 0, end: int | None = None, *, solid: bool = False) -> Iterator[Day]:
    """Yield the days written in ``text[start:end]``; ``solid`` takes 20240305 too, which only a date label allows."""
    pattern = DAY_OR_SOLID if solid else DAY
    end = len(text) if end is None else min(end, len(text))
    for year in YEAR.finditer(text, start, end):
        if year.start() < start:
            continue
        around = max(start, year.start() - BEFORE_YEAR), min(end, year.end() + AFTER_YEAR)
        match = pattern.search(text, *around)
        if match is None or match.start() > year.start():  # none, or one of a later year, perhaps cut off
            continue
        start = match.end()
        iso = _iso(match)
        if iso:
            yield Day(iso, match.start(), match.end())


def first_day(text: str, start: int = 0, end: int | None = None, *, solid: bool = False) -> Day | None:
    """Return the first day written there."""
    return next(days_in(text, start, end, solid=solid), None)


def _iso(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    which = next((n for n in "123456" if groups.get("y" + n)), None)
    if which is None:
        return None
    year, month, day = groups["y" + which], groups["m" + which], groups["d" + which]
    try:
        if which == "2":
            return _from_han(year, month, day)
        if which in "56":
            return dt.date(int(year), MONTHS[month[:3].lower()], int(day)).isoformat()
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _from_han(year: str, month: str, day: str) -> str | None:
    if not all(char in DIGITS for char in year):
        return None
    number = 1 if month == "元" else han_number(month)
    if number is None or (n := han_number(day)) is None:
        return None
    value = dt.date(int("".join(str(DIGITS[char]) for char in year)), number, n)
    return value.isoformat() if 1900 <= value.year < 2100 else None
