"""合并登记: two registrations of one contract become one; what moves is remembered, so that it can go back.

The gone one keeps its row, its number (spent, never given again) and its log. The kept one gets its papers, what
belongs below it, and in each field that differs the value that a person chose.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Any

from django.db import transaction

from qidang.accounts.capabilities import require
from qidang.accounts.models import User
from qidang.contracts import snapshots
from qidang.contracts.choices import FilingStatus, Secrecy
from qidang.contracts.models import Contract, Document, IssuedNumber, Version
from qidang.contracts.models.contract import refuse_gone, refuse_void
from qidang.contracts.models.custom_fields import is_custom
from qidang.contracts.models.holds import refuse_held
from qidang.contracts.models.joinings import Joining
from qidang.contracts.moving import lock_both, settle_scan
from qidang.contracts.relating import ancestors
from qidang.contracts.values import ROWS, SIMPLE
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import record

CAPABILITY = "contract.withdraw"
STAYING = ("unit", "department", "owner", "drafted_by")  # whose the kept one is does not change by a joining
GROUPED = {"counterparty_name": ("counterparty", "counterparty_name"), "relation": ("parent", "relation")}
BY_RULE = "secrecy"  # the stricter one wins
CHOOSABLE = (
    "counterparty_name",
    *(name for name in SIMPLE if name not in (*STAYING, "counterparty", "parent", BY_RULE)),
    *ROWS,
)
STRICTNESS = list(Secrecy)


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the two say different things; ``is_lacking`` where the kept one says nothing."""

    name: str
    kept: str
    gone: str
    is_lacking: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Preview:
    """预览: what a joining would do, as far as the reader may see it, and what stands against it."""

    differences: list[Difference]
    secrecy: str
    moving: list[Document]
    staying: list[Document]
    children: list[Contract]
    refusal: Refused | None


def preview(kept: Contract, gone: Contract, *, user: User) -> Preview:
    """合并预览 for who may see both."""
    moving, staying = _papers(kept, gone)
    children = list(Contract.objects.visible_to(user).filter(parent=gone).order_by("pk"))
    refusal = _impossible(kept, gone)
    return Preview(differences(kept, gone, user), _stricter(kept, gone), moving, staying, children, refusal)


def differences(kept: Contract, gone: Contract, user: User) -> list[Difference]:
    """Return the fields that differ, in words; a related contract that ``user`` may not see is not named."""
    found = []
    for name in (*CHOOSABLE, *snapshots.customs_of(kept, gone)):
        if snapshots.same(kept, gone, names_of(name)):
            continue
        mine, theirs = (snapshots.in_words(one, name, user) for one in (kept, gone))
        is_lacking = not snapshots.says(kept, names_of(name))
        found.append(Difference(name, mine, theirs, is_lacking))
    return found


def names_of(name: str) -> tuple[str, ...]:
    """Return the columns that are chosen together under ``name``."""
    return GROUPED.get(name, (name,))


@transaction.atomic
def join(
    kept: Contract,
    gone: Contract,
    *,
    take: Collection[str],
    why: str,
    by: User,
    seen: tuple[int | None, int | None] = (None, None),
) -> Joining:
    """合并登记: ``gone`` becomes part of ``kept``, which takes over the gone one's values of the fields in ``take``.

    ``seen`` are the edit versions of both that the person looked at. Refuses without a reason, what is filed as the
    gone one, what is held, void or gone, and two of which one stands below the other.
    """
    if not why.strip():
        raise Refused("contract.joining_unexplained", number=str(gone))
    for contract in (kept, gone):
        require(by, CAPABILITY, contract)
    if kept.pk != gone.pk:
        lock_both(kept, gone, by=by)
        for contract in (kept, gone):  # it may have gone to another department meanwhile
            require(by, CAPABILITY, contract)
        _refuse_changed(kept, gone, seen)
    if refusal := _impossible(kept, gone):
        raise refusal
    taken = _taken(kept, gone, take)
    joining = Joining(kept=kept, gone=gone, why=why.strip(), taken=taken, by=by, at=clock.now())
    joining.before = snapshots.taken_of(kept, _columns(taken)) if taken else ""
    joining.documents = _move(_papers(kept, gone)[0], kept)
    joining.children = list(Contract.objects.filter(parent=gone).values_list("pk", flat=True))
    joining.save()
    _take_over(kept, gone, joining)
    _spend_numbers(gone, joining)
    _settle(kept, gone)
    record("contract.merged", kept, gone, by=by, details={"why": joining.why, "fields": taken} | _told(joining))
    _tell_children(joining, kept, by)
    return joining


@transaction.atomic
def part(gone: Contract, *, by: User) -> Joining:
    """撤销合并: both are as they were; refused where later acts changed, filed or moved what would go back."""
    require(by, CAPABILITY, gone)
    joining = Joining.objects.standing().filter(gone=gone).select_related("kept").first()
    if joining is None:
        raise Refused("contract.not_joined", number=str(gone))
    kept = _locked(joining, gone, by)
    _refuse_changed_since(joining, kept, gone)
    joining.parted_by, joining.parted_at = by, clock.now()
    joining.save(update_fields=["parted_by", "parted_at"])
    Document.objects.filter(pk__in=joining.documents).update(contract=gone)
    Contract.objects.filter(pk__in=joining.children, parent=kept).update(parent=gone)
    numbers = IssuedNumber.objects.filter(contract=gone, voided_at=joining.at)
    numbers.update(voided_at=None, voided_by=None, void_why="")
    kept.edit_version += 1
    if joining.before:
        snapshots.put_back(kept, joining.before, by=by, why=joining.why)
    gone.edit_version += 1
    _settle(kept, gone)
    record("contract.parted", kept, gone, by=by, details=_told(joining))
    _tell_children(joining, gone, by)
    return joining


