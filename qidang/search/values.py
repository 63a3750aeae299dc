"""取值: amounts and dates as people write them in a query, read into inclusive ranges."""

import calendar
import datetime
import re
from dataclasses import dataclass
from decimal import Decimal

from qidang.kit.amounts import parse_amount
from qidang.kit.dates import parse_date
from qidang.kit.refusal import Refused

_COMPARISON = re.compile(r"(>=|<=|≥|≤|>|<|=)?(.*)", re.DOTALL)
_RANGE = re.compile(r"\.{2,3}|…+|~|～|至|到")
_UNIT = re.compile(r"(万亿|亿|万|千)\s*元?$")
_WIDE = str.maketrans("＞＜＝", "><=")
_YEAR = re.compile(r"(\d{4})年?")
_MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?")
_LEAST_CENT, _DAY = Decimal("0.01"), datetime.timedelta(days=1)


@dataclass(frozen=True)
class Span[T]:
    """From ``least`` to ``most``, both included; None is open."""

    least: T | None = None
    most: T | None = None


def amounts(value: str, place: int) -> Span[Decimal]:
    """Read ``>100000``, ``1万..50万``, ``1..50万`` (the unit goes for both), ``5000`` (exactly)."""
    low, sign, high = _halves(value)
    unit = _UNIT.search(high)
    if low and unit and not _UNIT.search(low):
        low += unit[1]
    if sign == "..":
        return Span(_amount(low, value, place), _amount(high, value, place))
    found = _amount(high, value, place)
    if found is None:
        raise Refused("search.amount", value=value, position=place)
    return {
        ">": Span(found + _LEAST_CENT, None),
        ">=": Span(found, None),
        "<": Span(None, found - _LEAST_CENT),
        "<=": Span(None, found),
    }.get(sign, Span(found, found))


def days(value: str, place: int, today: datetime.date) -> Span[datetime.date]:
    """Read ``2024``, ``2024-03``, ``2024-03-05``, ``2024..2025``, ``>2024-06``, 今年, 去年, 本月, 上月, 今天+30."""
    low, sign, high = _halves(value)
    if sign == "..":
        first, last = _period(low, value, place, today), _period(high, value, place, today)
        return Span(first.least, last.most)
    found = _period(high, value, place, today)
    if found.least is None or found.most is None:
        raise Refused("search.date", value=value, position=place)
    return {
        ">": Span(found.most + _DAY, None),
        ">=": Span(found.least, None),
        "<": Span(None, found.least - _DAY),
        "<=": Span(None, found.most),
    }.get(sign, found)


def _halves(value: str) -> tuple[str, str, str]:
    """Return (low, sign, high); a range has the sign ``..``, a single value an empty low."""
    plain = value.translate(_WIDE).strip()
    parts = _RANGE.split(plain)
    if len(parts) == 2 and any(part.strip() for part in parts):
        return parts[0].strip(), "..", parts[1].strip()
    matched = _COMPARISON.fullmatch(plain)
    sign = (matched[1] or "") if matched else ""
    return "", sign.replace("≥", ">=").replace("≤", "<="), plain.removeprefix(sign).strip()


def _amount(text: str, value: str, place: int) -> Decimal | None:
    if not text:
        return None
    found = parse_amount(text)
    if found is None or abs(found) >= Decimal(10) ** 15:
        raise Refused("search.amount", value=value, position=place)
    return found


def _period(text: str, value: str, place: int, today: datetime.date) -> Span[datetime.date]:
    """Read one year, month or day as the span of its days; empty text is open on both sides."""
    if not text:
        return Span()
    try:
        named = _named(text, today)
        if named:
            return named
        if year := _YEAR.fullmatch(text):
            return _year(int(year[1]))
        if month := _MONTH.fullmatch(text):
            return _month(int(month[1]), int(month[2]))
    except ValueError as error:
        raise Refused("search.date", value=value, position=place) from error
    day = parse_date(text, today)
    if day is None:
        raise Refused("search.date", value=value, position=place)
    return Span(day, day)


def _named(text: str, today: datetime.date) -> Span[datetime.date] | None:
    before = today.replace(day=1) - _DAY
    after = today.replace(day=28) + 4 * _DAY
    return {
        "今年": lambda: _year(today.year),
        "去年": lambda: _year(today.year - 1),
        "明年": lambda: _year(today.year + 1),
        "本月": lambda: _month(today.year, today.month),
        "上月": lambda: _month(before.year, before.month),
        "下月": lambda: _month(after.year, after.month),
    }.get(text, lambda: None)()


def _year(year: int) -> Span[datetime.date]:
    return Span(datetime.date(year, 1, 1), datetime.date(year, 12, 31))


def _month(year: int, month: int) -> Span[datetime.date]:
    last = calendar.monthrange(year, month)[1]
    return Span(datetime.date(year, month, 1), datetime.date(year, month, last))
