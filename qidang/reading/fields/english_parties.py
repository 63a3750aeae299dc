"""英文合同的双方: the names behind between, under Parties, and behind labels such as Party A and The Seller."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qidang.reading.fields.sheet import Party
from qidang.reading.fields.vocabulary import words
from qidang.reading.fields.witness import Clue

HEAD_CHARS = 8000
REACH = 1800  # characters behind an anchor in which the parties stand
TAIL_CHARS = 6000
MOST = 12
ANCHOR = re.compile(
    r"\b(?:by and (?:between|among)|between|among(?:st)?|b e t w e e n)\b[:,]?\s|\bPARTIES\b:?\s|\bParties:?\n|"
    r"\b(?:made|entered into)(?: as of [^.;()]{6,30},)? by\s",
    re.I,
)
STOP = re.compile(
    r"W\s?I\s?T\s?N\s?E\s?S\s?S\s?E\s?T\s?H|\bRECITALS?\b|\bWHEREAS\b|\bNOW,? THEREFORE|\bBACKGROUND\b|\bPRELIMINARY\b|"
    r"\bPREAMBLE\b|\n ?1\. ?[A-Z]|\bIN CONSIDERATION\b|\bTABLE OF CONTENTS\b|\bARTICLE (?:I|1)\b|\bagree as follows",
    re.I,
)
ENTITY = (
    r"(?:Inc(?:orporated)?|INC(?:ORPORATED)?|Corp(?:oration)?|CORP(?:ORATION)?|Ltd|LTD|Limited|LIMITED|LLC|L\.L\.C|LLP|"
    r"L\.L\.P|LP|L\.P|Company|COMPANY|Co|CO|GmbH|GMBH|AG|KG|S\.?A\.?R\.?L|S\.?A\.?S|S\.?R\.?L|S\.?A|B\.?V|N\.?V|PLC|"
    r"plc|Plc|p\.l\.c|Pty|PTY|PTE|Pte|Bank|BANK|N\.A|University|UNIVERSITY|Trust|TRUST|Partnership|PARTNERSHIP|"
    r"Association|ASSOCIATION|Foundation|FOUNDATION|Institute|INSTITUTE|Hospital|HOSPITAL|Kft|AB|Oy|A/S|SpA|S\.p\.A|"
    r"K\.K|inc|Museum|MUSEUM|"
    r"(?:Holdings|HOLDINGS|Group|GROUP|Partners|PARTNERS|Fund|FUND)(?![ ](?:[A-Z][a-z]|[A-Z]{2}|\()))"
)
GAP = r"[ \t]"
WORD = r"(?:[A-Z0-9À-Þ][\w.&'’\-+/]*|[a-z](?:\.[a-z])+\.|of|and|the|for|de|la|&|\([A-Z][\w., ]{1,24}\))"
NAME = re.compile(
    rf"(?P<name>(?:[A-Z0-9À-Þ][\w.&'’\-+/]*|[a-z](?:\.[a-z])+\.)(?:{GAP}{WORD}){{0,9}}?"
    rf",?{GAP}{{1,2}}{ENTITY}(?![\w’'&])\.?(?:,?{GAP}?{ENTITY}(?![\w’'&])\.?){{0,2}})"
)
SIGNER = re.compile(NAME.pattern + r"(?:[ \t]*\([^()\n]{1,40}\))?\s{0,6}(?:By|Per|BY|Signed|SIGNED)\b ?:?")
OTHER_NAME = re.compile(
    rf"(?:\b(?:and|between|among)|;|\([a-z0-9]\)|\b[a-z0-9]\))[ \t\n:,]{{1,3}}(?:\([a-z0-9]{{1,3}}\)[ \t])?"
    rf"(?P<name>[A-Z][\w.'’\-]*(?:{GAP}(?:[A-Z0-9][\w.'’\-]*|of|the|&)){{0,6}})"
    r"(?=,? (?:an? |the )[^()\n]{0,80}?"
    r"(?:corporation|company|partnership|individual|organi[sz]ed|trust|entity|resident)|"
    r",?[ \t\n]{0,2}\((?:the |each,? |hereinafter[^()\"“]{0,40}|collectively,? )?[\"“]|"
    r", (?:having|whose|with (?:its|an))\b)"
)
ALIAS = re.compile(r"[^\"“”]{0,300}?\((?:[^()\"“]{0,60})[\"“](?P<alias>[A-Za-z][\w .,&'\-]{1,40}?)[,.]?[\"”]")
CALLED = re.compile(
    r"[^\"“”]{0,200}?(?:hereinafter|referred to as|called|the)[^\"“”]{0,30}[\"“](?P<alias>[\w .&'\-]{2,40})"
)
KIN = re.compile(
    r"(?:subsidiar(?:y|ies)|affiliates?|division|parent|assignee|laws|name|behalf|trustee|agent|services|c/o|"
    r"known as|shareholders?|member|partner)[ \t](?:of|for)?[ \t]*(?:the[ \t])?$|"
    r"f/k/a[ \t]*$|d/b/a[ \t]*$|formerly[^()]{0,20}$",
    re.I,
)
ARTICLE = re.compile(r"\ban?[ \t]+(?:\w+[ \t]+)?$")
STREET = re.compile(
    r"\b(?:Street|Avenue|Road|Suite|Floor|Boulevard|Drive|Building|Agreement|AGREEMENT|Contract|Schedule|"
    r"Section|Exhibit|Effective Date|Article|TERMS|Terms|WARRANTY|LIMITED TO|Signatory)\b|"
    r"^\d+\.\s?\d?|\d{5}|, NV$|IS LIMITED$"
)
MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
LEADING = re.compile(
    rf"^(?:(?:(?:{MONTH})[ ])?\d{{4}}\.?[ \t]|(?:and|the|of|by|between|among|The|AND|BETWEEN|THE)[ \t]|"
    r"(?:Provider|Reseller|Company|Customer|Seller|Buyer) and[ \t])+"
)
GENERIC = frozenset(
    words("""
    the of and for company companies corporation party parties trust group bank fund provider customer seller buyer
    licensor licensee limited liability partnership distributor supplier consultant contractor owner agent client an a
    general delaware nevada new york florida virginia california texas inc corp co foundation association university
    institute holdings partners each including master
