"""要素提取: one paper, all its fields, each with where it was read and how sure that is."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from qidang.reading.fields.accounts import find_accounts, find_addresses, find_codes, find_phones
from qidang.reading.fields.days import find_place, find_sign_date
from qidang.reading.fields.deposit import find_deposit
from qidang.reading.fields.dispute import find_dispute
from qidang.reading.fields.english import english_score, english_type, find_english_number, find_english_title
from qidang.reading.fields.english_days import (
    find_english_date,
    find_english_effect,
    find_english_end,
    find_english_term,
)
from qidang.reading.fields.english_money import find_english_currency, find_english_total
from qidang.reading.fields.english_parties import find_english_parties
from qidang.reading.fields.governing import (
    find_chinese_language,
    find_chinese_law,
    find_governing_law,
    find_language,
)
from qidang.reading.fields.items import find_items
from qidang.reading.fields.kinds import LEASE, SALE, contract_type
from qidang.reading.fields.languages import BOTH, ENGLISH, english_side, language_of
from qidang.reading.fields.normal import copy_of, found
from qidang.reading.fields.numbers import find_number
from qidang.reading.fields.parties import find_parties, party_clue
from qidang.reading.fields.payment import find_plan
from qidang.reading.fields.people import find_signers
from qidang.reading.fields.periods import find_delivery, find_period, find_term
from qidang.reading.fields.sheet import Party, Sheet
from qidang.reading.fields.sides import Sides
from qidang.reading.fields.titles import contract_score, find_title
from qidang.reading.fields.totals import Total, find_net, find_rate, find_total, find_vat
from qidang.reading.fields.vocabulary import words
from qidang.reading.fields.witness import CONFLICT, Clue
from qidang.reading.paper import Extraction, Found, Paper

NAMES = words("""
    contract_no title contract_type seller buyer party_a party_b seller_uscc buyer_uscc party_a_uscc
    party_b_uscc amount_incl_tax amount_excl_tax vat_amount amount_in_words currency vat_rate sign_date
    sign_place effective_date end_date delivery_date deposit payment_plan dispute signatories bank_accounts
    line_items legal_representatives addresses phones term roles amount_note
    other_parties english_names governing_law prevailing_language
