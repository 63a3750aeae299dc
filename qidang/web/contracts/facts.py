"""基本信息: the fields of a contract in the order in which people read them; what is empty is left out."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qidang.contracts.models import Contract
from qidang.contracts.models.revisions import Revision
from qidang.contracts.models.terms import ROWS
from qidang.web.templatetags.trade import day, money, percent

MONEY = {"amount_excl_tax", "vat_amount", "deposit_amount", "discount", "freight", "other_fee", "award_amount"}
WIDE = {"subject_matter", "payment_terms", "term_text", "remarks", "summary"}


MAIN = ("contract_type", "kind", "our_role", "secrecy", "form_mode", "template_name", "keywords")
AMOUNTS = (
    *("amount_excl_tax", "vat_rate", "vat_amount", "amount_in_words", "pricing_mode", "deposit_kind"),
    *("deposit_amount", "discount", "freight", "other_fee", "fx_rate"),
)
MATTER = ("subject_matter", "payment_terms", "term_text", "summary", "remarks")
DISPUTE = ("dispute_mode", "dispute_institution", "dispute_court", "governing_law", "prevailing_language")
ORIGIN = (
    *("sign_place", "project_number", "opportunity_number", "order_number", "tender_number", "awarded_on"),
    *("award_amount", "copies_total", "copies_ours"),
)
ORIGINALS = ("originals", "originals_back", "duplicates", "original_holder", "place", "binder")
SECTIONS = (
    (_("合同"), MAIN),
    (_("金额与税"), AMOUNTS),
    (_("内容"), MATTER),
    (_("争议解决"), DISPUTE),
    (pgettext_lazy("纸", "原件"), ORIGINALS),
    (_("来源"), ORIGIN),
)


def _shown(contract: Contract, name: str) -> str:
    value: Any = getattr(contract, name)
    display = getattr(contract, f"get_{name}_display", None)
    if display is not None:
        return str(display())
    if name in MONEY:
        return money(value, contract.currency)
    if name == "vat_rate":
        return percent(value)
    if name.endswith("_on"):
        return day(value)
    return "" if value is None else str(value)


def sections(contract: Contract) -> list[dict[str, Any]]:
    """Return [{title, facts: [(label, value, is wide, name)]}]."""
    found = []
    for title, names in SECTIONS:
        facts = [(label_of(name), _shown(contract, name), name in WIDE, name) for name in names]
        found.append({"title": title, "facts": [fact for fact in facts if fact[1]]})
    return found


def summed(rows: Sequence[Any], whole: Decimal | None) -> dict[str, Decimal | None]:
    """Return what the amounts and shares of ``rows`` come to, and how far that is from ``whole``: a hint, no rule.

    Where some row has no amount, nothing can be said of the whole.
    """
    amounts = [row.amount for row in rows if row.amount is not None]
    shares = [share for row in rows if (share := getattr(row, "percent", None)) is not None]
    sum_ = sum(amounts, Decimal(0)) if amounts else None
    gap = sum_ - whole if sum_ is not None and whole is not None and len(amounts) == len(rows) else None
    return {"sum": sum_, "gap": gap, "share": sum(shares, Decimal(0)) if shares else None}


def label_of(name: str) -> str:
    """Return the label of a field; the name itself where a later release dropped the field."""
    try:
        return Contract.label_of(name)
    except FieldDoesNotExist:
        return name


def dates(contract: Contract) -> list[tuple[Any, Any, bool, str]]:
    """Return (label, date, whether the days left are counted, name of the field) for the dates that matter."""
    runs = contract.status in ("IN_FORCE", "PENDING") or (contract.status == "EXPIRED" and not contract.past_state)
    return [
        (_("签订"), contract.signed_on, False, "signed_on"),
        (_("生效"), contract.in_force_on, contract.status == "PENDING", "in_force_on"),
        (_("交付"), contract.delivery_on, False, "delivery_on"),
        (_("到期"), contract.expires_on, runs, "expires_on"),
    ]


def told(revision: Revision, customs: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """Return a change of a field as people read it: label, from what, to what, who, when, why.

    ``customs`` are the labels of custom fields by name, where many changes are told.
    """
    old, new = (_words(revision.field, text) for text in (revision.old, revision.new))
    by, at, why = revision.by, revision.at, revision.why
    label = customs.get(revision.field) or label_of(revision.field)
    return {"label": label, "old": old, "new": new, "by": by, "at": at, "why": why}


def compared(contract: Contract, field: str, text: str) -> str:
    """Return what a contract says in a field, beside another contract, as people read it."""
    if field == "amount" or field in MONEY:
        return money(getattr(contract, field), contract.currency)
    return _words(field, text)


def _words(field: str, text: str) -> str:
    """Return a revision's text; rows, which it keeps as JSON, one to a line."""
    kind = ROWS.get(field)
    if kind is None:
        return _choice(Contract, field, text)
    try:
        rows = json.loads(text or "[]")
    except ValueError:
        return text
    said = (
        [_choice(kind, name, value) for name, value in row.items() if name not in ("no", "company")] for row in rows
    )
    return "\n".join(f"{number}. {' · '.join(words)}" for number, words in enumerate(said, start=1))


def _choice(model: Any, field: str, value: str) -> str:
    """Return the word of a choice, any other value as it is."""
    try:
        words = dict(model._meta.get_field(field).flatchoices)
    except FieldDoesNotExist:
        return value
    return str(words.get(value, value))