""")
)
LABELS = {
    "party a": {"a"},
    "party b": {"b"},
    "seller": {"seller"},
    "vendor": {"seller"},
    "supplier": {"seller"},
    "manufacturer": {"seller"},
    "buyer": {"buyer"},
    "purchaser": {"buyer"},
    "customer": {"buyer"},
    "client": set(),
    "licensor": set(),
    "licensee": set(),
    "lessor": set(),
    "lessee": set(),
    "consultant": set(),
    "contractor": set(),
    "service provider": set(),
    "company": set(),
}
LABEL = re.compile(
    r"(?:^|[\n\t])[ ]?(?:The )?(?P<label>"
    + "|".join(LABELS)
    + r")s?(?: ?\((?P<side>[^()\n]{1,30})\))? ?:[ \t]{0,3}(?P<name>[^\n\t]{3,90})",
    re.I,
)
SELLS = re.compile(r"^(?:the )?(?:Seller|Supplier|Vendor|Manufacturer|Licensor)s?$", re.I)
BUYS = re.compile(r"^(?:the )?(?:Buyer|Purchaser|Customer|Distributor|Reseller)s?$", re.I)


@dataclass(slots=True)
class Named:
    """A name as it stands, and the word by which the paper calls its bearer."""

    name: str
    start: int
    alias: str = ""
    axes: frozenset[str] = frozenset()


def find_english_parties(text: str) -> list[Party]:
    """Return the parties, each with the side that its alias or label tells; the first two are party A and B."""
    head = text[:HEAD_CHARS]
    labelled = _labelled(head)
    best = max(_clauses(head), key=_worth, default=[])
    if len(best) < 2 and len(labelled) < 2:
        signed = list(_signers(text))
        best = signed if len(signed) > max(1, len(best)) else best
    named = labelled if len(labelled) >= 2 and not all(one.alias for one in best[:2]) else best or labelled
    parties: list[Party] = []
    for one in named[:MOST]:
        if any(_same(one.name, party.name) for party in parties):
            continue
        side = set(one.axes) & {"seller", "buyer"} | _side_of(one.alias)
        axes = side | ({"ab"[len(parties)]} if len(parties) < 2 else {"outside"})
        roles = [one.alias] if one.alias else []
        clue = Clue(one.name, one.start, one.start + len(one.name), 0.8 if one.alias or one.axes else 0.7, "between")
        parties.append(Party(one.name, axes, roles, clue))
    return parties


def _side_of(role: str) -> set[str]:
    return {"seller"} if SELLS.match(role) else {"buyer"} if BUYS.match(role) else set()


def _signers(text: str) -> Iterator[Named]:
    """Yield the companies over the lines of signature, where the head names no two: ARDEN LTD. By: …"""
    tail = max(text.rfind("IN WITNESS"), text.rfind("In witness"), len(text) - TAIL_CHARS, 0)
    for match in SIGNER.finditer(text, tail):
        name, at = _trimmed(match["name"], match.start("name"))
        if _is_name(name) and not re.search(r"\bBy:?[ \t]*$", text[max(0, at - 6) : at]):
            yield Named(name, at)


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W", "", one).lower() == re.sub(r"\W", "", other).lower()


def _worth(named: list[Named]) -> float:
    """Return how much a clause looks like the one that names the parties; the first of equals is taken."""
    return min(len(named), 2) * 2 + sum(bool(one.alias) for one in named[:2])


def _clauses(text: str) -> Iterator[list[Named]]:
    """Yield the names behind each place where parties may be named."""
    for count, match in enumerate(ANCHOR.finditer(text)):
        if count >= 12:
            return
        stop = STOP.search(text, match.end())
        end = min(len(text), match.end() + REACH, stop.start() if stop else len(text))
        if end - match.end() > 10:
            yield list(_names(text, match.start(), match.end(), end))


def _names(text: str, anchor: int, start: int, end: int) -> Iterator[Named]:
    """Yield the names of a clause in order; what stands in the address or the alias of one is none."""
    place, back = start, anchor
    while place < end:
        found = _next(text, back, place, end)
        if found is None:
            return
        name, at = found
        place = back = at + len(name)
        before = text[max(start, at - 50) : at]
        if not _is_name(name) or KIN.search(before) or (ARTICLE.search(before) and not before.endswith("and a ")):
            continue
        alias = ALIAS.match(text, place, min(end + 100, len(text))) or CALLED.match(
            text, place, min(end + 60, len(text))
        )
        if (
            alias
            and NAME.search(text, place, alias.start("alias"))
            and _starts_another(text, place, alias.start("alias"))
        ):
            alias = None
        if alias:
            place = back = alias.end()
        yield Named(name, at, alias["alias"].strip(" ,.") if alias else "")


def _starts_another(text: str, start: int, end: int) -> bool:
    """Tell whether another party begins before the next alias, as in A Ltd. and B Ltd. (“B”)."""
    return bool(re.search(r"(?:\band|;|\n)[ \t\n]{0,3}(?:\([a-z0-9]\)[ \t])?$", text[start : _first(text, start, end)]))


def _first(text: str, start: int, end: int) -> int:
    match = NAME.search(text, start, end)
    return match.start("name") if match else end


def _next(text: str, back: int, place: int, end: int) -> tuple[str, int] | None:
    """Return the next name: one with the ending of a company, or one set between and and a description or an alias."""
    hits = []
    if match := NAME.search(text, place, end):
        hits.append((match.start("name"), match["name"]))
    if match := OTHER_NAME.search(text, back, end):
        hits.append((match.start("name"), match["name"]))
    hits = [(at, name) for at, name in hits if at >= place]
    if not hits:
        return None
    at, name = min(hits, key=lambda hit: (hit[0], -len(hit[1])))
    return _trimmed(name, at)


def _trimmed(name: str, at: int) -> tuple[str, int]:
    """Return a name and its place without the words that lead to it and the point behind it."""
    trimmed = LEADING.sub("", name)
    at += len(name) - len(trimmed)
    name = trimmed.rstrip(" ,\t")
    if not name.endswith((".A.", "c.", "p.", "d.", "o.", "C.", "P.", "D.", "O.", "L.", "V.", "S.", "K.")):
        name = name.rstrip(".")
    return name, at


def _is_name(name: str) -> bool:
    words = re.findall(r"[A-Za-zÀ-ÿ0-9]+", name.lower())
    return len(name) >= 4 and any(word not in GENERIC for word in words) and not STREET.search(name)


def _labelled(text: str) -> list[Named]:
    """Return the names behind labels at the start of lines, the first of each label."""
    found: dict[str, Named] = {}
    for match in LABEL.finditer(text):
        label = match["label"].lower()
        value = re.split(r" ?\((?:hereinafter|the |\"|“)|,? (?:a|an) [A-Z]", match["name"], maxsplit=1)[0]
        value = value.strip(" ;,_")
        entity = NAME.match(value) or re.match(r"(?P<name>[A-Z][\w.'\-]+(?: [A-Z][\w.'\-]+){1,4})$", value)
        if label not in found and entity and _is_name(entity["name"]):
            axes = LABELS[label] | _side_of(match["side"] or "")
            found[label] = Named(entity["name"].strip(), match.start("name"), label.title(), frozenset(axes))
    return list(found.values())