def _impossible(kept: Contract, gone: Contract) -> Refused | None:
    """Return why these two cannot be joined as they stand; None where they can."""
    if kept.pk == gone.pk:
        return Refused("contract.joining_itself", number=str(kept))
    if gone.filing_status == FilingStatus.FILED:
        return Refused("contract.joining_filed", number=str(gone), reference=gone.reference)
    if gone.pk in ancestors(kept) or kept.pk in ancestors(gone):
        return Refused("contract.joining_related", kept=str(kept), gone=str(gone))
    try:
        for contract in (kept, gone):
            refuse_gone(contract)
            refuse_void(contract)
            refuse_held(contract)
    except Refused as refusal:
        return refusal
    return None


def _refuse_changed(kept: Contract, gone: Contract, seen: tuple[int | None, int | None]) -> None:
    for contract, version in zip((kept, gone), seen, strict=True):
        if version is not None and version != contract.edit_version:
            raise Refused("contract.joining_changed", number=str(contract))


def _locked(joining: Joining, gone: Contract, by: User) -> Contract:
    """Lock both rows, the lower key first; refuse where the kept one is void, gone, held or beyond ``by``."""
    kept = joining.kept
    for contract in sorted((kept, gone), key=lambda contract: contract.pk):
        contract.refresh_from_db(from_queryset=Contract.objects.select_for_update())
    for contract in (kept, gone):
        require(by, CAPABILITY, contract)
    if not Joining.objects.standing().filter(pk=joining.pk).exists():
        raise Refused("contract.not_joined", number=str(gone))
    kept.opened(by)
    refuse_held(kept)
    return kept


def _refuse_changed_since(joining: Joining, kept: Contract, gone: Contract) -> None:
    """Refuse where a field that was taken over says something else by now, or a paper that came over is elsewhere."""
    changed = [name for name in joining.taken if not snapshots.same(kept, gone, names_of(name))]
    if changed:
        raise Refused("contract.parting_changed", number=str(kept), fields=snapshots.labels(changed))
    elsewhere = Document.objects.filter(pk__in=joining.documents).exclude(contract=kept).first()
    if elsewhere is not None:
        raise Refused("contract.parting_paper_elsewhere", title=elsewhere.title)


def _papers(kept: Contract, gone: Contract) -> tuple[list[Document], list[Document]]:
    """Return the gone one's papers that move, and those whose every version the kept one has already."""
    known = set(Version.objects.filter(document__contract=kept).values_list("blob", flat=True))
    papers = gone.documents.prefetch_related("versions").order_by("id")
    moving: list[Document] = []
    staying: list[Document] = []
    for paper in papers:
        (staying if {version.blob_id for version in paper.versions.all()} <= known else moving).append(paper)
    return moving, staying


def _move(papers: list[Document], kept: Contract) -> list[int]:
    keys = [paper.pk for paper in papers]
    Document.objects.filter(pk__in=keys).update(contract=kept)
    return keys


def _taken(kept: Contract, gone: Contract, take: Collection[str]) -> list[str]:
    """Return which of the fields that differ the gone one wins, the stricter secrecy among them."""
    choosable = (*CHOOSABLE, *snapshots.customs_of(kept, gone))
    names = [name for name in choosable if name in take and not snapshots.same(kept, gone, names_of(name))]
    return [*names, BY_RULE] if _stricter(kept, gone) != kept.secrecy else names


def _stricter(kept: Contract, gone: Contract) -> str:
    return max(kept.secrecy, gone.secrecy, key=lambda one: STRICTNESS.index(Secrecy(one)))


def _columns(taken: Collection[str]) -> list[str]:
    return [column for name in taken for column in names_of(name)]


def _take_over(kept: Contract, gone: Contract, joining: Joining) -> None:
    """Move what belongs below, and write the values chosen, with their sources as they were told of the gone one."""
    Contract.objects.filter(pk__in=joining.children).update(parent=kept)
    custom = [name for name in joining.taken if is_custom(name)]
    plain = [name for name in _columns(joining.taken) if not is_custom(name)]
    if plain:
        changes: dict[str, Any] = {name: snapshots.value_of(gone, name) for name in plain}
        kept.edit(changes, by=joining.by, edit_version=kept.edit_version, why=joining.why)
    else:
        kept.edit_version += 1
    snapshots.take_customs(kept, gone, custom, by=joining.by, why=joining.why)
    snapshots.take_sources(kept, gone, joining.taken, joining.documents)


def _spend_numbers(gone: Contract, joining: Joining) -> None:
    """The gone one's number stays its own and is never given again; the gap report says why."""
    numbers = IssuedNumber.objects.filter(contract=gone, voided_at__isnull=True)
    numbers.update(voided_at=joining.at, voided_by=joining.by, void_why=joining.why)
    gone.edit_version += 1


def _settle(kept: Contract, gone: Contract) -> None:
    for contract in (kept, gone):
        contract.save_settled()
        settle_scan(contract)


def _told(joining: Joining) -> dict[str, Any]:
    """Return for the ledger which papers moved."""
    return {
        "documents": [
            str(uid) for uid in Document.objects.filter(pk__in=joining.documents).values_list("uid", flat=True)
        ]
    }


def _tell_children(joining: Joining, above: Contract, by: User) -> None:
    """Record that what belongs below stands below another registration now."""
    children = list(Contract.objects.filter(pk__in=joining.children, parent=above))
    if children:
        record("contract.related", *children, above, by=by, details={"why": joining.why})
