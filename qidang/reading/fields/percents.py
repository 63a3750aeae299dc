"""百分比: shares of a whole, 30% or 百分之三十 or 三成."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from qidang.reading.fields.dateforms import han_number

SHARE = re.compile(
    r"百分之(?P<han>[零〇一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾\d.]{1,6})(?:[(\[ ]{0,2}\d{1,3}(?:\.\d+)? ?%"
    r"[)\] ]?)?"
    r"|(?<![\d.])(?P<figure>\d{1,3}(?:\.\d{1,2})?) ?%|(?<![\u4e00-\u9fff])(?P<tenths>[一二三四五六七八九])成(?!"
    r"[本员功立交熟为果品型就])|(?P<half>半数|一半|50 ?%)"
)


@dataclass(slots=True)
class Share:
    """A share in percent at ``start`` to ``end``."""

    value: Decimal
    start: int
    end: int


def shares_in(text: str, start: int = 0, end: int | None = None) -> Iterator[Share]:
    """Yield the shares of ``text[start:end]`` in percent; 百分之三十（30%） is one."""
    for match in SHARE.finditer(text, start, len(text) if end is None else end):
        value = _value(match)
        if value is not None:
            yield Share(value, match.start(), match.end())


def _value(match: re.Match[str]) -> Decimal | None:
    if match["figure"]:
        return Decimal(match["figure"])
    if match["tenths"]:
        return Decimal("一二三四五六七八九".index(match["tenths"]) + 1) * 10
    if match["half"]:
        return Decimal(50)
    han = match["han"]
    if re.fullmatch(r"\d+(?:\.\d+)?", han):
        return Decimal(han)
    if han in ("百", "一百", "壹百", "壹佰"):
        return Decimal(100)
    number = han_number(han)
    return None if number is None else Decimal(number)


def share_at(text: str, start: int, end: int) -> Share | None:
    """Return the first share of ``text[start:end]``."""
    return next(shares_in(text, start, end), None)
