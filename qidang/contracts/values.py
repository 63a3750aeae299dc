"""登记值: what is to be registered, before it is a contract. Plain dataclasses, no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qidang.contracts.choices import ContractType, DocumentKind, Kind, PartyRole, Secrecy, Source

if TYPE_CHECKING:
    from qidang.accounts.models import Department, User
    from qidang.contracts.models import Company, Contract, Document
    from qidang.vault.models import Blob


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyValues:
    """签约方 as written. ``phone`` and ``account`` go into sealed columns."""

    name: str
    role: str = PartyRole.OTHER
    side: str = ""
    company: Company | None = None
    uscc: str = ""
    legal_representative: str = ""
    signatory: str = ""
    signatory_title: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    bank: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItemValues:
    """标的明细: ``vat_rate`` 0.13 is 13 %."""

    name: str
    brand: str = ""
    spec: str = ""
    model: str = ""
    maker: str = ""
    origin: str = ""
    measure: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    vat_rate: Decimal | None = None
    amount: Decimal | None = None
    amount_excl_tax: Decimal | None = None
    vat_amount: Decimal | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentValues:
    """付款节点: ``percent`` 0.3 is 30 %."""

    name: str = ""
    percent: Decimal | None = None
    amount: Decimal | None = None
    trigger: str = ""
    days: int | None = None
    due_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractValues:
    """A contract to be registered. Required: ``title``, ``unit``, and ``counterparty`` or ``counterparty_name``.

    ``number_on_paper`` is what the paper says; ``number_is_ours`` is the person's word that it is our own number
    (True), is not (False), or nobody said (None: the unit's rules decide). Without ``department`` and ``owner`` the
    contract belongs to who registers it and, failing a department of his, to the unit. ``custom`` holds the values of
    custom fields by their names, typed or as people write them.
    """

    title: str
    unit: Department | None = None
    department: Department | None = None
    owner: User | None = None
    counterparty: Company | None = None
    counterparty_name: str = ""
    number_on_paper: str = ""
    number_is_ours: bool | None = None
    counterparty_number: str = ""
    old_reference: str = ""
    contract_type: str = ContractType.OTHER
    kind: str = Kind.SALE
    our_role: str = ""
    secrecy: str = Secrecy.INTERNAL
    currency: str = "CNY"
    amount: Decimal | None = None
    amount_excl_tax: Decimal | None = None
    vat_amount: Decimal | None = None
    vat_rate: Decimal | None = None
    fx_rate: Decimal | None = None
    discount: Decimal | None = None
    freight: Decimal | None = None
    other_fee: Decimal | None = None
    amount_in_words: str = ""
    pricing_mode: str = ""
    deposit_kind: str = ""
    deposit_amount: Decimal | None = None
    signed_on: dt.date | None = None
    in_force_on: dt.date | None = None
    expires_on: dt.date | None = None
    delivery_on: dt.date | None = None
    closed_on: dt.date | None = None
    sign_place: str = ""
    form_mode: str = ""
    project_number: str = ""
    opportunity_number: str = ""
    order_number: str = ""
    tender_number: str = ""
    awarded_on: dt.date | None = None
    award_amount: Decimal | None = None
    template_name: str = ""
    copies_total: int | None = None
    copies_ours: int | None = None
    originals: int | None = None
    duplicates: int | None = None
    originals_back: int | None = None
    original_holder: str = ""
    place: str = ""
    binder: str = ""
    language: str = "zh"
    prevailing_language: str = ""
    governing_law: str = ""
    parent: Contract | None = None
    relation: str = ""
    dispute_mode: str = ""
    dispute_institution: str = ""
    dispute_court: str = ""
    drafted_by: User | None = None
    subject_matter: str = ""
    term_text: str = ""
    payment_terms: str = ""
    keywords: str = ""
    summary: str = ""
    remarks: str = ""
    parties: tuple[PartyValues, ...] = ()
    line_items: tuple[LineItemValues, ...] = ()
    instalments: tuple[InstalmentValues, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)

    def lacking(self) -> list[str]:
        """Return the names of the required values that are not there: title, unit, counterparty."""
        absent = []
        if not self.title.strip():
            absent.append("title")
        if self.unit is None:
            absent.append("unit")
        if self.counterparty is None and not self.counterparty_name.strip():
            absent.append("counterparty")
        return absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """出处: who says that a field has its value (a Source), in which words, and where on the paper these stand.

    ``start`` and ``end`` count characters of the page's text, ``box`` is in fractions of the page, ``confidence`` is 0
    to 1. ``is_checked``: the person who acts has looked at the value himself.
    """

    source: str
    raw: str = ""
    page: int | None = None
    start: int | None = None
    end: int | None = None
    box: tuple[float, ...] | None = None
    confidence: float | None = None
    is_checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PastValues:
    """历史登记: the ``PastState`` ("" for what the dates tell), since when, by which paper, why."""

    state: str = ""
    since_on: dt.date | None = None
    voucher: str = ""
    document: Document | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperIn:
    """A file to be kept as a version of a contract's paper; its bytes are in the vault already."""

    blob: Blob
    filename: str
    kind: str = DocumentKind.BODY
    title: str = ""
    media_type: str = ""
    is_scan: bool = False
    pages: int | None = None
    chars: int | None = None

    @property
    def shows_signatures(self) -> bool:
        """Whether this is the paper as it was signed: a scan, or kept as one."""
        return self.is_scan or self.kind == DocumentKind.SCAN


ROWS = ("parties", "line_items", "instalments")
SIMPLE = tuple(
    one.name
    for one in fields(ContractValues)
    if one.name not in (*ROWS, "number_is_ours", "counterparty_name", "custom")
)
SOURCED = (*(name for name in SIMPLE if name != "counterparty"), "counterparty_name", *ROWS)
USUAL = {one.name: one.default for one in fields(ContractValues)}


def said_of(values: ContractValues, said: Mapping[str, Said], source: str) -> dict[str, Said]:
    """Return who said each value, by field: what ``said`` tells, for the rest ``source``.

    A value that nobody gave has no source: one that is empty or as usual, and, where no ``source`` is named or it is
    the reading, one that ``said`` does not tell. Which legal unit a ledger sheet is for, a person chose.
    """
    found: dict[str, Said] = {}
    rest = Said(source=source, is_checked=source == Source.PERSON) if source not in ("", Source.READ) else None
    for name in SOURCED:
        value: Any = getattr(values, name)
        if name == "counterparty_name":
            value = value or values.counterparty
        one = said.get(name)
        if one is None and value != USUAL[name] and not (name == "unit" and source == Source.LEDGER_SHEET):
            one = rest
        if one is not None and value not in (None, "", ()):
            found[name] = one
    for name, value in values.custom.items():
        one = said.get(name, rest)
        if one is not None and value not in (None, ""):
            found[name] = one
    return found
