"""取材: contracts and waiting arrivals as the index takes them, read from the database and the vault."""

import datetime
import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from qidang.contracts.choices import Secrecy, Status
from qidang.contracts.models import Contract, Document, Version
from qidang.contracts.models.custom_kinds import text_of
from qidang.intake.models import Arrival, State
from qidang.intake.models.arrival import ArrivalQuerySet
from qidang.intake.texts import fields_of, pages_of
from qidang.kit import clock
from qidang.kit.amounts import parse_amount
from qidang.kit.refusal import Refused
from qidang.search.papers import ARRIVAL, CONTRACT, WAITING, IndexedPaper
from qidang.vault.models import Blob

CHUNK = 200  # rows read from the database at once
NAMED = ("number", "number_on_paper", "counterparty_number", "order_number", "project_number", "tender_number")
TOLD = (
    *("subject_matter", "keywords", "summary", "remarks", "sign_place", "payment_terms", "opportunity_number"),
    *("place", "original_holder", "binder"),
)
READ_NAMES = ("buyer", "seller", "party_a", "party_b")


def waiting() -> ArrivalQuerySet:
    """待登记: the arrivals that can be found; the same bytes are found once, where they came first."""
    likely = Q(state=State.DUPLICATE) & ~Q(code="intake.same_bytes")
    return Arrival.objects.filter(Q(state=State.TO_REVIEW) | likely)


def contracts(rows: QuerySet[Contract]) -> Iterator[IndexedPaper]:
    """Yield the contracts of ``rows`` with the text of their current papers."""
    related = (
        "parties",
        "line_items",
        "documents__versions__blob",
        "counterparty__aliases",
        "counterparty__codes",
        "counterparty__merged",
    )
    today = clock.today()
    for keys in _keys(rows):
        some = rows.filter(pk__in=keys).select_related("counterparty").prefetch_related(*related)
        yield from (_contract(contract, today) for contract in some)


def arrivals(rows: QuerySet[Arrival]) -> Iterator[IndexedPaper]:
    """Yield the arrivals of ``rows`` with their text and what was read of their fields."""
    for keys in _keys(rows):
        yield from (_arrival(arrival) for arrival in rows.filter(pk__in=keys).select_related("batch", "blob"))


def _keys(rows: QuerySet[Any]) -> Iterator[tuple[int, ...]]:
    """Yield the keys of ``rows`` some at a time.

    No cursor stays open meanwhile: a text that was lost is read again here, which may take hours over an archive of
    scans and may write, and SQLite neither empties its log nor lets the reader write while he still reads.
    """
    yield from itertools.batched(list(rows.values_list("pk", flat=True)), CHUNK)


def current(contract: Contract) -> list[Version]:
    """Return the newest version of each document of ``contract``, the body first."""
    documents: list[Document] = sorted(contract.documents.all(), key=lambda one: (one.kind != "BODY", one.pk))
    newest = [max(_kept(document), key=lambda one: one.no, default=None) for document in documents]
    return [version for version in newest if version is not None]


def _kept(document: Document) -> list[Version]:
    """Return the versions that were not cleared (误传清除); all were fetched before."""
    return [version for version in document.versions.all() if version.cleared_at is None]


def heading(contract: Contract) -> list[str]:
    """Return what a person knows a contract by, for hits whose words stand in its fields only."""
    named = (*NAMED, "reference", "old_reference", "title", "counterparty_name", *TOLD)
    told = [getattr(contract, name) for name in named]
    return [text for text in (*told, *_customs(contract)) if text]


def _customs(contract: Contract) -> list[str]:
    """Return what stands in custom fields, word for word; a bare yes or no is nothing to look for."""
    return [text_of(value) for value in contract.custom.values() if not isinstance(value, bool)]


def _contract(contract: Contract, today: datetime.date) -> IndexedPaper:
    versions = current(contract)
    parties = list(contract.parties.all())
    counterparty = contract.counterparty
    aliases = [one.name for one in (*counterparty.aliases.all(), *counterparty.merged.all())] if counterparty else []
    others = [getattr(contract, name) for name in TOLD] + [version.filename for version in versions]
    others += _customs(contract)
    others += [text for one in parties for text in (one.uscc, one.legal_representative, one.signatory, one.address)]
    others += [text for one in contract.line_items.all() for text in (one.name, one.brand, one.spec, one.model)]
    if counterparty:
        others += [counterparty.uscc, counterparty.code, *(one.code for one in counterparty.codes.all())]
    return IndexedPaper(
        uid=str(contract.uid),
        kind=CONTRACT,
        rights=[f"o:{contract.owner_id}", f"d:{contract.department_id}"],
        numbers=[getattr(contract, name) for name in NAMED],
        title=contract.title,
        companies=[*(party.name for party in parties), *aliases],
        reference=contract.reference,
        old_reference=contract.old_reference,
        others=others,
        papers=[] if contract.secrecy == Secrecy.CORE else [_pages(one.blob, one.filename) for one in versions],
        year=contract.year,
        contract_type=contract.contract_type,
        customer=counterparty.name if counterparty else contract.counterparty_name,
        customer_key=contract.counterparty_id,
        department=contract.department_id,
        owner=contract.owner_id,
        status=_status(contract, today),
        filing=contract.filing_status,
        is_historical=bool(contract.past_state),
        amount=contract.amount,
        signed_on=contract.signed_on,
        expires_on=contract.expires_on,
    )


def _status(contract: Contract, today: datetime.date) -> str:
    """The status as of today; the stored one may be from the day of the last act."""
    ended = contract.expires_on is not None and contract.expires_on < today
    begun = contract.in_force_on is None or contract.in_force_on <= today
    if contract.status in (Status.IN_FORCE, Status.PENDING) and ended:
        return str(Status.EXPIRED)
    return str(Status.IN_FORCE) if contract.status == Status.PENDING and begun else contract.status


def _arrival(arrival: Arrival) -> IndexedPaper:
    batch, read = arrival.batch, fields_of(arrival.sha256)
    values: dict[str, Any] = {name: found.value for name, found in read.fields.items() if found} if read else {}
    signed = _date(values.get("sign_date"))
    names = [str(values[name]) for name in READ_NAMES if values.get(name)]
    return IndexedPaper(
        uid=str(arrival.uid),
        kind=ARRIVAL,
        rights=[f"t:{batch.by_id}", *([f"v:{batch.department_id}"] if batch.department_id else [])],
        numbers=[arrival.number_read],
        title=arrival.title,
        companies=names,
        others=[arrival.filename],
        papers=[_pages(arrival.blob, arrival.filename)],
        year=signed.year if signed else None,
        contract_type=(read.contract_type or "") if read else "",
        department=batch.department_id,
        owner=batch.by_id,
        status=WAITING,
        amount=_amount(values.get("amount")),
        signed_on=signed,
    )


def _pages(blob: Blob, filename: str) -> list[str]:
    """Return the text of each page; none where the bytes are refused (they stay findable by their fields)."""
    try:
        return pages_of(blob, filename)
    except Refused:
        return []


def _date(value: object) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        return None


def _amount(value: object) -> Decimal | None:
    return parse_amount(str(value)) if value else None