""")
COMPARED = frozenset(words("contract_no amount_incl_tax currency sign_date effective_date end_date"))
ENOUGH = 5  # points of contract_score from which a paper is a contract


def extract(paper: Paper) -> Extraction:
    """Return what the paper says: whether it is a contract, its type, and its fields; absent ones are None."""
    copy = copy_of(paper)
    sheet = Sheet(copy, language=language_of(copy.text))
    points = _know_english(sheet) if sheet.language == ENGLISH else _know_chinese(sheet)
    if sheet.language == BOTH and points < ENOUGH:
        points = max(points, _know_english_too(sheet))
    fields: dict[str, Found | None] = dict.fromkeys(NAMES)
    if points >= 2:
        _Fields(paper, sheet, fields).read()
    is_contract = points >= ENOUGH
    return Extraction(is_contract, sheet.contract_type if is_contract else None, fields)


def _know_chinese(sheet: Sheet) -> int:
    """Find title and type; return the points for being a contract."""
    sheet.title = find_title(sheet.copy)
    if sheet.title is None and sheet.language == BOTH:
        sheet.title = find_title(sheet.copy, beside=True)
    title = str(sheet.title.value) if sheet.title else ""
    sheet.contract_type, sheet.type_confidence = contract_type(title, sheet.text)
    return contract_score(sheet.copy, sheet.title)


def _know_english(sheet: Sheet) -> int:
    sheet.title = find_english_title(sheet.text)
    sheet.contract_type, sheet.type_confidence = english_type(str(sheet.title.value) if sheet.title else "")
    return english_score(sheet.text)


def _know_english_too(sheet: Sheet) -> int:
    """Return the points of the English side; its title and type count where the Chinese side has no title."""
    text = english_side(sheet.text)
    if sheet.title is None:
        sheet.title = find_english_title(text)
        sheet.contract_type, sheet.type_confidence = english_type(str(sheet.title.value) if sheet.title else "")
    return english_score(text)


class _Fields:
    """Reads the fields of a sheet into a dict of findings."""

    def __init__(self, paper: Paper, sheet: Sheet, fields: dict[str, Found | None]) -> None:
        self.paper = paper
        self.sheet = sheet
        self.fields = fields

    def read(self) -> None:
        """Read them all: first who, then how much, when, and what else."""
        sheet = self.sheet
        if sheet.title:
            self.put("title", sheet.title, sheet.written(sheet.title.start, sheet.title.end))
        if sheet.title:
            self.put(
                "contract_type", Clue(sheet.contract_type, sheet.title.start, sheet.title.end, sheet.type_confidence)
            )
        if sheet.language == ENGLISH:
            self._read_english()
            return
        self.put("contract_no", find_number(sheet))
        self.put("governing_law", find_chinese_law(sheet.text))
        self.put("prevailing_language", find_chinese_language(sheet.text))
        sheet.parties = find_parties(sheet)
        self.sides = Sides(sheet)
        self._who()
        self._how_much()
        self._when()
        self._people_and_accounts()
        if sheet.language == BOTH:
            self._read_english_side()

    def _read_english(self) -> None:
        sheet = self.sheet
        self.put("contract_no", find_english_number(sheet.text))
        sheet.parties = find_english_parties(sheet.text)
        self.sides = Sides(sheet)
        self._who()
        others = [party for party in sheet.parties if "outside" in party.axes and party.clue]
        if others:
            self.put("other_parties", others[0].clue, [party.name for party in others])
        for name, clue in _english_clues(sheet.text):
            self.put(name, clue)

    def _read_english_side(self) -> None:
        """双语合同: what the Chinese side leaves open is read from the English one, the rest is held against it.

        Where the sides differ, the language that prevails is taken (the Chinese where none does), and unsurely, so
        that a person looks.
        """
        text = english_side(self.sheet.text)
        self._name_in_both(find_english_parties(text))
        clues = dict(_english_clues(text))
        prevails = self.fields["prevailing_language"] or clues["prevailing_language"]
        takes_english = prevails is not None and prevails.value == "英文"
        for name, clue in [("contract_no", find_english_number(text)), *clues.items()]:
            there = self.fields[name]
            if there is None:
                self.put(name, clue)
            elif clue and clue.value != there.value and name in COMPARED:
                there.confidence = min(there.confidence, CONFLICT)
                if takes_english:
                    self.put(name, replace(clue, confidence=min(clue.confidence, CONFLICT)))

    def _name_in_both(self, parties: list[Party]) -> None:
        """Keep the English name of each party beside the one it has; a party without one gets it."""
        names = {}
        for party in parties:
            axis = next((axis for axis in ("seller", "buyer", "a", "b") if self._has_side(axis, party)), "")
            key = {"a": "party_a", "b": "party_b"}.get(axis, axis)
            there = self.fields[key] if key else None
            if key and there is None:
                self.put(key, party.clue)
            elif there is not None and not _same_letters(party.name, str(there.value)):
                names[key] = party.name
        first = next((party.clue for party in parties if party.name in names.values()), None)
        if first:
            self.put("english_names", first, names)

    def _has_side(self, axis: str, party: Party) -> bool:
        """Tell whether the paper calls this party so: seller and buyer are no party A and B for their places alone."""
        key = {"a": "party_a", "b": "party_b"}.get(axis, axis)
        sides = self.fields["seller"] or self.fields["buyer"]
        return axis in party.axes and (self.fields[key] is not None or not sides or axis in ("seller", "buyer"))

    def put(self, name: str, clue: Clue | None, value: Any = None, span: tuple[int, int] | None = None) -> None:
        """Keep a clue as the field's finding; ``span`` is its stretch of the original where the clue's is not."""
        if clue is None:
            return
        span = span or self.sheet.copy.reach(clue.start, max(clue.end, clue.start + 1))
        value = clue.value if value is None else value
        self.fields[name] = found(self.paper, self.sheet.copy, value, span, clue.confidence, clue.is_derived)

    def _who(self) -> None:
        sheet = self.sheet
        for axis, name in (("a", "party_a"), ("b", "party_b")):
            self.put(name, party_clue(sheet.parties, axis))
        if sheet.contract_type == SALE:
            for axis in ("seller", "buyer"):
                self.put(axis, party_clue(sheet.parties, axis))
        for party, clue in find_codes(sheet, self.sides):
            for axis, name in (
                ("seller", "seller_uscc"),
                ("buyer", "buyer_uscc"),
                ("a", "party_a_uscc"),
                ("b", "party_b_uscc"),
            ):
                if axis in party.axes and (sheet.contract_type == SALE or axis in "ab") and self.fields[name] is None:
                    self.put(name, clue)
        roles = {
            party.key: next((r for r in party.roles if r not in ("甲方", "乙方")), None) for party in sheet.parties
        }
        if any(roles.values()) and sheet.parties[0].clue:
            self.put("roles", sheet.parties[0].clue, {key: role for key, role in roles.items() if role and key})

    def _how_much(self) -> None:
        sheet = self.sheet
        items = find_items(sheet)
        total = find_total(sheet, items)
        self.put("amount_incl_tax", total.clue)
        self.put("amount_in_words", total.words)
        if total.clue:
            self.put("currency", total.clue, total.currency)
            if total.note:
                self.put("amount_note", total.clue, total.note)
        self.put("amount_excl_tax", find_net(sheet))
        self.put("vat_amount", find_vat(sheet))
        self.put("vat_rate", find_rate(sheet))
        deposit = find_deposit(sheet)
        if deposit:
            self.put("deposit", deposit.clue, deposit.to_dict())
        rows, clue = find_plan(sheet)
        if rows and clue:
            plan = [row.to_dict() for row in rows]
            if (
                sheet.contract_type == LEASE
                and total.clue
                and total.note
                and len(plan) == 1
                and plan[0]["pct"] is None
                and "amount" not in plan[0]
                and "月" in plan[0]["trigger"]
            ):
                plan[0]["amount"] = total.clue.value
            self.put("payment_plan", clue, plan)
        if items:
            clue = Clue(None, items[0].start, items[0].end, 0.5 if items[0].is_prose else 0.93)
            rows_span = (items[0].span[0], max(items[-1].span[1], items[0].span[1]))
            self.put("line_items", clue, [item.to_dict() for item in items], rows_span)

    def _when(self) -> None:
        sheet = self.sheet
        self.put("sign_date", find_sign_date(sheet))
        self.put("sign_place", find_place(sheet))
        start, end = find_period(sheet)
        self.put("effective_date", start)
        self.put("end_date", end)
        self.put("delivery_date", find_delivery(sheet))
        self.put("term", find_term(sheet))

    def _people_and_accounts(self) -> None:
        sheet = self.sheet
        self.put_rows("signatories", find_signers(sheet, self.sides), 0.9)
        legal = [s for s in find_signers(sheet, self.sides) if s.kind == "legal"]
        self.put_rows("legal_representatives", legal, 0.9)
        self.put_rows("bank_accounts", find_accounts(sheet, self.sides), 0.95)
        for name, finder in (("addresses", find_addresses), ("phones", find_phones)):
            pairs = finder(sheet, self.sides)
            if pairs:
                key = name.rstrip("s") if name == "phones" else "address"
                self.put(name, pairs[0][1], [{"party": party.key, key: clue.value} for party, clue in pairs])
        dispute = find_dispute(sheet)
        if dispute:
            self.put("dispute", dispute.clue, dispute.to_dict())

    def put_rows(self, name: str, rows: Iterable[Any], confidence: float) -> None:
        """Keep a list of findings, each with a normal form, as one field."""
        rows = list(rows)
        if rows:
            clue = Clue(None, rows[0].start, rows[0].end, confidence)
            self.put(name, clue, [row.to_dict() for row in rows])


def _english_clues(text: str) -> Iterator[tuple[str, Clue | None]]:
    """Yield (field, clue) for what an English text says of money, time, law and language."""
    total = find_english_total(text)
    yield "amount_incl_tax", total.clue
    yield "amount_in_words", total.words
    yield "currency", _currency(total) if total.clue else find_english_currency(text)
    agreed = find_english_date(text)
    effect = find_english_effect(text, agreed)
    yield "sign_date", agreed
    yield "effective_date", effect
    yield "term", find_english_term(text)
    yield "end_date", find_english_end(text, effect or agreed)
    yield "governing_law", find_governing_law(text)
    yield "prevailing_language", find_language(text)


def _currency(total: Total) -> Clue | None:
    return replace(total.clue, value=total.currency) if total.clue else None


def _same_letters(one: str, other: str) -> bool:
    return re.sub(r"\W", "", one).lower() == re.sub(r"\W", "", other).lower()
