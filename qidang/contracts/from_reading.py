"""From what was read to what is to be registered: pure, so that the review page and the importer agree."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from qidang.accounts.models import Department
from qidang.contracts.choices import ContractType, DisputeMode, Kind, OurRole, PartyRole, Source
from qidang.contracts.models import Company
from qidang.contracts.values import ContractValues, InstalmentValues, LineItemValues, PartyValues, Said
from qidang.kit.text import fold

SURE = 0.9
UNSURE_ROLE = 0.5
REQUIRED = {"title": "title", "counterparty": "counterparty_name", "unit": "unit"}
PLAIN = {
    "contract_no": "number_on_paper",
    "title": "title",
    "amount_in_words": "amount_in_words",
    "sign_place": "sign_place",
    "governing_law": "governing_law",
    "prevailing_language": "prevailing_language",
}
WIDTHS = {"number_on_paper": 128, "governing_law": 64, "prevailing_language": 16}  # of all others: 200
MONEY = {"amount_incl_tax": "amount", "amount_excl_tax": "amount_excl_tax", "vat_amount": "vat_amount"}
DATES = {
    "sign_date": "signed_on",
    "effective_date": "in_force_on",
    "end_date": "expires_on",
    "delivery_date": "delivery_on",
}
KIND_WORDS = {"补充": Kind.SUPPLEMENT, "框架": Kind.FRAMEWORK, "订单": Kind.ORDER, "订购单": Kind.ORDER}
KINDS = {ContractType.SERVICE: Kind.SERVICE, ContractType.LEASE: Kind.LEASE, ContractType.SALE: Kind.SALE}
KINDS_BY_TITLE = {"补充协议": Kind.SUPPLEMENT, "补充合同": Kind.SUPPLEMENT, "框架": Kind.FRAMEWORK, "订单": Kind.ORDER}


@dataclass(frozen=True, slots=True)
class Entity:
    """我方签约主体: a legal unit of ours and everything by which a paper may call it."""

    unit: Department
    names: frozenset[str]
    codes: frozenset[str]
    companies: tuple[Company, ...] = ()

    def company_of(self, party: PartyValues) -> Company | None:
        """Return which of our companies of this unit ``party`` names, by its code or its own name."""
        key = fold(party.name)
        known = (one for one in self.companies if key == one.name_key or (party.uscc and party.uscc == one.uscc))
        return next(known, None)


@dataclass(frozen=True, slots=True)
class Proposal:
    """登记建议: values to register, how sure each is (0..1, by the names of ContractValues), and what is missing.

    ``said`` holds the evidence of each value by the same names.
    """

    values: ContractValues
    confidence: dict[str, float] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)
    said: dict[str, Said] = field(default_factory=dict)

    def heard(self, values: ContractValues, *, looked_at: Iterable[str] = ()) -> dict[str, Said]:
        """Return the evidence of those of ``values`` that are as they were read; ``looked_at`` a person has seen."""
        seen = set(looked_at)
        return {
            name: replace(said, is_checked=True) if name in seen else said
            for name, said in self.said.items()
            if getattr(values, name) == getattr(self.values, name)
        }

    @property
    def is_sure(self) -> bool:
        """Whether every required value is there with high confidence, so that no person need look."""
        return not self.lacking and all(self.confidence.get(name, 0.0) >= SURE for name in REQUIRED.values())


def our_entities() -> list[Entity]:
    """Return our legal units with the names and codes of their companies (and the unit's own name); three queries."""
    companies = list(Company.objects.ours().filter(unit__isnull=False).prefetch_related("aliases"))
    entities = []
    for unit in Department.objects.units().active():
        own = [company for company in companies if company.unit_id == unit.pk]
        names = {fold(unit.name)} | {company.name_key for company in own}
        names |= {alias.name_key for company in own for alias in company.aliases.all()}
        codes = {company.uscc for company in own if company.uscc}
        entities.append(Entity(unit, frozenset(names), frozenset(codes), tuple(own)))
    return entities


def values_from(extraction: Mapping[str, Any], *, units: Sequence[Entity], today: dt.date) -> Proposal:
    """Return the proposal for one paper.

    ``extraction`` maps reading's field names to Found (or its JSON mapping, or None). Our side is the party that
    bears a name or code of ours; where none does, we are taken for the seller of a sales archive, unsurely.
    """
    found = _Found(extraction, today)
    named: dict[str, Any] = {"title": ""} | found.plain() | found.money() | found.dates() | found.clauses()
    parties = found.parties()
    unit, our, other, surety = _sides(parties, units)
    found.confidence["unit"] = surety
    if our and our.role in OurRole.values:
        named["our_role"] = our.role
        found.confidence["our_role"] = surety
        found.hear("our_role", our, surety)
    if other:
        named["counterparty_name"] = other.name
        found.confidence["counterparty_name"] = min(surety, found.surety_of(other))
        found.hear("counterparty_name", other, found.confidence["counterparty_name"])
    if unit:
        found.hear("unit", our, surety)
    for party in parties[:1]:
        found.hear("parties", party, min(found.surety_of(one) for one in parties))
    values = ContractValues(
        **named,
        unit=unit,
        parties=tuple(_known(parties, our, units)),
        line_items=found.line_items(),
        instalments=found.instalments(),
    )
    return _proposal(values, found.confidence, found.said)


def _proposal(values: ContractValues, confidence: dict[str, float], said: dict[str, Said]) -> Proposal:
    uncertain = sorted(name for name, surety in confidence.items() if surety < SURE)
    return Proposal(values, confidence, values.lacking(), uncertain, said)


def _known(parties: Sequence[PartyValues], our: PartyValues | None, units: Sequence[Entity]) -> Iterator[PartyValues]:
    """Yield the parties, our own with the company that it is."""
    for party in parties:
        companies = [company for entity in units if party is our and (company := entity.company_of(party))]
        yield replace(party, company=companies[0]) if companies else party


def _sides(
    parties: Sequence[PartyValues], units: Sequence[Entity]
) -> tuple[Department | None, PartyValues | None, PartyValues | None, float]:
    """Return (our unit, our party, the other party, how sure)."""
    for entity in units:
        for party in parties:
            if fold(party.name) in entity.names or (party.uscc and party.uscc in entity.codes):
                others = [one for one in parties if one is not party]
                return entity.unit, party, _opposite(party, others), 1.0
    unit = units[0].unit if len(units) == 1 else None
    sellers = [party for party in parties if party.role == PartyRole.SELLER]
    our = sellers[0] if sellers and len(parties) > 1 else None
    others = [party for party in parties if party is not our]
    return unit, our, others[0] if others else None, UNSURE_ROLE


def _opposite(party: PartyValues, others: Sequence[PartyValues]) -> PartyValues | None:
    wanted = {PartyRole.SELLER: PartyRole.BUYER, PartyRole.BUYER: PartyRole.SELLER}.get(PartyRole(party.role))
    return next((one for one in others if one.role == wanted), others[0] if others else None)


class _Found:
    """One extraction, read field by field; ``confidence`` and ``said`` gather by the names of ContractValues."""

    def __init__(self, extraction: Mapping[str, Any], today: dt.date) -> None:
        self.extraction = extraction
        self.today = today
        self.confidence: dict[str, float] = {}
        self.said: dict[str, Said] = {}
        self.sureties: dict[str, float] = {}
        self.keys: dict[str, str] = {}

    def value(self, name: str, into: str = "") -> Any:
        """Return the value read under ``name`` (None where absent), noting its confidence under ``into``."""
        one = self.extraction.get(name)
        if one is None:
            return None
        get = one.get if isinstance(one, Mapping) else partial(getattr, one)
        value, surety = get("value"), get("confidence")
        if value is not None and into:
            self.confidence[into] = float(1.0 if surety is None else surety)
            self.said[into] = _evidence(get, self.confidence[into])
        return value

    def hear(self, into: str, party: PartyValues | None, surety: float) -> None:
        """Note under ``into`` where the name of ``party`` stands, and how sure what follows from it is."""
        key = self.keys.get(party.name, "") if party else ""
        self.value(key, f"party:{into}")
        self.confidence.pop(f"party:{into}", None)
        said = self.said.pop(f"party:{into}", Said(source=Source.READ))
        self.said[into] = replace(said, confidence=surety)

    def plain(self) -> dict[str, str]:
        """Texts, kept within their columns."""
        texts = {into: self.value(name, into) for name, into in PLAIN.items()}
        return {into: str(text).strip()[: WIDTHS.get(into, 200)] for into, text in texts.items() if text}

    def money(self) -> dict[str, Any]:
        """Amounts, rate and currency; what is no exact amount is left out and so stays for a person."""
        amounts: dict[str, Any] = {into: exact(self.value(name, into)) for name, into in MONEY.items()}
        rate = exact(self.value("vat_rate", "vat_rate"), places=6)
        currency = str(self.value("currency", "currency") or "CNY")
        known = {into: amount for into, amount in amounts.items() if amount is not None}
        if rate is not None:
            known["vat_rate"] = rate
        return known | {"currency": currency if len(currency) == 3 else "CNY"}

    def dates(self) -> dict[str, dt.date]:
        """Dates; one that is no date is left out."""
        days = {into: day(self.value(name, into)) for name, into in DATES.items()}
        return {into: one for into, one in days.items() if one is not None}

    def clauses(self) -> dict[str, Any]:
        """Type, kind, deposit, dispute clause and the term in words."""
        kind = self.value("contract_type", "contract_type")
        deposit: Mapping[str, Any] = self.value("deposit", "deposit_amount") or {}
        dispute: Mapping[str, Any] = self.value("dispute", "dispute_mode") or {}
        mode = dispute.get("mode") or ""
        self._follow("contract_type", "kind")
        self._follow("deposit_amount", "deposit_kind")
        self._follow("dispute_mode", "dispute_institution", "dispute_court")
        contract_type = kind if kind in ContractType.values else ContractType.OTHER
        return {
            "contract_type": contract_type,
            "kind": _kind(str(self.value("title") or ""), contract_type),
            "deposit_kind": str(deposit.get("kind") or "")[:16],
            "deposit_amount": exact(deposit.get("amount")),
            "dispute_mode": mode if mode in DisputeMode.values else "",
            "dispute_institution": str(dispute.get("institution") or "")[:200],
            "dispute_court": str(dispute.get("court") or "")[:200],
            "term_text": self._term(),
        }

    def _term(self) -> str:
        """The term as it is written; where only its length is known, that."""
        term = self.value("term", "term_text")
        if not isinstance(term, Mapping):
            return str(term or "")
        return self.said["term_text"].raw or f"{term.get('n') or ''}{term.get('unit') or ''}"

    def _follow(self, name: str, *others: str) -> None:
        """The values ``others`` follow from what was read under ``name``."""
        for other in others if name in self.said else ():
            self.said[other] = self.said[name]

    def parties(self) -> list[PartyValues]:
        """Seller and buyer first, then whoever is 甲方, 乙方 … by another name; each once."""
        named: dict[str, dict[str, Any]] = {}
        places = (("seller", PartyRole.SELLER, ""), ("buyer", PartyRole.BUYER, ""))
        for key, role, side in (*places, ("party_a", "", "甲方"), ("party_b", "", "乙方"), ("party_c", "", "丙方")):
            name = self.value(key)
            if not name:
                continue
            one = named.setdefault(fold(str(name)), {"name": str(name).strip()[:200]})
            self.value(key, f"party:{one['name']}")
            self.said.pop(f"party:{one['name']}", None)
            self.sureties.setdefault(one["name"], self.confidence.pop(f"party:{one['name']}", 1.0))
            self.keys.setdefault(one["name"], key)
            one |= {"role": role} if role else {}
            one |= {"side": side} if side else {}
            one |= self._details(key)
        return [PartyValues(**one) for one in named.values()] + self._others(named)

    def _others(self, named: Mapping[str, Any]) -> list[PartyValues]:
        """Whoever else a contract of more than two parties names."""
        others = self.value("other_parties")
        names = [str(name).strip()[:200] for name in others] if isinstance(others, list) else []
        return [PartyValues(name=name) for name in names if name and fold(name) not in named]

    def surety_of(self, party: PartyValues) -> float:
        """How sure the party's name is."""
        return self.sureties.get(party.name, UNSURE_ROLE)

    def _details(self, key: str) -> dict[str, Any]:
        """What is said of the party ``key`` in fields of their own and in the lists keyed by party."""
        details = {
            "uscc": self.value(f"{key}_uscc"),
            "address": self._of_party("addresses", key, "address"),
            "phone": self._of_party("phones", key, "phone"),
            "legal_representative": self._of_party("legal_representatives", key, "name"),
            "signatory": self._of_party("signatories", key, "name"),
            "signatory_title": self._of_party("signatories", key, "role"),
            "bank": self._of_party("bank_accounts", key, "bank"),
            "account": self._of_party("bank_accounts", key, "account"),
        }
        lengths = {"uscc": 18, "address": 300, "bank": 200, "phone": 64, "account": 64}
        return {name: str(text).strip()[: lengths.get(name, 64)] for name, text in details.items() if text}

    def _of_party(self, name: str, key: str, part: str) -> Any:
        listed = self.value(name)
        rows: Iterable[Any] = listed if isinstance(listed, list) else []
        return next((row.get(part) for row in rows if isinstance(row, Mapping) and row.get("party") == key), None)

    def line_items(self) -> tuple[LineItemValues, ...]:
        """标的明细; a row without a name is left out."""
        rows = self.value("line_items", "line_items") or []
        return tuple(
            LineItemValues(
                name=str(row["name"])[:300],
                spec=str(row.get("spec") or "")[:300],
                measure=str(row.get("unit") or "")[:32],
                quantity=exact(row.get("qty"), places=4),
                unit_price=exact(row.get("unit_price"), places=6),
                amount=exact(row.get("total")),
            )
            for row in rows
            if isinstance(row, Mapping) and row.get("name")
        )

    def instalments(self) -> tuple[InstalmentValues, ...]:
        """付款计划; percentages arrive as 30 for 30 %."""
        rows = self.value("payment_plan", "instalments") or []
        return tuple(
            InstalmentValues(
                percent=_hundredth(row.get("pct")),
                amount=exact(row.get("amount")),
                trigger=str(row.get("trigger") or "")[:500],
            )
            for row in rows
            if isinstance(row, Mapping)
        )


def _evidence(get: Callable[..., Any], surety: float) -> Said:
    """Return where on the paper a value stands; what was concluded from other places stands nowhere."""
    raw, page = str(get("raw", "") or "").strip(), get("page", None)
    if get("derived", False) or len(raw) < 2 or page is None:
        return Said(source=Source.READ, raw=raw, confidence=surety)
    start, end, box = get("start", None), get("end", None), get("box", None)
    return Said(source=Source.READ, raw=raw, page=page, start=start, end=end, box=box, confidence=surety)


def _kind(title: str, contract_type: str) -> str:
    """Return what the title says the paper is (补充, 框架, 订单), else what goes with its type."""
    named = next((kind for word, kind in KIND_WORDS.items() if word in title), None)
    return named or KINDS.get(ContractType(contract_type), Kind.OTHER)


def kind_of(title: str, contract_type: str) -> str:
    """Return 合同类别: what the title says (补充协议, 框架 …), else what follows from the type."""
    said = next((kind for word, kind in KINDS_BY_TITLE.items() if word in title), None)
    return said or KINDS.get(ContractType(contract_type), Kind.OTHER)


def exact(value: Any, places: int = 2) -> Decimal | None:
    """Return ``value`` ("1200.00", "13%", 12) as an exact Decimal of at most ``places``, or None."""
    if value in (None, ""):
        return None
    text = str(value).strip()
    try:
        number = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() >= 15 - places:
        return None
    number = number.scaleb(-2) if text.endswith("%") else number
    return number if number == round(number, places) else None


def day(value: Any) -> dt.date | None:
    """Return an ISO date, or None."""
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def _hundredth(value: Any) -> Decimal | None:
    number = exact(value, places=4)
    return None if number is None else number.scaleb(-2) if not str(value).endswith("%") else number
