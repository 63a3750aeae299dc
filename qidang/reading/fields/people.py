"""签字人: who signs for which party, and who are the legal representatives."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qidang.reading.fields.labels import KNOWN, Mark
from qidang.reading.fields.names import is_organisation, is_person
from qidang.reading.fields.sheet import Party, Sheet
from qidang.reading.fields.sides import Sides

ROLES = {"legal": "法定代表人", "agent": "委托代理人"}
NAME_END = re.compile(r" ?(?:[(\[]|(?:签名|签字|签章|盖章|章|印|手签|职务|身份证)|先生|女士|小姐|[,;。、/]|\d)")
UNMARKED = re.compile(
    r"(?:(?<=[\n\t 司厂社店院所])|^)(?P<side>[甲乙供需买卖]方)?(?P<label>法定代表人|授权代表|委托代理人|代表人|代表|"
    r"负责人|"
    r"签字人|经办人)(?P<name>[\u4e00-\u9fff]{2,4})(?= ?[(](?:签|盖|章|印)|[\n\t]|$)"
)


@dataclass
class Signer:
    """A person who signs, in which role, for which party."""

    name: str
    role: str | None
    party: Party | None
    start: int
    end: int
    kind: str

    def to_dict(self) -> dict[str, Any]:
        """Return the normal form."""
        return {"party": self.party.key if self.party else None, "name": self.name, "role": self.role}


def find_signers(sheet: Sheet, sides: Sides) -> list[Signer]:
    """Return who signs: behind 代表, 法定代表人, 委托代理人, 签字 and the like; witnesses and authorities do not."""
    signers: list[Signer] = []
    for n, mark in enumerate(sheet.marks):
        if mark.kind not in ("legal", "agent", "rep"):
            continue
        signer = _signer(sheet, sides, mark, n)
        if signer and all((s.name, s.role) != (signer.name, signer.role) for s in signers):
            signers.append(signer)
    signers += [s for s in _unmarked(sheet, sides) if all(s.name != other.name for other in signers)]
    signers += [s for s in _persons_as_parties(sheet) if all(s.name != other.name for other in signers)]
    return signers


def _signer(sheet: Sheet, sides: Sides, mark: Mark, n: int) -> Signer | None:
    span = person_span(sheet.text, *mark.value)
    if span is None or _of_an_outsider(sheet, mark, n):
        return None
    if sheet.share(mark.start) < 0.5 and mark.kind == "rep" and not _in_head_block(sheet, n):
        return None
    role = ROLES.get(mark.kind) or (mark.label if mark.label not in ("签字", "签名") else None)
    if role and re.match(r"代表|.*代表$", mark.label) and mark.kind == "rep":
        role = "代表"
    return Signer(sheet.written(*span), role, sides.party_of(mark), span[0], span[1], mark.kind)


def _unmarked(sheet: Sheet, sides: Sides) -> Iterator[Signer]:
    """代表林宏伟（签字）: a name run into its label, in the last part of the text."""
    for match in UNMARKED.finditer(sheet.text, int(len(sheet.text) * 0.6)):
        start, end = match.span("name")
        if is_person(match["name"]):
            mark = Mark("rep", match["label"], match.start(), start, (start, end), match["side"] or "")
            yield Signer(sheet.written(start, end), match["label"], sides.party_of(mark), start, end, "rep")


def _in_head_block(sheet: Sheet, n: int) -> bool:
    """Tell whether the label stands among others of a party's block, not in a clause."""
    mark = sheet.marks[n]
    return mark.has_colon and any(
        other.kind in ("party", "legal", "address", "phone", "bank") and abs(other.start - mark.start) < 120
        for other in sheet.marks[max(0, n - 2) : n + 3]
        if other is not mark
    )


def person_span(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where a person's name stands at the beginning of ``text[start:end]``."""
    part = text[start:end]
    lead = len(part) - len(part.lstrip(' _"“(:'))
    start, part = start + lead, part[lead:]
    cut = NAME_END.search(part)
    if cut and cut.start() >= 2:
        part = part[: cut.start()]
    part = part.rstrip(' _"”):。.;,') if not re.search(r"[A-Z]\.$", part) else part
    spaced = re.fullmatch(r"([\u4e00-\u9fff]) ([\u4e00-\u9fff])", part)
    if is_person(part) or (spaced and is_person(spaced[1] + spaced[2])):
        return start, start + len(part)
    if len(part) == 4 and is_person(part[:3]) and part[3] in "用章合同专印公":  # a letter of the seal over the name
        return start, start + 3
    for size in (3, 2, 4):
        if is_person(part[:size]) and (
            part[size : size + 2] in ("合同", "专用") or any(KNOWN.match(part, size + junk) for junk in (0, 1))
        ):
            return start, start + size
    return None


def _of_an_outsider(sheet: Sheet, mark: Mark, n: int) -> bool:
    """Tell whether the label stands in the box or on the words of a notary, an authority or a witness."""
    spot = sheet.copy.spot_of(mark.start)
    start, _ = sheet.copy.line(sheet.copy.line_of(mark.start))
    before = sheet.text[max(start, spot.start) : mark.start]
    if re.search(r"鉴证|公证|监证|见证|主持|签证|担保|保证[人方]|鉴\(公\)证", before):
        return True
    for other in reversed(sheet.marks[:n]):
        if mark.start - other.start > 200:
            break
        there = sheet.copy.spot_of(other.start)
        same_cell = there.table >= 0 and (there.table, there.col) == (spot.table, spot.col)
        if other.kind in ("party", "name"):
            return (
                other.label in ("担保方", "担保人", "保证方", "保证人", "见证人", "鉴证机关", "丙方") and not same_cell
            )
        same_line = sheet.copy.line_of(other.start) == sheet.copy.line_of(mark.start)
        if other.kind == "outsider" and (same_line or (same_cell and _column(sheet, other) == _column(sheet, mark))):
            return mark.start - other.start < 40
    return False


def _persons_as_parties(sheet: Sheet) -> Iterator[Signer]:
    """A party who is a person signs for himself: 甲方：陈志远 in the tail."""
    for mark in sheet.marks:
        if mark.kind != "party" or sheet.share(mark.start) < 0.6:
            continue
        span = person_span(sheet.text, *mark.value)
        if span is None or is_organisation(sheet.text[slice(*span)]):
            continue
        name = sheet.written(*span)
        party = next((p for p in sheet.parties if p.name.endswith(name)), None)
        if party:
            yield Signer(name, None, party, span[0], span[1], "self")


def _column(sheet: Sheet, mark: Mark) -> int:
    """Return how many gaps part the label from the beginning of its line."""
    start, _ = sheet.copy.line(sheet.copy.line_of(mark.start))
    return sheet.text.count("\t", start, mark.start)
