"""账户与联系: bank accounts, tax numbers, addresses and phones, each with the party it belongs to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qidang.reading.fields.labels import AXES, Mark
from qidang.reading.fields.sheet import Party, Sheet
from qidang.reading.fields.sides import Sides
from qidang.reading.fields.witness import Clue

ACCOUNT = re.compile(r"(?P<no>(?<!\d)\d(?:[ \-]?\d){7,27})(?![\d.])")
HALF_LABEL = re.compile(r"[\t ]号 ?: ?(?P<no>\d{12,28})(?!\d)")
USCC = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])")
USCC_LOOSE = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-Z]{2}[ ]?[0-9A-Z]{4,8}[ ]?[0-9A-Z]{4,8}[ ]?[0-9A-Z]{0,4}(?![0-9A-Za-z])"
)
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
PHONE = re.compile(
    r"(?:\+?86[- ]?)?(?:1[3-9]\d{9}|\(?0\d{2,3}\)?[- ]?\d{7,8}(?:-\d{1,5})?|[48]00-?\d{3}-?\d{4}|\d{7,8})(?!\d{6})"
)
ADDRESS = re.compile(r"[\u4e00-\u9fffA-Za-z0-9#()\-,.·、 /]{4,60}")
BANK = re.compile(
    r"[\u4e00-\u9fff()]{3,40}(?:银行|支行|分行|信用社|营业部|分理处|储蓄所|营业所|联社|农商行|总行|行|社|处|部|所)|"
    r"[A-Z][A-Za-z .,&]{4,50}Bank[A-Za-z ,]{0,30}"
)


@dataclass
class Account:
    """A bank account: number, bank, party."""

    number: str
    bank: str | None
    party: Party | None
    start: int
    end: int

    def to_dict(self) -> dict[str, Any]:
        """Return the normal form."""
        return {"party": self.party.key if self.party else None, "bank": self.bank, "account": self.number}


def find_accounts(sheet: Sheet, sides: Sides) -> list[Account]:
    """Return the accounts behind 帐号, 账号 and 开户行及帐号, with the bank of the same party."""
    banks = list(_banks(sheet, sides))
    accounts: list[Account] = []
    for mark in sheet.marks:
        if mark.kind not in ("account", "bank"):
            continue
        match = ACCOUNT.search(sheet.text, mark.value[0], max(mark.value[1], mark.value[0]))
        if (
            match is None
            or _of_an_outsider(sheet, mark)
            or (mark.kind == "account" and match.start() - mark.value[0] > 30)
            or _is_no_account(sheet, mark, match)
        ):
            continue
        number = re.sub(r"[ \-]", "", match["no"])
        if any(account.number == number for account in accounts):
            continue
        party = sides.party_of(mark) or _named_in_sentence(sheet, mark)
        bank = _bank_in(sheet.text[mark.value[0] : match.start()]) or _bank_of(banks, mark, party)
        accounts.append(Account(number, bank, party, match.start(), match.end()))
    return accounts + list(_half_labelled(sheet, accounts))


def _half_labelled(sheet: Sheet, accounts: list[Account]) -> Iterator[Account]:
    """帐号：…　号：…: the second label of a recognised line that lost its first letter."""
    for account in accounts:
        if sheet.copy.is_recognised(account.start):
            _, end = sheet.copy.line(sheet.copy.line_of(account.start))
            match = HALF_LABEL.search(sheet.text, account.end, end)
            if match and all(other.number != match["no"] for other in accounts):
                yield Account(match["no"], None, None, match.start("no"), match.end("no"))


def _of_an_outsider(sheet: Sheet, mark: Mark) -> bool:
    """Tell whether the party last named above is a guarantor or a witness."""
    above = [m for m in sheet.marks if m.kind == "party" and m.start < mark.start and mark.start - m.start < 300]
    return bool(above) and not mark.side and AXES[above[-1].label] == "outside"


def _is_no_account(sheet: Sheet, mark: Mark, match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match["no"])
    return (
        not 6 <= len(digits) <= 28
        or len(set(digits)) == 1
        or bool(re.search(r"行号|电话|证", sheet.text[mark.value[0] : match.start()]))
    )


def _banks(sheet: Sheet, sides: Sides) -> Iterator[tuple[Mark, str, Party | None]]:
    for mark in sheet.marks:
        if mark.kind == "bank":
            name = _bank_in(sheet.text[mark.value[0] : mark.value[1]])
            if name:
                yield mark, name, sides.party_of(mark)


def _bank_in(text: str) -> str | None:
    match = BANK.match(text.strip(" :_"))
    return match[0] if match and len(match[0]) >= 4 else None


def _bank_of(banks: list[tuple[Mark, str, Party | None]], mark: Mark, party: Party | None) -> str | None:
    """The bank of the same party nearest to the account; without a party the nearest one."""
    own = [b for b in banks if b[2] is party] or banks
    nearest = min(own, key=lambda b: abs(b[0].start - mark.start), default=None)
    return nearest[1] if nearest and abs(nearest[0].start - mark.start) < 400 else None


def _named_in_sentence(sheet: Sheet, mark: Mark) -> Party | None:
    """甲方的账户名称…账号…: the party whose role the sentence names."""
    start = max(sheet.text.rfind(char, 0, mark.start) for char in "。\n") + 1
    for party in sheet.parties:
        if any(role in sheet.text[start : mark.start] for role in party.roles):
            return party
    return None


def is_uscc(code: str) -> bool:
    """Tell whether ``code`` is a 统一社会信用代码 with a true check character (GB 32100-2015)."""
    if not USCC.fullmatch(code):
        return False
    total = sum(LETTERS.index(char) * weight for char, weight in zip(code, WEIGHTS, strict=False))
    return LETTERS[(31 - total % 31) % 31] == code[17]


def find_codes(sheet: Sheet, sides: Sides) -> list[tuple[Party, Clue]]:
    """Return the 统一社会信用代码 of each party."""
    found: list[tuple[Party, Clue]] = []
    for mark in sheet.marks:
        if mark.kind != "uscc":
            continue
        code, start, end = _code_in(sheet.text, mark)
        party = sides.party_of(mark) if code else None
        if party:
            found.append((party, Clue(code, start, end, 0.97 if is_uscc(code) else 0.8, "label")))
    return found


def _code_in(text: str, mark: Mark) -> tuple[str, int, int]:
    start, end = mark.value
    match = USCC_LOOSE.search(text, start, min(len(text), max(end, start)))
    if not match or match.start() - start > 12:
        return "", 0, 0
    code = match[0].replace(" ", "").upper()
    if len(code) == 18:
        mended = code.replace("O", "0").replace("I", "1").replace("S", "5").replace("Z", "2")
        code = mended if not is_uscc(code) and is_uscc(mended) else code
    return (code, match.start(), match.end()) if len(code) in (15, 18) and re.search(r"\d{6}", code) else ("", 0, 0)


def find_addresses(sheet: Sheet, sides: Sides) -> list[tuple[Party, Clue]]:
    """Return the addresses of the parties."""
    found = []
    for mark in sheet.marks:
        if mark.kind != "address":
            continue
        match = ADDRESS.match(sheet.text, *mark.value)
        if not match or not re.search(r"[\u4e00-\u9fff]{2}|[A-Z][a-z]{2}", match[0]) or re.search(r"_{2}|×", match[0]):
            continue
        party = sides.party_of(mark)
        if party:
            end = match.start() + len(match[0].rstrip(" ,.、"))
            found.append((party, Clue(sheet.written(match.start(), end), match.start(), end, 0.9, "label")))
    return found


def find_phones(sheet: Sheet, sides: Sides) -> list[tuple[Party, Clue]]:
    """Return the phones of the parties."""
    found = []
    for mark in sheet.marks:
        if mark.kind != "phone":
            continue
        match = PHONE.search(sheet.text, mark.value[0], max(mark.value[1], mark.value[0]))
        party = sides.party_of(mark) if match and match.start() - mark.value[0] < 12 else None
        if match and party:
            found.append((party, Clue(sheet.written(*match.span()), match.start(), match.end(), 0.9, "label")))
    return found
