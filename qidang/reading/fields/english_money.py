"""英文合同的金额: the whole price with its currency, in figures and in words, where a label or a sentence names it."""

import re
from collections.abc import Iterator
from decimal import Decimal

from qidang.reading.fields.moneyforms import plain_amount
from qidang.reading.fields.totals import Total
from qidang.reading.fields.witness import Clue, choose

NAMES = {
    "USD": r"US ?\$|U\.S\. ?\$|\$ ?US\b|USD|US[ -]?Dollars?|U\.S\. ?Dollars?|United States Dollars?|American Dollars?",
    "CNY": r"RMB ?¥?|CNY|¥|Renminbi(?: Yuan)?|Chinese Yuan|Yuan",
    "EUR": r"EUR|€|Euros?",
    "GBP": r"GBP|£|Pounds? Sterling|British Pounds?",
    "HKD": r"HKD|HK ?\$|Hong Kong Dollars?",
    "JPY": r"JPY|Japanese Yen|Yen",
    "SGD": r"SGD|S\$|Singapore Dollars?",
    "AUD": r"AUD|A\$|AU\$|Australian Dollars?",
    "CAD": r"CAD|C\$|CDN ?\$|Canadian Dollars?",
    "CHF": r"CHF|Swiss Francs?",
}
CODES = {code: re.compile(rf"(?:{names})\Z", re.I) for code, names in NAMES.items()}
NAMED = "|".join(NAMES.values())
FIGURE = r"(?P<figure>\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,2})?|\d{1,15}(?:\.\d{1,2})?)(?![\d%])(?:\.-|/-|-)?"
MONEY = re.compile(
    rf"(?:(?P<before>{NAMED}|\$)[ :]{{0,2}}{FIGURE}(?:[ ]?(?P<scale>million|billion)\b)?(?:[ ](?P<after>{NAMED})\b)?)"
    rf"|(?P<bare>(?<![\d.,/\-A-Za-z]){FIGURE.replace('figure', 'number')}(?:[ ](?P<scale2>million|billion))?"
    rf"[ ](?P<unit>{NAMED})\b)",
    re.I,
)
TOTAL = re.compile(
    r"\b(?P<whole>(?:(?:grand|sub)?[ ]?total|aggregate|entire|contract)[ ]+(?:(?:contract|purchase|order|sales?|"
    r"service|project|net|license|licence)[ ]+){0,2}(?:price|amount|value|sum|consideration|fees?|cost|rent)|"
    r"contract sum|purchase price|GRAND TOTAL|TOTAL(?=[ :\t]))\b",
    re.I,
)
REACH = 100  # characters of its sentence in which the amount of a label stands
NEVER = re.compile(
    r"\bper\b|\beach\b|not (?:to )?exceed|exceed|liab|insur|damages|penalt|deposit|down payment|instal+ment|minimum|"
    r"maximum|threshold|cap\b|expected|estimate|approximate|annual|yearly|calendar|advanced|option|refund|portion|"
    r"percent|unit|sub-?total|monthly|hour|royalt|capital|par value|shares?\b|unpaid|non-paid",
    re.I,
)
ENDED = re.compile(r"[;\n]|\.(?=[ ]+[A-Z])")
LED_UP = re.compile(
    r"(?:\b(?:of|is|are|be|for|at|to|as|follows|sum)|[:(\t=]|amount|price|value|total)[ \t(:]{0,6}$", re.I
)
PER_UNIT = re.compile(r"[ ]?(?:/|per\b|each\b|a (?:month|year|week)\b|for each\b|monthly)", re.I)
IN_WORDS = re.compile(
    r"\b(?:SAY|Say|in words?)\b[ :\t]{0,3}(?P<words>[A-Za-z][A-Za-z .,&\-]{8,160}?(?:ONLY|only|Only)\b)"
)
PAID_IN = re.compile(
    rf"(?:pa(?:id|yable|yments?)|prices?|amounts?|invoiced?|currency)\b[^.;\n]{{0,60}}?\b(?:in|is|are|be|:)[ ]{{0,2}}"
    rf"(?:the )?(?:lawful )?(?P<currency>{NAMED})\b",
    re.I,
)


def find_english_total(text: str) -> Total:
    """Return the whole price that a label or a sentence names; none where only rates, parts and limits are named."""
    found = list(_totals(text))
    best = choose([clue for clue, _ in found], lambda amount: amount)
    total = Total(best)
    if best is not None:
        sign = next(sign for clue, sign in found if clue.start == best.start)
        total.currency = _currency(text, sign)
    said = IN_WORDS.search(text)
    if said and best is not None:
        words = " ".join(said["words"].split())
        total.words = Clue(words, said.start("words"), said.end("words"), 0.8, "say")
    return total


def find_english_currency(text: str) -> Clue | None:
    """Return the currency in which it is to be paid, where no whole price is named."""
    match = PAID_IN.search(text)
    if match is None:
        return None
    return Clue(_code(match["currency"]), match.start("currency"), match.end("currency"), 0.7, "paid in")


def _totals(text: str) -> Iterator[tuple[Clue, str]]:
    """Yield (amount, its sign or name of a currency) for each whole price."""
    for label in TOTAL.finditer(text):
        money = MONEY.search(text, label.end(), min(len(text), label.end() + REACH + 40))
        if money is None or money.start() > label.end() + REACH or _is_refused(text, label, money):
            continue
        value = _value(money)
        if value <= 0:
            continue
        is_whole = re.search(r"total|aggregate|contract", label[0], re.I)
        yield (
            Clue(plain_amount(value), money.start(), money.end(), 0.9 if is_whole else 0.8, "label"),
            money["after"] or money["before"] or money["unit"],
        )


def _is_refused(text: str, label: re.Match[str], money: re.Match[str]) -> bool:
    """Tell whether the sentence ends before the amount, or speaks of a part, a rate, a limit or a guess."""
    before = re.split(r"[.;\n\t]", text[max(0, label.start() - 60) : label.start()])[-1]
    between, after = text[label.start() : money.start()], text[money.end() : money.end() + 20]
    if ENDED.search(between) or not LED_UP.search(between):
        return True
    return bool(NEVER.search(before) or NEVER.search(between) or PER_UNIT.match(after))


def _value(money: re.Match[str]) -> Decimal:
    number = Decimal((money["figure"] or money["number"]).replace(",", ""))
    scale = (money["scale"] or money["scale2"] or "").lower()
    return number * {"million": 10**6, "billion": 10**9}.get(scale, 1)


def _code(sign: str) -> str:
    """Return the ISO code of a sign or name; the bare dollar is taken for the American one."""
    return next((code for code, names in CODES.items() if names.match(sign.strip())), "USD")


def _currency(text: str, sign: str) -> str:
    """Return the code; a bare dollar is whichever dollar the paper says its amounts are in."""
    if sign.strip() != "$":
        return _code(sign)
    told = PAID_IN.search(text)
    code = _code(told["currency"]) if told else "USD"
    return code if code in ("USD", "HKD", "SGD", "AUD", "CAD") else "USD"
