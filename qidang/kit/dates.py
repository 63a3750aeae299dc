"""日期: the ways in which people write a day, read to ``date``. Knows no Django."""

import datetime as dt
import re
import unicodedata

DIGITS = {
    char: str(n)
    for n, chars in enumerate(("零〇○Oo", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for char in chars
}
_FULL = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?"
)
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0)?")
_SHORT = re.compile(r"(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?")
_RELATIVE = re.compile(r"(今天|明天|昨天|today)\s*(?:([+-])\s*(\d{1,5}))?", re.IGNORECASE)
_SERIAL = re.compile(r"\d{5}(?:\.0+)?")
_CHINESE = re.compile(r"([零〇○Oo一二两三四五六七八九壹贰叁肆伍陆柒捌玖]{4})年(.{1,3})月(.{1,3})[日号]")
SHIFTS = {"今天": 0, "today": 0, "明天": 1, "昨天": -1}
EXCEL_EPOCH = dt.date(1899, 12, 30)  # ECMA-376 part 1 §18.17.4.1, the 1900 date base


def parse_date(text: str, today: dt.date) -> dt.date | None:
    """Return the day that ``text`` says, None where it says none.

    Reads 2026-03-05, 2026.3.5, 2026/3/5, 2026年3月5日, 20260305, 二〇二六年三月五日, 3月5日 (of this year),
    今天, 今天+30, and the serial numbers of spreadsheets (20000 to 80000).
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if relative := _RELATIVE.fullmatch(plain):
        days = int(relative[3] or 0) * (-1 if relative[2] == "-" else 1)
        return today + dt.timedelta(days=days + SHIFTS[relative[1].lower()])
    if chinese := _CHINESE.fullmatch(plain):
        return _chinese(*chinese.groups())
    for form in (_FULL, _SOLID):
        if matched := form.fullmatch(plain):
            return _day(*(int(part) for part in matched.groups()))
    if short := _SHORT.fullmatch(plain):
        return _day(today.year, int(short[1]), int(short[2]))
    if _SERIAL.fullmatch(plain) and 20_000 <= float(plain) <= 80_000:
        return EXCEL_EPOCH + dt.timedelta(days=int(float(plain)))
    return None


def _chinese(year: str, month: str, day: str) -> dt.date | None:
    numbers = (_small(month), _small(day))
    if None in numbers:
        return None
    return _day(int("".join(DIGITS[char] for char in year)), numbers[0] or 0, numbers[1] or 0)


def _small(text: str) -> int | None:
    """Return a number up to 99 in Chinese: 三, 十二, 二十, 二十一, 廿五, 〇三."""
    text = text.replace("拾", "十").replace("廿", "二十").replace("卅", "三十").lstrip("零〇初")
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int(DIGITS[text]) if text in DIGITS else None
    if (tens and tens not in DIGITS) or (ones and ones not in DIGITS):
        return None
    return (int(DIGITS[tens]) if tens else 1) * 10 + (int(DIGITS[ones]) if ones else 0)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
