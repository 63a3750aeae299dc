"""误传清除: a paper that was brought by mistake is removed for good; one asks with a reason, another carries it out.

The decision and the order to shred are written first, then the bytes go; ``finish`` does what a kill left undone.
The log names no file here, and says nothing of what was in it.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from qidang import vault
from qidang.accounts.capabilities import require
from qidang.accounts.models import User
from qidang.contracts.clearing import let_go, lock_unheld
from qidang.contracts.models import Version
from qidang.holdings.models import Record
from qidang.kit.clock import now
from qidang.kit.refusal import Refused
from qidang.ledger import record
from qidang.ledger.subjects import Subject
from qidang.vault import erasures, shredding
from qidang.vault.models import Blob, Shredding

from .copies import containers, loose, unheld
from .isolating import EMPTY
from .models import Arrival, ClearedThing, Clearing, Difference, Isolation, MatchState, Rereading, State, Upload
from .models.batch import takes_in
from .models.match import Match
from .receiving import wake

if TYPE_CHECKING:
    from qidang.contracts.models import Contract

NAMELESS = "误传件"  # what the log calls a paper that was cleared
Thing = Arrival | Version


def ask(main: Thing, also: Sequence[Thing] = (), *, why: str, by: User, hides_name: bool = False) -> Clearing:
    """提出误传清除 of a paper and of its copies in ``also``; another person has to carry it out.

    Refuses without a reason, what is filed or held, what was cleared already, and while it is asked for already.
    """
    if not why.strip():
        raise Refused("clearing.reason_needed")
    things = _with_their_papers([main, *also])
    is_secret = Isolation.objects.standing().filter(sha256=main.blob.sha256).exists()
    owner, department = _place(main)
    with transaction.atomic():
        _refuse(things, by=by, is_secret=is_secret)
        if Clearing.objects.filter(sha256=main.blob.sha256, decided_at=None).exists():
            raise Refused("clearing.waits")
        clearing = Clearing.objects.create(
            sha256=main.blob.sha256,
            size=main.blob.size,
            called=_nameless(main.filename) if hides_name else main.filename,
            owner_id=owner,
            department_id=department,
            is_secret=is_secret,
            hides_name=hides_name,
            why=why.strip()[:500],
            asked_by=by,
        )
        ClearedThing.objects.bulk_create(_thing(clearing, one) for one in things)
        record("clearing.asked", clearing, by=by)
    return clearing


def ask_isolated(isolation: Isolation, *, why: str, by: User) -> Clearing:
    """提出清除涉密误传: the paper with the mark of a state secret, and what carries it; no name stays."""
    digests = {isolation.sha256, *containers([isolation.sha256])}
    arrivals = Arrival.objects.filter(sha256__in=digests).exclude(state=State.CLEARED)
    things: list[Thing] = [*arrivals.select_related("batch", "blob").order_by("id")]
    things += _versions().filter(blob__sha256__in=digests, cleared_at=None)
    things.sort(key=lambda one: one.blob.sha256 != isolation.sha256)
    if not things:
        raise Refused("clearing.done_already", filename=str(isolation))
    return ask(things[0], things[1:], why=why, by=by, hides_name=True)


def refuse_cleared(arrival: Arrival) -> None:
    """Refuse to show or hand out what was cleared, even while something else still holds its bytes."""
    if arrival.state == State.CLEARED:
        raise Refused("intake.cleared")


@transaction.atomic
def take_back(clearing: Clearing, *, by: User) -> Clearing:
    """撤回清除申请, by who asked for it, while nobody has decided."""
    clearing = _open(clearing)
    if clearing.asked_by_id != by.pk:
        raise Refused("clearing.not_yours")
    clearing.decided_at, clearing.is_agreed = now(), False
    clearing.save(update_fields=["decided_at", "is_agreed"])
    record("clearing.taken_back", clearing, by=by)
    return clearing


def decide(clearing: Clearing, *, agrees: bool, by: User, why: str = "") -> Clearing:
    """复核误传清除 by a second person: agreed, it is carried out at once and for good; else the paper stays."""
    if not agrees and not why.strip():
        raise Refused("clearing.decline_reason_needed")
    if agrees:
        erasures.append([])  # a list that cannot be written is told before anything is decided
    with transaction.atomic():
        clearing = _open(clearing)
        require(by, "secrets.handle" if clearing.is_secret else "intake.clear", clearing)
        if clearing.asked_by_id == by.pk or by.is_service:
            raise Refused("clearing.needs_another")
        clearing.decided_by, clearing.decided_at, clearing.is_agreed = by, now(), agrees
        clearing.decision_why = why.strip()[:500]
        clearing.save()
        if agrees:
            _carry_out(clearing, by=by)
        else:
            record("clearing.declined", clearing, by=by)
    if agrees:
        finish()
    return clearing


def allow_return(clearing: Clearing, *, why: str, by: User) -> Clearing:
    """允许回来: the same bytes may be brought again; whoever has them has to bring them, nothing here brings them."""
    if not why.strip():
        raise Refused("clearing.reason_needed")
    with transaction.atomic():
        clearing = Clearing.objects.select_for_update(of=("self",)).select_related("department").get(pk=clearing.pk)
        require(by, "secrets.handle" if clearing.is_secret else "intake.clear", clearing)
        if not clearing.is_agreed or clearing.returned_at is not None:
            raise Refused("clearing.cannot_return")
        clearing.returned_by, clearing.returned_at, clearing.return_why = by, now(), why.strip()[:500]
        clearing.save(update_fields=["returned_by", "returned_at", "return_why"])
        lifted = shredding.lift(clearing.things.values_list("sha256", flat=True))
        record("clearing.return_allowed", clearing, by=by)
    erasures.append(lifted)
    return clearing


def finish(*, thoroughly: bool = False) -> int:
    """Carry removals to their end: shred what nothing holds any more, what a kill left, what the disk had refused."""
    waiting = _unshredded()
    if waiting:
        with transaction.atomic():
            if ordered := _order(waiting):
                record("clearing.shredded", *ordered, by=User.objects.system())
        for sha256 in unheld(waiting):
            vault.forget_derived(sha256)
    return shredding.finish(thoroughly=thoroughly)


def apply_list(place: pathlib.Path | None = None) -> tuple[int, int]:
    """清除名单 in a restored home: what was cleared since the backup is cleared again.

    Return how many orders were new and how many lines of the list are torn or not ours. Doing it twice changes nothing.
    """
    listed = erasures.read(place)
    with transaction.atomic():
        ordered = shredding.apply(listed)
        shredded = Shredding.objects.standing().values("sha256")
        rows = Arrival.objects.select_for_update(of=("self",)).filter(sha256__in=shredded)
        arrivals = list(rows.exclude(state=State.CLEARED).select_related("blob"))
        versions = list(_versions().filter(blob__sha256__in=shredded, cleared_at=None))
        contracts = _clear(arrivals, versions)
        if arrivals or versions:
            record("arrival.cleared_again", *_subjects(arrivals), *contracts, by=User.objects.system())
    finish(thoroughly=True)
    return ordered, listed.unreadable


def _open(clearing: Clearing) -> Clearing:
    row = Clearing.objects.select_for_update(of=("self",)).select_related("department").get(pk=clearing.pk)
    if row.decided_at is not None:
        raise Refused("clearing.decided_already")
    return row


def _place(main: Thing) -> tuple[int | None, int | None]:
    """Return whose the paper is, and which department's."""
    if isinstance(main, Arrival):
        return main.batch.by_id, main.batch.department_id
    return main.document.contract.owner_id, main.document.contract.department_id


