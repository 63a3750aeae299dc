"""英文合同: title, parties, dates and the test of being a contract for papers in English."""

import re
from collections.abc import Iterator

from qidang.reading.fields.dateforms import Day, days_in
from qidang.reading.fields.kinds import BUILD, CARRY, LEASE, OTHER, SALE, SERVE, TECH, WORK
from qidang.reading.fields.normal import Copy
from qidang.reading.fields.sheet import Party
from qidang.reading.fields.witness import Clue

HEAD_CHARS = 6000
TITLE_CHARS = 2500
TITLE_WORDS = re.compile(
    r"(?:[A-Z][A-Za-z&,'/()\-]*[ ]+){0,9}?(?:AGREEMENT|CONTRACT|LEASE|CONFIRMATION|Agreement|Contract|Lease|"
    r"Confirmation"
    r"|PURCHASE ORDER|Purchase Order|TERMS AND CONDITIONS OF SALE)(?: No\. ?\d+)?\b"
)
SHOUTED = re.compile(r"(?:[A-Z][A-Z&,'/()\-]*[ ]+){0,9}(?:AGREEMENT|CONTRACT|LEASE|CONFIRMATION|PURCHASE ORDER)\b")
BETWEEN = re.compile(r"\b(?:by and (?:between|among)|between|among|BETWEEN|BY AND BETWEEN|AMONG)\b[:,]?\s")
STOP = re.compile(r"WITNESSETH|RECITALS|WHEREAS|NOW,? THEREFORE|BACKGROUND|\n ?1\.|Recitals|Whereas")
ENTITY = (
    r"(?:Inc|INC|Corp|CORP|Corporation|CORPORATION|Ltd|LTD|Limited|LIMITED|LLC|L\.L\.C|LLP|LP|L\.P|Company|COMPANY|"
    r"Co|CO|"
    r"GmbH|GMBH|AG|S\.?A|S\.?A\.?R\.?L|B\.?V|N\.?V|PLC|plc|Plc|Pty|PTY|Bank|BANK|University|UNIVERSITY|Trust|TRUST|"
    r"Partnership|"
    r"PARTNERSHIP|Association|Foundation|Institute|Hospital|Kft|AB|Oy|A/S|SpA|S\.p\.A|K\.K|Holdings|HOLDINGS|Group|"
    r"GROUP)"
)
NAME = re.compile(
    rf"(?P<name>(?:[A-Z0-9][\w.&'\-]*|of|and|the|de|&|\([A-Z][\w ]{{1,20}}\))(?:,? (?:[A-Z0-9(][\w.&'\-)]*|of|and|"
    rf"the|for|de|&)){{0,9}}?"
    rf",? {ENTITY}\b\.?(?:,? (?:{ENTITY})\b\.?)?)(?![A-Za-z])"
)
ALIAS = re.compile(r"[^\"“”]{0,260}?\((?:[^()\"“]{0,60})[\"“](?P<alias>[A-Za-z][\w .,&'\-]{1,40}?)[,.]?[\"”]")
LED_IN = re.compile(
    r"(?:dated|made|entered into|executed|effective|signed|as of|this|is made|date of this agreement|date:)"
    r"[^.;\n]{0,60}$",
    re.I,
)
OTHERS_DATE = re.compile(
    r"amend|original|prior|existing|filed|expir|terminat|under the agreement|10-[KQ]|S-1|8-K|exhibit", re.I
)
SELLS = re.compile(r"^(?:Seller|Supplier|Vendor|Manufacturer|Licensor)$", re.I)
BUYS = re.compile(r"^(?:Buyer|Purchaser|Customer|Distributor|Reseller)$", re.I)
KINDS = (
    (SALE, r"sale|purchase|supply|distribut|reseller|franchise"),
    (LEASE, r"lease|rental|charter"),
    (TECH, r"licen[sc]e|technolog|development|software|patent|research"),
    (WORK, r"manufactur|processing"),
    (CARRY, r"transport|carriage|shipping|logistic|freight"),
    (BUILD, r"construction|engineering|building"),
    (
        SERVE,
        r"servic|consult|maintenance|outsourcing|agency|marketing|promotion|hosting|sponsorship|endorsement|management",
    ),
)
LETTERS, HAN = re.compile("[A-Za-z]+"), re.compile("[\u4e00-\u9fff]+")
SIGNS = (
    (3, re.compile(r"\b(?:agreement|contract|lease)\b", re.I)),
    (2, re.compile(r"by and (?:between|among)|\bbetween\b|\bamong\b", re.I)),
    (
        2,
        re.compile(
            r"hereby agree|agree as follows|agreed as follows|in consideration of|mutual covenants|hereinafter", re.I
        ),
    ),
    (1, re.compile(r"WHEREAS|WITNESSETH|NOW,? THEREFORE", re.I)),
    (1, re.compile(r"governed by|governing law|construed in accordance", re.I)),
    (1, re.compile(r"IN WITNESS WHEREOF|\bBy: ?_|/s/|counterparts", re.I)),
    (1, re.compile(r"\bthis (?:agreement|contract|lease)\b", re.I)),
)


