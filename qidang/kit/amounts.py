"""金额: between figures and the capital words of cheques and contracts (大写). Knows no Django; everything is exact.

The words follow 支付结算办法 附一 (正确填写票据和结算凭证的基本规定): 零壹贰叁肆伍陆柒捌玖, 拾佰仟万亿, 元角分, 整.
"""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
VALUES = {
    char: value
    for value, chars in enumerate(
        ("零〇○Oo", "壹一弌幺", "贰二贰貳两", "叁三參叄", "肆四", "伍五", "陆六陸", "柒七", "捌八", "玖九")
    )
    for char in chars
}
UNITS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
BIG = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
TWENTY = {"廿": 20, "卅": 30, "卌": 40}
SCALES = {"": 1, "元": 1, "千元": 1000, "万": 10**4, "万元": 10**4, "百万元": 10**6, "亿": 10**8, "亿元": 10**8}
_FIGURES = re.compile(
    r"(-?)(?:(?:RMB|CNY|人民币|USD|EUR|HKD|US\$|HK\$|[¥$€£￥])\s*)?(-?)([\d,]*\.?\d+)(百万元|千元|万元|亿元|万|亿|元)?(整)?"
)
_YUAN = re.compile(r"[元圆圓]")


def in_words(amount: Decimal) -> str:
    """Return the amount in capital words: 1234.50 → 壹仟贰佰叁拾肆元伍角整.

    Raise ValueError for more than two places or 10¹⁶ and above.
    """
    cents = amount.scaleb(2)
    if cents != cents.to_integral_value() or abs(amount) >= Decimal(10) ** 16:
        raise ValueError(f"{amount} cannot be written in words")
    whole, rest = divmod(abs(int(cents)), 100)
    jiao, fen = divmod(rest, 10)
    words = f"{_whole(whole)}元" if whole or not rest else ""
    if jiao:
        words += f"{'零' if whole and whole % 10 == 0 else ''}{DIGITS[jiao]}角"
    elif fen and whole:
        words += "零"
    words += f"{DIGITS[fen]}分" if fen else "整"
    return ("负" if amount < 0 else "") + words


def _whole(number: int) -> str:
    """Return a whole number in words: what stands before 亿, before 万 and behind, runs of zeros as one 零."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _whole(high) + unit + (gap + _whole(low) if low else "")
    return _four(number) or DIGITS[0]


def _four(number: int) -> str:
    words, is_zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if is_zero and words else "") + DIGITS[digit] + PLACES[place]
            is_zero = False
        else:
            is_zero = True
    return words


def from_words(text: str) -> Decimal | None:
    """Return the amount that capital or plain Chinese words say, None where they are no amount.

    Reads 元/圆, 角, 分, 整/正, 零 anywhere, 廿, a leading 人民币 and (大写)：.
    """
    plain = re.sub(r"[\s:：()（）]|人民币|大写|合计|美元|[整正]$", "", unicodedata.normalize("NFKC", text))
    plain = plain.rstrip("整正")
    sign = -1 if plain.startswith("负") else 1
    plain = plain.removeprefix("负")
    if not plain:
        return None
    head, *tail = _YUAN.split(plain, maxsplit=1)
    whole, rest = (head, tail[0]) if tail else (("", head) if re.search("[角分]", head) else (head, ""))
    number = _number(whole) if whole else 0
    cents = _cents(rest)
    if number is None or cents is None or not (whole or rest):
        return None
    return sign * (Decimal(number) + Decimal(cents).scaleb(-2))


def _cents(text: str) -> int | None:
    """Return the 角 and 分 of ``text`` in cents."""
    matched = re.fullmatch(r"零?(?:(.)角)?零?(?:(.)分)?", text)
    if matched is None:
        return None
    digits = [VALUES.get(one) if one else 0 for one in matched.groups()]
    return None if None in digits else (digits[0] or 0) * 10 + (digits[1] or 0)


def _number(text: str) -> int | None:
    """Return the whole number that ``text`` says: 壹仟零贰拾万 → 10200000; 一二三 is no number here."""
    total = section = digit = 0
    was_digit = False
    for char in text:
        if char in VALUES:
            value = VALUES[char]
            if was_digit and digit:
                return None
            digit, was_digit = value, True
        elif char in UNITS:
            section += (digit or (1 if not was_digit else 0)) * UNITS[char]
            digit, was_digit = 0, False
        elif char in BIG and (total or section or digit):
            total = (
                (total + section + digit) * BIG[char] if BIG[char] == 10**8 else total + (section + digit) * BIG[char]
            )
            section = digit = 0
            was_digit = False
        elif char in TWENTY:
            section, was_digit = section + TWENTY[char], False
        else:
            return None
    return total + section + digit


def parse_amount(text: str) -> Decimal | None:
    """Return the amount that a person wrote: ``1,234.50``, ``￥12.5万元``, full-width digits, capital words."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("，", ",").replace(" ", "")
    matched = _FIGURES.fullmatch(plain)
    if matched is None:
        return from_words(plain) if plain else None
    try:
        number = Decimal(matched[3].replace(",", "")) * SCALES[matched[4] or ""]
    except InvalidOperation:
        return None
    return -number if matched[1] or matched[2] else number
