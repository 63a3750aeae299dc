"""重复: a paper that seems to repeat another is decided by one act: a copy, a better scan, or another paper.

A fourth answer, brought by mistake, leads to ``clearing``. Nobody decides against a paper that he may not see.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.db import transaction

from qidang.accounts.capabilities import require
from qidang.contracts.choices import DocumentKind
from qidang.contracts.models import Contract, Version
from qidang.kit.refusal import Refused
from qidang.ledger import record

from .models import Arrival, Comparison, Said, State
from .models.arrival import WORKABLE
from .receiving import wake
from .review import held, paper_of

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.contracts.models import Document
    from qidang.intake.models.arrival import ArrivalQuerySet

SAME_BYTES = "intake.same_bytes"
SETTLED_AS_COPY, BETTER_CAME = "intake.copy_of_another", "intake.better_scan_came"


@dataclasses.dataclass(frozen=True, slots=True)
class Other:
    """The paper that is repeated, as far as the person may see it: an arrival, a contract, and the version shown."""

    arrival: Arrival | None = None
    contract: Contract | None = None
    version: Version | None = None

    def __bool__(self) -> bool:
        return self.arrival is not None or self.contract is not None


def open_duplicates(user: User) -> ArrivalQuerySet:
    """重复待定: what waits to be decided and is in the person's hands."""
    return Arrival.objects.visible_to(user).filter(state=State.DUPLICATE)


def other_of(arrival: Arrival, user: User) -> Other:
    """Return what the arrival seems to repeat, within the person's sight."""
    first = Arrival.objects.visible_to(user).filter(pk=arrival.duplicate_of_id or 0).select_related("blob").first()
    key = arrival.contract_id or (first.contract_id if first else None)
    contract = Contract.objects.visible_to(user).filter(pk=key or 0).select_related("department").first()
    version = _nearest(contract, arrival) if contract else None
    return Other(first, contract, version)


def keep_as_copy(arrival: Arrival, *, by: User, why: str = "") -> None:
    """同一份: one more copy of the same contract; of a paper that is not registered yet, the second waits no more."""
    require(by, "intake.review")
    with transaction.atomic():
        arrival, other = _against(arrival, by)
        if other.contract is not None:
            _add_to(other.contract, arrival, None, by=by, why=why)
            arrival.state, arrival.code, arrival.contract = State.REGISTERED, "", other.contract
        else:
            _refuse_laid_down(other.arrival)
            arrival.state_before, arrival.state, arrival.code = State.DUPLICATE, State.WITHDRAWN, SETTLED_AS_COPY
        _settle(arrival, other, Said.COPY, "arrival.kept_as_copy", by=by, why=why)


def take_as_better(arrival: Arrival, *, by: User, why: str = "") -> None:
    """更好的扫描件: it becomes the one that is shown; the one before stays, as an earlier version of the same paper.

    Where the other is not registered yet, this one waits to be registered in its place.
    """
    require(by, "intake.review")
    with transaction.atomic():
        arrival, other = _against(arrival, by)
        if arrival.code == SAME_BYTES:
            raise Refused("duplicate.same_bytes_no_better")
        if other.contract is not None:
            document = other.version.document if other.version else None
            _add_to(other.contract, arrival, document, by=by, why=why)
            arrival.state, arrival.code, arrival.contract = State.REGISTERED, "", other.contract
        else:
            _put_before(arrival, other.arrival)
        _settle(arrival, other, Said.BETTER, "arrival.took_over", by=by, why=why)


def tell_apart(arrival: Arrival, *, by: User, why: str = "") -> None:
    """不是重复: it is a paper of its own; the two are not held against each other again."""
    require(by, "intake.review")
    with transaction.atomic():
        arrival = held(arrival, State.DUPLICATE)
        other, seen = Other(arrival.duplicate_of, arrival.contract), other_of(arrival, by)
        arrival.state, arrival.duplicate_of, arrival.contract = State.TO_REVIEW, None, None
        if arrival.code == SAME_BYTES:  # it was never read under its own name
            arrival.state, arrival.attempts = State.WAITING, 0
            wake(arrival.batch)
        code, arrival.code = arrival.code, ""
        _settle(arrival, other, Said.DIFFERENT, "arrival.told_apart", by=by, why=why, code=code, seen=seen)


