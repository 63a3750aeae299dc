"""合并客户: preview, merge, and its undoing. Names as written in contracts never change; what moved can go back.

The merge itself is one short act: from then on papers that bear the gone name find the kept company. The contracts
follow in small batches, each with its own entry, so that nobody waits for a long lock; what is interrupted (a killed
process, a paper registered at the very moment) is carried on by ``carry_on_all``, which the worker calls.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from qidang.accounts.capabilities import require
from qidang.accounts.scopes import reach
from qidang.contracts.models import (
    Company,
    CompanyAlias,
    CompanyCode,
    Contact,
    Contract,
    Merge,
    MergeUndoing,
    Note,
    Party,
)
from qidang.contracts.models.merges import MovedBatch
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.kit.text import fold
from qidang.ledger import record

if TYPE_CHECKING:
    from qidang.accounts.models import User

CHUNK = 25  # contracts of one batch: their rows, index entries and log subjects within some 10 ms
BESIDE: dict[str, Any] = {"alias": CompanyAlias, "code": CompanyCode, "contact": Contact, "note": Note}
TAKEN = ("uscc", "code", "address", "phone", "unit_id", "remarks", "uscc_failed")
COMPARED = ("uscc", "code", "address")


@dataclass(frozen=True, slots=True)
class Preview:
    """预览: what a merge would move, as far as ``user`` may see it, and what stands against it."""

    kept: Company
    gone: Company
    counts: dict[str, int]
    sees_all: bool
    conflicts: list[tuple[str, str, str]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    refusal: Refused | None = None

    @property
    def needs_second_look(self) -> bool:
        """Whether both have a code, and not the same one: two licences are two companies until somebody looks again."""
        return differ(self.kept, self.gone)


def preview(kept: Company, gone: Company, *, user: User) -> Preview:
    """合并预览. Counts only what ``user`` may see; the merge moves the rest as well."""
    visible = Contract.objects.visible_to(user)
    counts = {
        "contract": visible.filter(counterparty=gone).count(),
        "party": Party.objects.filter(company=gone, contract__in=visible).count(),
        "alias": gone.aliases.count() + 1,
        "code": gone.codes.count(),
        "contact": Contact.objects.visible_to(user).filter(company=gone).count(),
        "note": Note.objects.visible_to(user).filter(company=gone).count(),
    }
    conflicts = [
        (str(_field(name).verbose_name), getattr(kept, name), getattr(gone, name))
        for name in COMPARED
        if getattr(kept, name) and getattr(gone, name) and getattr(kept, name) != getattr(gone, name)
    ]
    taken = [str(_field(name).verbose_name) for name in _lacking(kept, gone)]
    return Preview(
        kept, gone, counts, reach(user, "contract.read").everything, conflicts, taken, _impossible(kept, gone)
    )


@transaction.atomic
def merge(kept: Company, gone: Company, *, by: User, why: str = "", uscc_again: str = "") -> Merge:
    """合并: ``gone`` becomes part of ``kept``; its contracts follow with ``carry_on``.

    Two companies with different valid codes are merged only with a reason, and with the gone one's code typed once
    more from its licence (``uscc_again``): the second look.
    """
    require(by, "company.edit")
    kept, gone = _locked(kept, gone)
    _refuse(kept, gone, why, uscc_again)
    taken = _take_over(kept, gone)
    made = Merge.objects.create(kept=kept, gone=gone, why=why.strip()[:300], taken=taken, by=by, at=clock.now())
    made.beside = _move_beside(gone, kept)
    made.save(update_fields=["beside"])
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    _save(kept)
    details = {"why": made.why, "taken": taken, "moved": {kind: len(keys) for kind, keys in made.beside.items()}}
    record("company.merged", kept, gone, by=by, details=details)
    return made


@transaction.atomic
def undo(merge: Merge, *, by: User, why: str) -> MergeUndoing:
    """撤销合并: what moved, and is with the kept company still, goes back; what came since stays."""
    require(by, "company.edit")
    kept, gone = _locked(merge.kept, merge.gone)
    merge.refresh_from_db(from_queryset=Merge.objects.select_for_update())
    _refuse_undoing(merge, kept, why)
    undoing = MergeUndoing.objects.create(merge=merge, why=why.strip()[:300], by=by, at=clock.now())
    for name in merge.taken:
        if getattr(kept, name) == getattr(gone, name):
            setattr(kept, name, _field(name).get_default())
    _save(kept)
    gone.merged_into = None
    _save(gone)
    for kind, keys in merge.beside.items():
        if kind == "merged":
            Company.objects.filter(pk__in=keys, merged_into=kept).update(merged_into=gone)
        else:
            BESIDE[kind].objects.filter(pk__in=keys, company=kept).update(company=gone)
    record("company.merge_undone", kept, gone, by=by, details={"why": undoing.why})
    return undoing


def carry_on(merge: Merge, *, by: User, seconds: float = float("inf")) -> bool:
    """Move the contracts that a merge, or its undoing, still has to move; return whether all have."""
    until = time.monotonic() + seconds
    step: Callable[..., bool] = _return_some if MergeUndoing.objects.filter(merge=merge).exists() else _move_some
    while not step(merge, by):
        if time.monotonic() > until:
            return False
    return True


def carry_on_all(*, by: User, seconds: float = float("inf")) -> int:
    """Carry on every merge that was interrupted, or whose gone company got a contract since; return how many."""
    stray = Q(gone__merged_into=F("kept"), undoing=None) & (
        Q(gone__contracts__isnull=False) | Q(gone__parties__isnull=False)
    )
    waiting = Merge.objects.filter(
        Q(finished_at=None, undoing=None) | Q(undoing__finished_at=None, undoing__isnull=False) | stray
    )
    merges = list(waiting.distinct())
    for one in merges:
        carry_on(one, by=by, seconds=seconds)
    return len(merges)


def differ(one: Company, other: Company) -> bool:
    """Return whether both companies have a 统一社会信用代码 and not the same one."""
    return bool(one.uscc and other.uscc and one.uscc != other.uscc)


def _field(name: str) -> Any:
    return Company._meta.get_field(name)


def _locked(kept: Company, gone: Company) -> tuple[Company, Company]:
    """Lock both rows in the order of their keys, so that two merges never wait for each other.

    ``no_key``: a contract that is being registered holds the ledger when PostgreSQL checks its company at the end.
    """
    rows = Company.objects.select_for_update(no_key=True).filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[kept.pk], found[gone.pk]


def _refuse(kept: Company, gone: Company, why: str, uscc_again: str) -> None:
    refusal = _impossible(kept, gone)
    if refusal is not None:
        raise refusal
    if differ(kept, gone) and not why.strip():
        raise Refused("company.merge_why_missing", kept=kept.name, gone=gone.name)
    if differ(kept, gone) and fold(uscc_again).upper() != gone.uscc:
        raise Refused("company.merge_look_again", gone=gone.name)


def _impossible(kept: Company, gone: Company) -> Refused | None:
    """Return why these two can never be merged as they stand; None where they can."""
    if kept.pk == gone.pk:
        return Refused("company.merge_itself", name=kept.name)
    for one in (kept, gone):
        if one.merged_into_id is not None:
            return Refused("company.merged_already", name=one.name)
    if kept.is_ours != gone.is_ours:
        return Refused("company.merge_own", kept=kept.name, gone=gone.name)
    if kept.unit_id and gone.unit_id and kept.unit_id != gone.unit_id:
        return Refused("company.merge_units", kept=kept.name, gone=gone.name)
    moving = Q(finished_at=None, undoing=None) | Q(undoing__isnull=False, undoing__finished_at=None)
    involved = Q(kept__in=[kept, gone]) | Q(gone__in=[kept, gone])
    if Merge.objects.filter(moving & involved).exists():
        return Refused("company.merge_under_way", name=kept.name)
    return None


def _refuse_undoing(merge: Merge, kept: Company, why: str) -> None:
    if not why.strip():
        raise Refused("company.merge_why_missing", kept=merge.kept.name, gone=merge.gone.name)
    if MergeUndoing.objects.filter(merge=merge).exists():
        raise Refused("company.merge_undone_already", gone=merge.gone.name)
    if kept.merged_into_id is not None:
        raise Refused("company.merge_buried", kept=kept.name)
    if merge.finished_at is None:
        raise Refused("company.merge_under_way", name=kept.name)


def _lacking(kept: Company, gone: Company) -> list[str]:
    """Return the fields that ``kept`` lacks and ``gone`` has."""
    lacking = [name for name in TAKEN if not getattr(kept, name) and getattr(gone, name)]
    return [name for name in lacking if name != "uscc_failed" or not (kept.uscc or gone.uscc)]


def _take_over(kept: Company, gone: Company) -> list[str]:
    taken = _lacking(kept, gone)
    for name in taken:
        setattr(kept, name, getattr(gone, name))
    if "uscc" in taken:
        kept.uscc_failed = ""
    return taken


def _move_beside(gone: Company, kept: Company) -> dict[str, list[int]]:
    """Move names, codes, contacts, notes and earlier merges; return the keys of what moved, by kind."""
    moved: dict[str, list[int]] = {}
    for kind, model in BESIDE.items():
        rows = model.objects.filter(company=gone)
        if kind == "alias":  # a name that the kept one has anyway stays behind
            rows = rows.exclude(name_key__in=[kept.name_key, *kept.aliases.values_list("name_key", flat=True)])
        moved[kind] = list(rows.values_list("pk", flat=True))
        model.objects.filter(pk__in=moved[kind]).update(company=kept)
    moved["merged"] = list(Company.objects.filter(merged_into=gone).values_list("pk", flat=True))
    Company.objects.filter(pk__in=moved["merged"]).update(merged_into=kept)
    return moved


def _save(company: Company) -> None:
    """Write a company whose own constraints may speak: a code or name that somebody took meanwhile."""
    company.edit_version += 1
    try:
        with transaction.atomic():
            company.save()
    except IntegrityError as error:
        raise Refused("company.taken", name=company.name, uscc=company.uscc) from error


@transaction.atomic
def _move_some(merge: Merge, by: User) -> bool:
    """Move the next few contracts, then parties; return True when nothing is left."""
    merge.refresh_from_db(from_queryset=Merge.objects.select_for_update())
    if MergeUndoing.objects.filter(merge=merge).exists():
        return True
    named = Contract.objects.only("uid", "number", "number_on_paper", "title")
    contracts = list(named.filter(counterparty=merge.gone_id).order_by("pk")[:CHUNK])
    keys = [contract.pk for contract in contracts]
    parties = Party.objects.filter(company=merge.gone_id)
    parties = parties.filter(contract__in=keys) if keys else parties
    rows = list(parties.order_by("pk").values_list("pk", "contract_id", "name")[: CHUNK * 4])
    if not keys and not rows:
        merge.finished_at = clock.now()
        merge.save(update_fields=["finished_at"])
        return True
    Contract.objects.filter(pk__in=keys).update(counterparty=merge.kept_id)
    Party.objects.filter(pk__in=[row[0] for row in rows]).update(company=merge.kept_id)
    if keys:
        merge.batches.create(kind=MovedBatch.Kind.CONTRACT, keys=keys)
    if rows:
        names = sorted({row[2] for row in rows})
        merge.batches.create(kind=MovedBatch.Kind.PARTY, keys=sorted({row[1] for row in rows}), names=names)
    others = named.filter(pk__in={row[1] for row in rows}.difference(keys))
    record("company.contracts_moved", *contracts, *others, by=by, details={"merge": str(merge.uid)})
    return False


@transaction.atomic
def _return_some(merge: Merge, by: User) -> bool:
    """Return the next batch to the company it came from; return True when nothing is left."""
    undoing = MergeUndoing.objects.select_for_update().get(merge=merge)
    batch = merge.batches.filter(returned_at=None).order_by("id").first()
    if batch is None:
        undoing.finished_at = undoing.finished_at or clock.now()
        undoing.save(update_fields=["finished_at"])
        return True
    touched = list(Contract.objects.filter(pk__in=batch.keys).only("uid", "number", "number_on_paper", "title"))
    if batch.kind == MovedBatch.Kind.CONTRACT:
        Contract.objects.filter(pk__in=batch.keys, counterparty=merge.kept_id).update(counterparty=merge.gone_id)
    else:
        parties = Party.objects.filter(contract__in=batch.keys, name__in=batch.names, company=merge.kept_id)
        parties.update(company=merge.gone_id)
    batch.returned_at = clock.now()
    batch.save(update_fields=["returned_at"])
    record("company.contracts_returned", *touched, by=by, details={"merge": str(merge.uid)})
    return False