def is_english(text: str) -> bool:
    """Tell whether a paper is in English: letters of the alphabet, hardly any Han."""
    sample = text[:20_000]
    letters, han = (sum(map(len, runs.findall(sample))) for runs in (LETTERS, HAN))
    return letters > 200 and letters > 20 * han


def english_score(text: str) -> int:
    """Return points for being a contract, on the scale of titles.contract_score."""
    head = text[:TITLE_CHARS]
    points = sum(weight for weight, pattern in SIGNS[1:] if pattern.search(text))
    return points + (3 if find_english_title(text) or SIGNS[0][1].search(head[:400]) else 0)


def find_english_title(text: str) -> Clue | None:
    """Return the title: capitals that end in AGREEMENT first, else capitalised words that do."""
    for pattern in (SHOUTED, TITLE_WORDS):
        for match in pattern.finditer(text, 0, TITLE_CHARS):
            title = match[0].strip()
            if 8 <= len(title) <= 90 and not title.lower().startswith(("this ", "the parties")):
                return Clue(title, match.start(), match.start() + len(title), 0.8, "title")
    return None


def english_type(title: str) -> tuple[str, float]:
    """Return the type by the words of the title."""
    for kind, words in KINDS:
        if re.search(words, title, re.I):
            return kind, 0.6
    return OTHER, 0.5


def find_english_parties(copy: Copy) -> list[Party]:
    """Return the parties named behind between or among, each with the side its alias tells."""
    text = copy.text[:HEAD_CHARS]
    match = BETWEEN.search(text)
    if not match:
        return []
    stop = STOP.search(text, match.end())
    end = min(len(text), match.end() + 1500, stop.start() if stop else len(text))
    parties: list[Party] = []
    for name, start in _names(text, match.end(), end):
        if any(name == party.name for party in parties) or len(parties) >= 6:
            continue
        alias = ALIAS.match(text, start + len(name), min(end + 80, len(text)))
        role = alias["alias"].strip() if alias else ""
        axes = {"ab"[len(parties)]} if len(parties) < 2 else {"outside"}
        axes |= {"seller"} if SELLS.match(role) else {"buyer"} if BUYS.match(role) else set()
        parties.append(Party(name, axes, [role] if role else [], Clue(name, start, start + len(name), 0.75, "between")))
    return parties


def _names(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """Yield capitalised names that end as companies do; a state or a parent behind a comma is none."""
    place = start
    while match := NAME.search(text, place, end):
        name = match["name"].strip(" ,")
        name = re.sub(r"^(?:and|the|of|by|between|among|AND|The) ", "", name)
        before = text[max(start, match.start() - 40) : match.start()]
        place = match.end()
        if re.search(r"(?:subsidiary|affiliate|division|parent|assignee|laws|name) of\s*(?:the )?$", before, re.I):
            continue
        if len(name) >= 5:
            yield name, match.end() - len(match["name"].rstrip(" ,")) + match["name"].rstrip(" ,").index(name)


def find_english_date(text: str) -> Clue | None:
    """Return the day of the agreement: the first in the head with a lead-in such as dated, made as of."""
    for day in days_in(text, 0, 3500):
        before = text[max(0, day.start - 90) : day.start]
        if LED_IN.search(before) and not OTHERS_DATE.search(before[-60:]):
            return Clue(day.iso, day.start, day.end, 0.8, "lead-in")
    return None


def find_english_effect(text: str) -> Clue | None:
    """Return the day that is defined as the Effective Date."""
    for day in days_in(text, 0, 4000):
        if _defines_effect(text, day):
            return Clue(day.iso, day.start, day.end, 0.8, "effective date")
    return None


def _defines_effect(text: str, day: Day) -> bool:
    after, before = text[day.end : day.end + 60], text[max(0, day.start - 50) : day.start]
    return bool(re.match(r"[ ,]{0,3}\((?:the )?[\"“]?Effective\s+Date", after, re.I)) or bool(
        re.search(r"effective (?:as of|date:?|on)[^.;]{0,12}$", before, re.I)
    )