def told_apart(arrival: Arrival) -> tuple[set[int], set[int]]:
    """Return the keys of arrivals and of contracts that a person told apart from this arrival."""
    said = Comparison.objects.filter(arrival=arrival, said=Said.DIFFERENT).values_list("other", "contract")
    pairs = list(said)
    return {other for other, _ in pairs if other}, {contract for _, contract in pairs if contract}


def _against(arrival: Arrival, by: User) -> tuple[Arrival, Other]:
    arrival = held(arrival, State.DUPLICATE)
    other = other_of(arrival, by)
    if not other:
        raise Refused("duplicate.other_unseen")
    return arrival, other


def _nearest(contract: Contract, arrival: Arrival) -> Version | None:
    """Return the version to hold against: the one with the same bytes, else the newest scan or body."""
    versions = Version.objects.filter(document__contract=contract, cleared_at=None)
    versions = versions.select_related("blob", "document__contract").order_by("-at")
    same = versions.filter(blob=arrival.blob_id).first()
    signed = versions.filter(document__kind__in=(DocumentKind.SCAN, DocumentKind.BODY)).first()
    return same or signed or versions.first()


def _add_to(contract: Contract, arrival: Arrival, document: Document | None, *, by: User, why: str) -> None:
    """Add the bytes to the contract, as the next version of ``document`` or as a paper of its own; never twice."""
    contract.opened(by)
    if Version.objects.filter(document__contract=contract, blob=arrival.blob_id, cleared_at=None).exists():
        return
    paper = paper_of(arrival)
    if document is not None:
        document.add_version(paper, by=by, why=why or str(Said.BETTER.label))
        return
    kind = DocumentKind.SCAN if paper.is_scan else DocumentKind.OTHER
    named = dataclasses.replace(paper, kind=kind, title=arrival.title or arrival.filename)
    contract.add_document(named, by=by, why=why or str(Said.COPY.label))


def _refuse_laid_down(first: Arrival | None) -> None:
    """Refuse to lay a paper down as a copy of one that was laid down itself: then neither would be registered."""
    gone = (State.WITHDRAWN, State.ISOLATED, State.CLEARED)
    if first is None or Arrival.objects.filter(pk=first.pk, state__in=gone).exists():
        raise Refused("intake.duplicate_of_none", filename=first.filename if first else "")


def _put_before(arrival: Arrival, other: Arrival | None) -> None:
    """Let the better scan wait to be registered, and lay the other one down; it can be put back."""
    assert other is not None
    other = held(other, *WORKABLE)
    other.state_before, other.state, other.code = other.state, State.WITHDRAWN, BETTER_CAME
    other.save(update_fields=["state_before", "state", "code"])
    arrival.state, arrival.code, arrival.duplicate_of = State.TO_REVIEW, "", None


def _settle(
    arrival: Arrival,
    other: Other,
    said: Said,
    act: str,
    *,
    by: User,
    why: str,
    code: str | None = None,
    seen: Other | None = None,
) -> None:
    proposed = Arrival.objects.values_list("code", flat=True).get(pk=arrival.pk) if code is None else code
    arrival.save()
    Comparison.objects.create(
        arrival=arrival,
        other=other.arrival,
        contract=other.contract,
        code=proposed,
        said=said,
        why=why.strip()[:200],
        by=by,
    )
    known = other if seen is None else seen  # the log names nothing that who decided may not see
    named = [one for one in (known.arrival, known.contract) if one is not None]
    record(act, arrival, *named, by=by)
