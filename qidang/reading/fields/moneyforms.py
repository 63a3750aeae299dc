"""金额: the ways in which contracts write money, in figures and in words, and in which currency."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

WORD_DIGITS = {
    c: n
    for n, chars in enumerate(
        ("零〇", "壹一", "贰貳弍二两", "叁叄參三", "肆四", "伍五", "陆陸六", "柒七", "捌八", "玖九")
    )
    for c in chars
}
WORD_UNITS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
CURRENCIES = {
    "CNY": "人民币 RMB CNY ¥",
    "USD": "美元 美金 USD US$ U.S.D U.S.$ $",
    "EUR": "欧元 EUR €",
    "HKD": "港元 港币 HKD HK$",
    "JPY": "日元 日圆 JPY",
    "GBP": "英镑 GBP £",
    "SGD": "新加坡元 SGD",
    "AUD": "澳元 AUD",
    "CAD": "加元 CAD",
    "CHF": "瑞士法郎 CHF",
}
CURRENCY_WORDS = {word: code for code, names in CURRENCIES.items() for word in names.split()}
FOREIGN = (
    r"美元|美金|欧元|港元|港币|日元|日圆|英镑|新加坡元|澳元|加元|瑞士法郎|U\. ?S\. ?D\.?|USD|EUR|HKD|JPY|GBP|SGD|AUD|"
    r"CAD|"
    r"CHF"
)
BEFORE = rf"(?:(?P<before>人民币|RMB|CNY|¥|{FOREIGN}|US ?\$|U\.S\.\$|HK\$|\$|€|£) ?|(?<![\d.,A-Za-z\-/]))"
FIGURE = (
    r"(?P<figure>\d{1,3}(?:,\d{3}){1,6}+(?:\.\d{1,6})?+|\d{1,3}(?: \d{3}){1,5}+(?:\.\d{1,2})?+(?!\d)|\d{1,18}+"
    r"(?:\.\d{1,6})?+)"
)
MONEY = re.compile(
    rf"{BEFORE}{FIGURE}(?![\d%‰])(?:\.-)?-? ?(?P<scale>百万|千万|万亿|万|亿)?(?P<unit>元|圆|圓|{FOREIGN}|RMB|CNY)?"
)
WORDS = re.compile(
    r"(?:[零〇壹贰貳弍叁叄參肆伍陆陸柒捌玖一二两三四五六七八九][ ]?"
    r"[零〇壹贰貳弍叁叄參肆伍陆陸柒捌玖拾佰仟万萬亿億一二两三四五六七八九十百千 ]{0,40}|[拾十]"
    r"[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿]{0,12})"
    rf"(?P<unit>元|圆|圓|{FOREIGN})(?:[零〇壹贰貳弍叁叄參肆伍陆陸柒捌玖一二三四五六七八九 ]{{1,4}}[角分]){{0,2}}[ ]?"
    rf"[整正]?"
)
FORMAL = re.compile(r"[壹贰貳弍叁叄參肆伍陆陸柒捌玖拾佰仟萬]")


@dataclass(slots=True)
class Sum:
    """An amount as written at ``start`` to ``end``: its value and, where it is marked, its currency."""

    value: Decimal
    start: int
    end: int
    currency: str = ""
    has_mark: bool = False  # a currency sign or 元 says that it is money
    words: str = ""


def words_value(text: str) -> Decimal | None:
    """Read 壹佰贰拾叁万肆仟伍佰元整 or 贰万美元; None where it is no amount."""
    text = re.sub(r"[\s]|人民币|[整正]$|[()]", "", text)
    text = re.sub(FOREIGN, "元", text).replace("萬", "万").replace("億", "亿").replace("圆", "元").replace("圓", "元")
    match = re.fullmatch(r"(?:([^元角分]+)元)?(?:零?([^零元角分])角)?(?:零?([^零元角分])分)?", text)
    if not match or not text:
        return None
    whole = _integer(match[1]) if match[1] else 0
    cents = [WORD_DIGITS.get(part, -1) if part else 0 for part in (match[2], match[3])]
    if whole is None or min(cents) < 0:
        return None
    return Decimal(whole) + Decimal(cents[0]) / 10 + Decimal(cents[1]) / 100


def _integer(text: str) -> int | None:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in text:
            left, right = text.rsplit(unit, 1)
            high, low = _integer(left) if left else None, _integer(right) if right else 0
            return None if high is None or low is None else high * size + low
    total = digit = 0
    for char in text:
        if char in WORD_DIGITS:
            digit = WORD_DIGITS[char]
        elif char in WORD_UNITS:
            total += (digit or 1) * WORD_UNITS[char]
            digit = 0
        else:
            return None
    return total + digit


def sums_in(text: str, start: int = 0, end: int | None = None) -> Iterator[Sum]:
    """Yield the amounts written in figures in ``text[start:end]``."""
    for match in MONEY.finditer(text, start, len(text) if end is None else end):
        value = Decimal(match["figure"].replace(",", "").replace(" ", ""))
        scale = {"万": 10**4, "亿": 10**8, "百万": 10**6, "千万": 10**7, "万亿": 10**12}.get(match["scale"] or "", 1)
        if match["scale"] and not (match["unit"] or match["before"]):
            continue
        currency = currency_of(match["before"] or "") or currency_of(match["unit"] or "")
        marked = bool(match["before"] or match["unit"])
        yield Sum(value * scale, match.start(), match.end(), currency, marked)


def words_in(text: str, start: int = 0, end: int | None = None) -> Iterator[Sum]:
    """Yield the amounts written in words in ``text[start:end]``."""
    for match in WORDS.finditer(text, start, len(text) if end is None else end):
        value = words_value(match[0])
        if value is not None and value > 0:
            yield Sum(value, match.start(), match.end(), currency_of(match["unit"]), True, match[0])


def currency_of(text: str) -> str:
    """Return the ISO code of a currency's sign or name, "" where it says none (元 alone is any of them)."""
    bare = text.replace(" ", "").rstrip(".")
    return CURRENCY_WORDS.get(bare, CURRENCY_WORDS.get(bare.upper(), ""))


def plain_amount(value: Decimal) -> str:
    """Return an amount in normal form: two places."""
    return str(value.quantize(Decimal("0.01")))
