"""英文合同: title, type and the test of being a contract for papers in English."""

import re

from qidang.reading.fields.kinds import BUILD, CARRY, LEASE, OTHER, SALE, SERVE, TECH, WORK
from qidang.reading.fields.witness import Clue

TITLE_CHARS = 2500
TITLE_WORDS = re.compile(
    r"(?:[A-Z][A-Za-z&,'/()\-]*[ ]+){0,9}?(?:AGREEMENT|CONTRACT|LEASE|CONFIRMATION|Agreement|Contract|Lease|"
    r"Confirmation"
    r"|PURCHASE ORDER|Purchase Order|TERMS AND CONDITIONS OF SALE)(?: No\. ?\d+)?\b"
)
SHOUTED = re.compile(r"(?:[A-Z][A-Z&,'/()\-]*[ ]+){0,9}(?:AGREEMENT|CONTRACT|LEASE|CONFIRMATION|PURCHASE ORDER)\b")
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
NUMBER_CHARS = 3000
NUMBER = re.compile(
    r"\b(?:Contract|Agreement|S/C|Confirmation|P\.?O\.?|Purchase Order|Order|Lease)[ ]?(?:No\b\.?|Number|Nr\.?|#)"
    r"[ ]?[:#]?[ \t]{0,3}(?P<code>[A-Z0-9](?=[\w\-/.]*\d)[\w\-/.]{1,33}\w)",
    re.I,
)
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


def find_english_number(text: str) -> Clue | None:
    """Return the number that the paper gives to itself, from its head: Contract No.: HL-2024-118."""
    match = NUMBER.search(text, 0, NUMBER_CHARS)
    if match is None:
        return None
    return Clue(match["code"], match.start("code"), match.end("code"), 0.9, "label")


def english_type(title: str) -> tuple[str, float]:
    """Return the type by the words of the title."""
    for kind, words in KINDS:
        if re.search(words, title, re.I):
            return kind, 0.6
    return OTHER, 0.5