def _thing(clearing: Clearing, one: Thing) -> ClearedThing:
    arrival, version = (one, None) if isinstance(one, Arrival) else (None, one)
    return ClearedThing(clearing=clearing, sha256=one.blob.sha256, arrival=arrival, version=version)


def _versions() -> Any:
    return Version.objects.select_related("document__contract", "blob").order_by("id")


def _with_their_papers(things: Iterable[Thing]) -> list[Thing]:
    """Return the things, each once, and behind a registered arrival the paper of the contract that it became."""
    found: dict[tuple[str, int], Thing] = {}
    for one in things:
        found[one.ledger_kind, one.pk] = one
        if isinstance(one, Arrival) and one.state in (State.REGISTERED, State.TO_REVIEW) and one.contract_id:
            became = _versions().filter(document__contract=one.contract_id, blob=one.blob_id, cleared_at=None)
            found |= {(version.ledger_kind, version.pk): version for version in became}
    return list(found.values())


def _refuse(things: Iterable[Thing], *, by: User, is_secret: bool) -> None:
    """Refuse what may not be cleared, or not by ``by``; contracts are locked."""
    if is_secret:
        require(by, "secrets.handle")
    for one in things:
        if isinstance(one, Arrival):
            if not is_secret and not takes_in(by):
                require(by, "intake.review")
            if Arrival.objects.filter(pk=one.pk, state=State.CLEARED).exists():
                raise Refused("clearing.done_already", filename=one.filename)
        else:
            _refuse_paper(one)
            if not is_secret:
                require(by, "contract.edit", one.document.contract)


def _refuse_paper(version: Version) -> None:
    lock_unheld(version.document.contract)
    if Version.objects.filter(pk=version.pk, cleared_at__isnull=False).exists():
        raise Refused("clearing.done_already", filename=version.filename)
    if holding := Record.objects.holding(version.document).first():
        raise Refused("clearing.filed", filename=version.filename, reference=holding.reference)


