"""英文合同的日期: the day of the agreement, of its effect and of its end, and how long it lasts."""

import datetime as dt
import re
from collections.abc import Iterator

from qidang.reading.fields.dateforms import Day, days_in
from qidang.reading.fields.vocabulary import words
from qidang.reading.fields.witness import Clue

HEAD_CHARS = 4000
TAIL_CHARS = 6000
LED_IN = re.compile(
    r"(?:dated|made|entered into|executed|effective|signed|as of|this|is made|date of this agreement|date:)"
    r"[^.;\n]{0,60}$",
    re.I,
)
OTHERS_DATE = re.compile(
    r"amended|amending|original|prior|existing|filed|expir|terminat|until|through|10-[KQ]|S-1|8-K|exhibit", re.I
)
OTHER_PAPER = re.compile(
    r"(?:\b(?:that|an?|certain|such|each|the)|pursuant to|under) (?:[A-Z][\w&'-]*[ ,]{1,2}){1,9}"
    r"(?:\([^()]{0,60}\)[ ,]{0,2})?(?:is |was )?(?:dated|made|entered into|effective|executed)[^.;]{0,30}$|"
    r"\bthat certain [^.;]{0,90}$"
)
ONLY_EFFECT = re.compile(r"effective (?:as of |on |date:? ?)?(?:the )?$", re.I)
MADE = re.compile(r"(?:dated|made|entered into|executed|signed)[^.;\n]{0,60}$", re.I)
BEGINS = re.compile(
    r"(?:\bterm|agreement|contract|venture|lease|start)\b[^.;]{0,90}?\b(?:begin(?:s|ning)?|commenc(?:es?|ing)|starts?|starting)"
    r"(?:,| on| as of| from| with)?[ \t\n]{1,8}$",
    re.I,
)
LAST_TO_SIGN = re.compile(
    r"effective date[^.;]{0,90}\b(?:later of|last (?:party|signature|date|of)|last to sign|date of (?:the )?last)", re.I
)
DEFINED = re.compile(
    r"[\s,]{0,3}(?:the )?\((?:the |this |hereinafter[^\"“()]{0,20})?[\"“]?\s?(?:the )?"
    r"(?:Effective\s?Date|Commencement Date)",
    re.I,
)
EFFECT_IS = re.compile(
    r"(?:effective (?:as of|date:?|on|from)|effective date[^.;]{0,40}(?:is|means|shall be|be)|"
    r"come[s]? into (?:force|effect) (?:on|as of)|commenc(?:e|es|ing) (?:on|as of)|takes? effect (?:on|from))"
    r"[^.;\d]{0,14}$",
    re.I,
)
AS_WRITTEN = re.compile(
    r"(?:effective|in(?:to)? force|effect|commenc\w+|begin\w*)\b[^.;]{0,100}?\b(?:(?:date|day and year|day) (?:first |"
    r"set forth |hereinabove |above|of (?:this agreement|(?:its |the )?(?:signing|execution|signature))|hereof|"
    r"last (?:signed|executed))|(?:up)?on (?:the |its )?(?:signing|execution|signature|signing date)|date first)|"
    r"\bdate[^.;]{0,40}? above[^.;]{0,30}?\beffective",
    re.I,
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
ENGLISH_DAY = re.compile(
    rf"(?<!\d)\(?(?P<d1>[0-3]?\d) ?(?:st|nd|rd|th|t h|s t|n d|r d)?\)?(?: +day)?(?: +of)?,?[ \t\n]+"
    rf"(?P<m1>{MONTH})\.? ?,?[ \t\n]+(?P<y1>(?:19|20)\d\d)|"
    rf"\b(?P<m2>{MONTH})\.?[ \t\n]+(?P<d2>[0-3]?\d)(?:st|nd|rd|th)? ?,?[ \t\n]?(?P<y2>(?:19|20)\d\d)",
    re.I,
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
MONTHS = {name: n for n, name in enumerate(words("jan feb mar apr may jun jul aug sep oct nov dec"), 1)}
SLASHED = re.compile(r"(?<![\d/])(?P<a>[01]?\d|[0-3]?\d)/(?P<b>[0-3]?\d)/(?P<y>(?:19|20)?\d{2})(?![\d/])")
UNTIL = re.compile(
    r"(?:expir(?:e|es|ing|ation date[^.;]{0,20}(?:is|be|:))|terminat(?:e|es|ing)|end(?:s|ing)?|continu(?:e|es|ing)|"
    r"remain|effect|through|period|term)\b[^.;]{0,120}?"
    r"\b(?:on|until|through|to|of|at midnight on|ending)[ :]{1,2}(?:and including )?$",
    re.I,
)
FIRST = words("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen")
NUMBERS = {word: n for n, word in enumerate(FIRST, 1)}
NUMBERS |= {
    "eighteen": 18,
    "twenty": 20,
    "twenty-four": 24,
    "twenty-five": 25,
    "thirty": 30,
    "thirty-six": 36,
    "sixty": 60,
}
WORDED = "|".join(sorted(NUMBERS, key=len, reverse=True))
SPAN = re.compile(
    rf"\b(?:(?P<word>{WORDED})(?:[ -]?\(?(?P<in>\d{{1,3}})\)?)?|(?P<digits>\d{{1,3}})|(?P<after>\(\d{{1,3}}\)))"
    r"[ -]{0,2}\(?\d{0,3}\)?[ -]{0,2}(?P<unit>year|month|week|day)s?\b",
    re.I,
)
TERM_CLUE = re.compile(
    r"\b(?:initial term|term of (?:this|the) agreement|term|period of|for a period|force and effect)\b", re.I
)
NOT_TERM = re.compile(
    r"renew|extend|notice|after (?:the )?(?:expir|terminat)|thereafter|prior to|within|warrant|surviv|"
    r"confiden|payment|invoice|late|non-?compet|audit|record|cure|breach|default",
    re.I,
)
CLOSING = re.compile(
    r"(?:in witness|executed|signed|duly)[^;]{0,150}?\b(?:as of|on|this|the)(?: this| the)? {0,2}$", re.I
)
BESIDE_PLACE = re.compile(r"(?:^|\n)[A-Z][A-Za-z/ \-]{2,30}, ?$")
BESIDE_NAME = re.compile(r"(?:^|[\n\t ])(?:Date|Dated)(?: signed)?:{1,2} {0,3}[\n\t]?$", re.I)
NO_END = re.compile(
    r"fiscal|quarter|payment|paid|report|royalt|audit|lease|option|invoice|annual meeting|deliver", re.I
)
UNITS = {"year": "年", "month": "月", "week": "周", "day": "日"}


def find_english_date(text: str) -> Clue | None:
    """Return the day of the agreement: the first in the head with a lead-in such as dated, made as of."""
    effect: Clue | None = None
    for day in _days(text, 0, min(HEAD_CHARS, _end_of_clauses(text))):
        before = text[max(0, day.start - 90) : day.start]
        if not LED_IN.search(before) or OTHERS_DATE.search(before[-28:]) or OTHER_PAPER.search(before):
            continue
        clue = Clue(day.iso, day.start, day.end, 0.8, "lead-in")
        if not ONLY_EFFECT.search(before) or MADE.search(before):
            return clue
        effect = effect or clue
    return effect or _signed(text)


def _end_of_clauses(text: str) -> int:
    """Return where the signatures begin: at the last closing formula, which a short paper has in its head."""
    closing = text.lower().rfind("in witness")
    return closing if closing > 0 else len(text)


def _signed(text: str) -> Clue | None:
    """Return the day of the closing formula, or the last that a signer wrote, where the head names none."""
    tail = max(min(HEAD_CHARS, _end_of_clauses(text)), len(text) - TAIL_CHARS)
    for day in _days(text, tail, len(text)):
        start = max(0, day.start - 160)
        if CLOSING.search(text, start, day.start) or BESIDE_PLACE.search(text, start, day.start):
            return Clue(day.iso, day.start, day.end, 0.6, "closing")
    last = max(_beside_names(text, tail), key=lambda day: day.iso, default=None)
    return Clue(last.iso, last.start, last.end, 0.5, "signature") if last else None


def _beside_names(text: str, tail: int) -> list[Day]:
    """Return the days that signers wrote beside their names: Date: 5/11/2016."""
    return [day for day in _days(text, tail, len(text)) if BESIDE_NAME.search(text, max(0, day.start - 40), day.start)]


def _days(text: str, start: int, end: int) -> list[Day]:
    """Return the days there in order; ``6/21/99`` is the month first, as Americans write, unless it cannot be."""
    end = min(end, len(text))
    found = {day.start: day for day in days_in(text, start, end)}
    for match in ENGLISH_DAY.finditer(text, start, end):
        which = "1" if match["m1"] else "2"
        month = MONTHS[match["m" + which][:3].lower()]
        _add(found, match, int(match["y" + which]), month, int(match["d" + which]))
    for match in SLASHED.finditer(text, start, end):
        a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
        year += 0 if year > 99 else 2000 if year < 50 else 1900
        _add(found, match, year, *((a, b) if a <= 12 else (b, a)))
    return sorted(found.values(), key=lambda one: one.start)


def _add(found: dict[int, Day], match: re.Match[str], year: int, month: int, day: int) -> None:
    try:
        found[match.start()] = Day(dt.date(year, month, day).isoformat(), match.start(), match.end())
    except ValueError:
        return


def _days_by_year(text: str) -> Iterator[Day]:
    """Yield the days of a whole text, looked for only where a year stands: texts run to hundreds of pages."""
    place = 0
    for year in YEAR.finditer(text):
        for day in _days(text, max(place, year.start() - 34), year.end()):
            place = day.end
            yield day


def find_english_effect(text: str, agreed: Clue | None) -> Clue | None:
    """Return the day that is defined as the Effective Date, or on which the agreement says it comes into force.

    Where it is in force from the date first written above, that is the day of the agreement; from the last signature,
    that is the last day beside a name.
    """
    for day in _days(text, 0, 12_000):
        after, before = text[day.end : day.end + 60], text[max(0, day.start - 70) : day.start]
        is_said = EFFECT_IS.search(before) and not OTHERS_DATE.search(before[-45:])
        if DEFINED.match(after) or is_said:
            return Clue(day.iso, day.start, day.end, 0.8, "effective date")
    begins = _term_begins(text)
    if begins is None and agreed is not None and AS_WRITTEN.search(text):
        return Clue(agreed.value, agreed.start, agreed.end, 0.6, "as written", is_derived=True)
    return begins or _last_signature(text)


def _term_begins(text: str) -> Clue | None:
    """Return the day on which the term begins: the term shall commence on January 1, 1996."""
    for day in _days_by_year(text):
        if BEGINS.search(text, max(0, day.start - 130), day.start):
            return Clue(day.iso, day.start, day.end, 0.65, "term begins")
    return None


def _last_signature(text: str) -> Clue | None:
    """Return the latest day beside a name where the last signature brings the agreement into force."""
    if not LAST_TO_SIGN.search(text):
        return None
    last = max(_beside_names(text, 0), key=lambda day: day.iso, default=None)
    return Clue(last.iso, last.start, last.end, 0.6, "last signature", is_derived=True) if last else None


def find_english_term(text: str) -> Clue | None:
    """Return how long the agreement lasts: {n, unit, anchor}, from a sentence about its term."""
    for clue in TERM_CLUE.finditer(text):
        end = _sentence_end(text, clue.start())
        match = SPAN.search(text, clue.end(), min(end, clue.end() + 220))
        before = re.split(r"[.;](?=\s)|\n", text[max(0, clue.start() - 60) : clue.start()])[-1]
        if match is None or NOT_TERM.search(before + text[clue.start() : match.start()]):
            continue
        number = _number(match)
        unit = match["unit"].lower()
        if number and unit != "day" and (unit != "week" or number > 4):
            return Clue({"n": number, "unit": UNITS[unit], "anchor": None}, match.start(), match.end(), 0.7, "term")
    return None


def _number(match: re.Match[str]) -> int:
    given = match["in"] or match["digits"] or (match["after"] or "").strip("()")
    return int(given) if given else NUMBERS[match["word"].lower()]


def _sentence_end(text: str, start: int) -> int:
    match = re.compile(r"[.;](?=[ \n\t]+[A-Z(]|\n)|\n\n").search(text, start, start + 500)
    return match.end() if match else min(len(text), start + 500)


def find_english_end(text: str, start: Clue | None) -> Clue | None:
    """Return the last day where it is printed in a sentence about the term, behind the first one."""
    for day in _days_by_year(text):
        before = re.split(r"[.;](?=[ \n\t]+[A-Z(])", text[max(0, day.start - 200) : day.start])[-1]
        if not UNTIL.search(before) or NO_END.search(before) or (start and day.iso <= str(start.value)):
            continue
        if re.search(
            r"\b(?:this|the) (?:agreement|contract|lease)|\bterm\b|in (?:full )?(?:force|effect)", before, re.I
        ):
            return Clue(day.iso, day.start, day.end, 0.75, "until")
    return None
