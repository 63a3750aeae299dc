"""识读之后: where an arrival stands once it has been read."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from qidang.accounts.models import Department, User
from qidang.contracts.choices import Source
from qidang.contracts.from_reading import Entity, Proposal, values_from
from qidang.contracts.models import Contract
from qidang.contracts.registering import register
from qidang.kit.clock import now, today
from qidang.kit.refusal import Refused
from qidang.ledger import record
from qidang.reading import READER_VERSION
from qidang.reading.likeness import NEAR, NEAR_SCAN, distance

from .duplicates import told_apart
from .isolating import FOUND, isolate
from .models import Arrival, Batch, State
from .receiving import BARRED, Kept, cleared_before, keep, pass_over, receive
from .review import paper_of
from .texts import keep_reading

if TYPE_CHECKING:
    from qidang.contracts.values import ContractValues
    from qidang.reading.pool import Reading

CANDIDATES = 50
GONE = (State.WITHDRAWN, State.ARRANGED, State.CLEARED)


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """What the reading of one arrival comes to, worked out before any transaction begins."""

    reading: Reading
    proposal: Proposal | None
    members: list[Kept]


def work_out(arrival: Arrival, reading: Reading, entities: Sequence[Entity]) -> Finding:
    """Keep text, fields and members of ``reading``, and work out what it says; no transaction is open."""
    if reading.refused != FOUND:
        keep_reading(arrival.sha256, reading)
    proposal = None
    if reading.extraction is not None:
        proposal = values_from(reading.extraction.fields, units=entities, today=today())
    return Finding(reading, proposal, _members(arrival, reading))


def settle(arrival: Arrival, finding: Finding, *, system: User | None = None) -> None:
    """Write down where the arrival stands now: opened, refused, duplicate, registered or to review.

    Nothing is written where somebody settled it meanwhile (withdrew it, or read it in another worker).
    """
    system = system or User.objects.system()
    if finding.reading.refused == FOUND:
        isolate(arrival.sha256, by=system)
        return
    with transaction.atomic():
        held = (
            Arrival.objects.select_for_update().filter(pk=arrival.pk, state=State.READING).only("contract_id").first()
        )
        if held is None:
            return
        arrival.contract_id = held.contract_id
        _note(arrival, finding)
        if arrival.contract_id is not None:  # it became the paper of a contract while it waited
            arrival.state, arrival.code = State.REGISTERED, finding.reading.refused or ""
        elif finding.reading.refused == "reading.unsupported":
            arrival.state, arrival.code = State.TO_REVIEW, "intake.unread"
        elif finding.reading.refused:
            arrival.state, arrival.code = State.REFUSED, finding.reading.refused
        elif finding.members or finding.reading.skipped:
            arrival.state, arrival.code = State.OPENED, "intake.opened"
        else:
            _judge(arrival, finding)
        arrival.save()
        if arrival.state != State.REGISTERED or held.contract_id is not None:
            record("arrival.read", arrival, by=system)  # what was registered just now has its own entry, which says so
    where = arrival.path or arrival.filename
    pass_over(arrival.batch, [(f"{where}/{name}", why) for name, why in finding.reading.skipped])
    if finding.members:
        receive(arrival.batch, finding.members, by=system)


def _members(arrival: Arrival, reading: Reading) -> list[Kept]:
    where = arrival.path or arrival.filename
    kept = []
    for part in reading.parts:
        try:
            kept.append(keep(part.data, part.name, path=f"{where}/{part.name}", parent=arrival))
        except Refused as refusal:
            if refusal.code == BARRED:  # a stub of it says that this archive carries it
                kept.append(cleared_before(refusal, part.name, path=f"{where}/{part.name}", parent=arrival))
    return kept


def _note(arrival: Arrival, finding: Finding) -> None:
    reading = finding.reading
    arrival.lease_until, arrival.password, arrival.code = None, "", ""
    arrival.read_at = now()
    arrival.reader_version = READER_VERSION
    arrival.media_type, arrival.seconds = reading.media_type[:100], reading.seconds
    if reading.packed:
        arrival.pages, arrival.ocr_pages, arrival.chars = reading.pages, reading.ocr_pages, reading.chars
        arrival.likeness = reading.likeness
    if reading.extraction is not None:
        arrival.is_contract = reading.extraction.is_contract
    if finding.proposal is not None:
        arrival.title = finding.proposal.values.title[:200]
        arrival.number_read = finding.proposal.values.number_on_paper[:100]


def _judge(arrival: Arrival, finding: Finding) -> None:
    proposal = finding.proposal
    arrival.state = State.TO_REVIEW
    if not arrival.chars:
        arrival.code = "intake.no_text"
        return
    if proposal is None or not arrival.is_contract:
        arrival.code = "intake.not_a_contract" if proposal else ""
        return
    others, contracts = told_apart(arrival)
    same = _contract_with_its_number(proposal.values)
    if same is not None and same.pk not in contracts:
        arrival.state, arrival.code, arrival.contract = State.DUPLICATE, "intake.same_number", same
        return
    near = _nearly_the_same(arrival, others)
    if near is not None:
        arrival.state, arrival.code, arrival.duplicate_of = State.DUPLICATE, "intake.near_text", near
        arrival.contract = near.contract
        return
    if arrival.batch.registers_by_itself:
        _register(arrival, proposal)


def _register(arrival: Arrival, proposal: Proposal) -> None:
    """登记 without review: only when every required field was read with high confidence."""
    if not proposal.is_sure:
        arrival.code = "intake.unsure"
        return
    try:
        with transaction.atomic():
            values = dataclasses.replace(proposal.values, department=_department(arrival.batch, proposal.values.unit))
            contract = register(
                values, by=arrival.batch.by, paper=paper_of(arrival), source=Source.READ, said=proposal.said
            )
    except Refused as refusal:
        arrival.code = refusal.code
        return
    arrival.state, arrival.contract = State.REGISTERED, contract
    record("arrival.registered", arrival, contract, by=arrival.batch.by)


def _department(batch: Batch, unit: Department | None) -> Department | None:
    """The department that the batch came to, where it belongs to the contract's legal unit."""
    department = batch.department
    return department if department and unit and department.unit_id == unit.unit_id else None


def _contract_with_its_number(values: ContractValues) -> Contract | None:
    if not values.number_on_paper or values.unit is None:
        return None
    same = Contract.objects.standing().filter(unit=values.unit, number=values.number_on_paper)
    return same.only("uid", "number", "number_on_paper", "title").first()


def _nearly_the_same(arrival: Arrival, told: set[int]) -> Arrival | None:
    """Return an earlier arrival with the same number and title and a text within ``NEAR`` bits.

    Of a scan, two recognitions differ by more: with the same number, ``NEAR_SCAN`` bits and another title still do.
    """
    if arrival.likeness is None:
        return None
    named = Q(number_read=arrival.number_read)
    if not (arrival.number_read and arrival.ocr_pages):
        named &= Q(title=arrival.title) | (~Q(number_read="") & Q(ocr_pages__gt=0))
    others = Arrival.objects.filter(named, is_contract=True).exclude(pk=arrival.pk).exclude(pk__in=told)
    others = others.exclude(state__in=GONE).exclude(likeness=None)
    found = others.order_by("-id").values_list("pk", "likeness", "ocr_pages", "number_read")[:CANDIDATES]
    for key, mark, recognised, number in found:
        is_scan = bool(number and (recognised or arrival.ocr_pages))
        if mark is not None and distance(mark, arrival.likeness) <= (NEAR_SCAN if is_scan else NEAR):
            return Arrival.objects.select_related("contract").get(pk=key)
    return None