def _carry_out(clearing: Clearing, *, by: User) -> None:
    """Let all named things go, and order shredded what nothing holds then; the order is part of the decision."""
    keys = clearing.things.values("arrival_id")
    locked = Arrival.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("id")
    named: list[Thing] = [one for one in locked.select_related("blob", "batch") if one.state != State.CLEARED]
    known = [*_versions().filter(pk__in=clearing.things.values("version_id"), cleared_at=None)]
    things = _with_their_papers([*named, *known])
    arrivals = [one for one in things if isinstance(one, Arrival)]
    versions = [one for one in things if isinstance(one, Version)]
    for version in versions:
        _refuse_paper(version)
    added = [one for one in versions if one not in known]  # registered since it was asked
    ClearedThing.objects.bulk_create(_thing(clearing, one) for one in added)
    contracts = _clear(arrivals, versions, hides_names=clearing.hides_name)
    _order(_unshredded())
    told = [_unnamed(one) for one in contracts] if clearing.is_secret else contracts
    record("arrival.cleared", clearing, *_subjects(arrivals), *told, by=by)


def _clear(arrivals: Sequence[Arrival], versions: Sequence[Version], *, hides_names: bool = False) -> list[Contract]:
    """Leave stubs of arrivals and versions, without their names where these say too much."""
    for arrival in arrivals:
        arrival.blob.let_go(arrival)
        arrival.state_before, arrival.state, arrival.code = arrival.state, State.CLEARED, "intake.cleared"
        arrival.lease_until, arrival.password, arrival.duplicate_of = None, "", None
        for field, nothing in EMPTY.items():
            setattr(arrival, field, nothing)
        if hides_names:
            arrival.filename, arrival.path = _nameless(arrival.filename), ""
            Upload.objects.filter(arrival=arrival).update(filename=arrival.filename, path="")
            arrival.members.update(path="")
        arrival.save()
    keys = [arrival.pk for arrival in arrivals]
    Difference.objects.filter(match__arrival__in=keys).delete()
    Match.objects.filter(arrival__in=keys).update(state=MatchState.DECLINED, told="", clashes="", document=None)
    digests = {one.blob.sha256 for one in arrivals} | {one.blob.sha256 for one in versions}
    Rereading.objects.filter(sha256__in=digests).delete()
    Isolation.objects.filter(sha256__in=digests).update(cleared_at=now())
    _free_duplicates(arrivals)
    return let_go(versions, renamed=_nameless if hides_names else str)


def _free_duplicates(arrivals: Sequence[Arrival]) -> None:
    """What repeated a cleared arrival stands for itself: the first of the same bytes is read, the others repeat it."""
    for arrival in arrivals:
        others = arrival.duplicates.exclude(state=State.CLEARED)
        near = others.exclude(sha256=arrival.sha256)
        near.filter(state=State.DUPLICATE).update(state=State.TO_REVIEW, code="")
        near.update(duplicate_of=None)
        first = others.filter(sha256=arrival.sha256).select_related("batch").order_by("id").first()
        if first is None:
            continue
        others.filter(sha256=arrival.sha256).exclude(pk=first.pk).update(duplicate_of=first)
        first.duplicate_of = None
        if first.state == State.DUPLICATE and first.contract_id is None:
            first.state, first.code, first.attempts = State.WAITING, "", 0
            wake(first.batch)
        first.save(update_fields=["duplicate_of", "state", "code", "attempts"])


def _unshredded() -> set[str]:
    """Return the bytes that were cleared and are not ordered shredded: something held them at that time."""
    cleared = ClearedThing.objects.filter(clearing__in=Clearing.objects.agreed())
    ordered = Shredding.objects.standing().values("sha256")
    return set(cleared.exclude(sha256__in=ordered).values_list("sha256", flat=True))


def _order(sha256s: set[str]) -> list[Clearing]:
    """Order shredded those of the bytes that nothing holds; return the removals in whose course."""
    blobs = list(Blob.objects.select_for_update().filter(sha256__in=sha256s).order_by("sha256"))
    free = loose({blob.sha256 for blob in blobs})
    causes: dict[str, Clearing] = {}
    cleared = ClearedThing.objects.filter(sha256__in=free, clearing__in=Clearing.objects.agreed())
    for one in cleared.select_related("clearing").order_by("id"):
        causes[one.sha256] = one.clearing
    for blob in blobs:
        if blob.sha256 in free:
            shredding.order([blob], cause=causes[blob.sha256].uid)
    return list({one.pk: one for one in causes.values()}.values())


def _subjects(arrivals: Iterable[Arrival]) -> list[Subject]:
    return [_unnamed(one) for one in arrivals]


def _unnamed(thing: Arrival | Contract) -> Subject:
    return Subject(thing.ledger_kind, thing.uid, NAMELESS)


def _nameless(filename: str) -> str:
    """Return a name that says nothing but which kind of file it was."""
    return NAMELESS + pathlib.PurePosixPath(filename).suffix[:10]
