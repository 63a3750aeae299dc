"""核对: what a person decides about an arrival; nothing is erased, and every decision but registering can be undone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from qidang.accounts.capabilities import require
from qidang.contracts.choices import DocumentKind
from qidang.contracts.models import Contract
from qidang.contracts.registering import register
from qidang.contracts.values import PaperIn
from qidang.kit.ids import parse_uid
from qidang.kit.refusal import Refused
from qidang.ledger import record

from .isolating import refuse_isolated
from .models import Arrival, Rendition, State
from .receiving import wake

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.contracts.models import Document
    from qidang.contracts.values import ContractValues, Said

VERSIONED = (DocumentKind.BODY, DocumentKind.SCAN)
FIXED = {"application/pdf", "application/ofd"}  # 版式文件: what a signed paper comes as, unlike a Word draft


def held(arrival: Arrival, *states: str) -> Arrival:
    """Return the arrival, locked; refuse when it is not in one of ``states`` any more (somebody was quicker)."""
    row = Arrival.objects.select_for_update(of=("self",)).select_related("batch", "blob").get(pk=arrival.pk)
    if row.state not in states:
        raise Refused("intake.settled_meanwhile", filename=row.filename, state=row.get_state_display())
    refuse_isolated(row.sha256)
    return row


def paper_of(arrival: Arrival) -> PaperIn:
    """Return the arrival's bytes as the paper of a contract."""
    return PaperIn(
        blob=arrival.blob,
        filename=arrival.filename,
        media_type=arrival.media_type,
        is_scan=arrival.media_type in FIXED or arrival.media_type.startswith("image/"),
        pages=arrival.pages or None,
        chars=arrival.chars or None,
    )


@transaction.atomic
def confirm(arrival: Arrival, values: ContractValues, *, by: User, said: Mapping[str, Said] | None = None) -> Contract:
    """登记: make a contract of the arrival with the values that a person decided on; ``said`` is what was read."""
    require(by, "intake.review")
    arrival = held(arrival, State.TO_REVIEW, State.DUPLICATE, State.REFUSED)
    contract = register(values, by=by, paper=paper_of(arrival), said=said)
    _settle(arrival, State.REGISTERED, contract=contract)
    record("arrival.registered", arrival, contract, by=by)
    return contract


def contract_named(text: str, *, by: User) -> Contract:
    """Return the one contract within ``by``'s reach that carries the number ``text``, or has it as its uid."""
    text = text.strip()
    visible = Contract.objects.visible_to(by)
    uid = parse_uid(text)
    found = list(visible.filter(uid=uid)[:1] if uid else visible.numbered(text)[:2]) if text else []
    if not found:
        raise Refused("intake.contract_unknown", number=text)
    if len(found) > 1:
        raise Refused("intake.contract_ambiguous", number=text)
    return found[0]


@transaction.atomic
def attach(arrival: Arrival, contract: Contract, *, kind: str, why: str, by: User) -> Document:
    """并入: make the arrival a paper of a contract that is there.

    A body or a scan becomes a new version of the one the contract has; every other kind is a paper of its own.
    """
    arrival = held(arrival, State.TO_REVIEW, State.DUPLICATE, State.REFUSED)
    paper = dataclasses.replace(paper_of(arrival), kind=kind, title=arrival.title or arrival.filename)
    document: Document | None = None
    if kind in VERSIONED:
        document = contract.documents.filter(kind=kind).order_by("id").first()
    if document is None:
        document = contract.add_document(paper, by=by, why=why)
    else:
        document.add_version(paper, by=by, why=why)
    _settle(arrival, State.REGISTERED, contract=contract)
    record("arrival.attached", arrival, contract, by=by)
    return document


@transaction.atomic
def withdraw(arrival: Arrival, *, by: User, why: str) -> None:
    """撤回: take the arrival out of the work; its bytes and its story stay, and it can be put back."""
    if not why.strip():
        raise Refused("intake.reason_needed")
    arrival = held(arrival, State.TO_REVIEW, State.DUPLICATE, State.REFUSED, State.WAITING)
    if arrival.state == State.WAITING and arrival.contract_id is not None:
        raise Refused("intake.paired_already", filename=arrival.filename)
    arrival.state_before = arrival.state
    _settle(arrival, State.WITHDRAWN)
    record("arrival.withdrawn", arrival, by=by, details={"why": why})


@transaction.atomic
def put_back(arrival: Arrival, *, by: User) -> None:
    """撤销撤回: the arrival stands again where it stood."""
    arrival = held(arrival, State.WITHDRAWN)
    if Rendition.objects.filter(arrival=arrival, arranging__undone_at__isnull=False).exists():
        raise Refused("intake.arranging_undone")
    _settle(arrival, State(arrival.state_before or State.TO_REVIEW))
    if arrival.state == State.WAITING:
        wake(arrival.batch)
    record("arrival.put_back", arrival, by=by)


@transaction.atomic
def retry(arrival: Arrival, *, by: User, password: str = "") -> None:
    """重新识读: read the arrival once more, with the password of the file when it has one."""
    arrival = held(arrival, State.REFUSED, State.TO_REVIEW, State.DUPLICATE)
    arrival.attempts, arrival.code, arrival.password = 0, "", password
    arrival.duplicate_of = arrival.contract = None  # whether it still repeats something, reading will say
    _settle(arrival, State.WAITING)
    wake(arrival.batch)
    record("arrival.retried", arrival, by=by)


def _settle(arrival: Arrival, state: State, contract: Contract | None = None) -> None:
    arrival.state = state
    if contract is not None:
        arrival.contract = contract
    arrival.save()
