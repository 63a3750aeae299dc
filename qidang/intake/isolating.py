"""隔离涉密误传: a paper that bears the mark of a state secret is taken out of all work, and its text is forgotten.

The bytes stay sealed until they are shredded (误传清除), for only who answers for secrets may say what becomes of them;
until then nobody reads, sees or downloads them. Entries of the log name no file, for its name may say too much.
"""

from __future__ import annotations

import collections
import dataclasses
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from qidang import vault
from qidang.accounts.capabilities import require
from qidang.contracts.models import Contract, Version
from qidang.kit.clock import now
from qidang.kit.refusal import Refused
from qidang.ledger import record
from qidang.ledger.subjects import Subject

from .models import Arrival, Batch, Isolation, Release, State
from .receiving import NAMELESS, wake

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qidang.accounts.models import User

FOUND = "reading.state_secret"
IN_WORK = (State.WAITING, State.READING, State.TO_REVIEW, State.DUPLICATE, State.REFUSED, State.OPENED)
EMPTY = {"title": "", "number_read": "", "likeness": None, "is_contract": None, "chars": 0, "pages": 0, "ocr_pages": 0}


def refuse_isolated(sha256: str) -> None:
    """Refuse what would show, keep or hand out bytes that are isolated."""
    if Isolation.objects.standing().filter(sha256=sha256).exists():
        raise Refused("intake.isolated")


def isolate(sha256: str, *, by: User) -> Isolation:
    """隔离: take the bytes, and every archive and mail that carries them, out of work, and forget what was read."""
    with transaction.atomic():
        isolation = _isolation(sha256, None)
        touched = [isolation]
        for container in _containers(sha256):
            touched.append(_isolation(container, isolation))
        arrivals = _take_out({one.sha256 for one in touched})
        contracts = _contracts(sha256)
        record("isolation.made", isolation, *_nameless(arrivals), *_nameless(contracts), by=by)
    for one in touched:
        vault.forget_derived(one.sha256)
    return isolation


def _isolation(sha256: str, inner: Isolation | None) -> Isolation:
    isolation, _ = Isolation.objects.get_or_create(sha256=sha256, defaults={"inner": inner})
    if isolation.released_at is not None:
        isolation.released_at, isolation.inner = None, inner
        isolation.save(update_fields=["released_at", "inner"])
    return isolation


def _containers(sha256: str) -> list[str]:
    """Return the bytes of the archives and mails in which these came, the outermost last."""
    found: list[str] = []
    inside = {sha256}
    while inside:
        parents = Arrival.objects.filter(sha256__in=inside, parent__isnull=False)
        inside = set(parents.values_list("parent__sha256", flat=True)) - {sha256, *found}
        found += sorted(inside)
    return found


def _take_out(sha256s: set[str]) -> list[Arrival]:
    """Move all arrivals with these bytes out of work, whoever brought them; return them."""
    arrivals = Arrival.objects.select_for_update(of=("self",)).filter(sha256__in=sha256s)
    arrivals.filter(state__in=IN_WORK).update(
        state_before=F("state"), state=State.ISOLATED, code="intake.isolated", lease_until=None, password="", **EMPTY
    )
    return list(arrivals.exclude(state=State.WITHDRAWN))


def _contracts(sha256: str) -> list[Contract]:
    """Return the contracts that hold these bytes as a paper; search has to look at them again."""
    return list(Contract.objects.filter(documents__versions__blob__sha256=sha256).distinct())


@dataclasses.dataclass(frozen=True, slots=True)
class Way:
    """An isolation with the arrivals that brought the bytes, and how many contracts hold them."""

    isolation: Isolation
    arrivals: list[Arrival]
    contracts: int


def ways(isolations: Sequence[Isolation]) -> list[Way]:
    """Return by which ways isolated bytes came and where else they are, for all of them at once."""
    digests = [one.sha256 for one in isolations]
    came = Arrival.objects.filter(sha256__in=digests).select_related("batch__by", "parent").order_by("id")
    by_digest: dict[str, list[Arrival]] = {}
    for arrival in came:
        by_digest.setdefault(arrival.sha256, []).append(arrival)
    held = Version.objects.filter(blob__sha256__in=digests).values_list("blob__sha256", "document__contract")
    counts = collections.Counter(sha256 for sha256, _ in set(held))
    return [Way(one, by_digest.get(one.sha256, []), counts[one.sha256]) for one in isolations]


def _nameless(things: Iterable[Arrival | Contract]) -> list[Subject]:
    return [Subject(thing.ledger_kind, thing.uid, NAMELESS) for thing in things]


@transaction.atomic
def propose_release(isolation: Isolation, *, why: str, by: User) -> Release:
    """提出解除隔离: say why the mark is none of a state secret; another person has to agree."""
    require(by, "secrets.handle")
    isolation = _held(isolation)
    if not why.strip():
        raise Refused("intake.release_reason_needed")
    if isolation.proposal is not None:
        raise Refused("intake.release_waits")
    release = Release.objects.create(isolation=isolation, by=by, why=why.strip()[:500])
    record("isolation.release_proposed", isolation, by=by, details={"why": release.why})
    return release


@transaction.atomic
def decide_release(isolation: Isolation, *, agrees: bool, by: User) -> Isolation:
    """复核解除隔离: the second look. Agreed, the paper is read like any other; otherwise it stays isolated."""
    require(by, "secrets.handle")
    isolation = _held(isolation)
    release = isolation.proposal
    if release is None:
        raise Refused("intake.release_missing")
    if release.by == by:
        raise Refused("intake.release_needs_another")
    release.decided_by, release.decided_at, release.is_agreed = by, now(), agrees
    release.save()
    given = _let_go(isolation) if agrees else []
    act = "isolation.released" if agrees else "isolation.kept"
    record(act, isolation, *_nameless(given), *_nameless(_contracts(isolation.sha256)), by=by)
    return isolation


def _held(isolation: Isolation) -> Isolation:
    row = Isolation.objects.select_for_update().get(pk=isolation.pk)
    if row.released_at is not None:
        raise Refused("intake.release_done")
    return row


def _let_go(isolation: Isolation) -> list[Arrival]:
    """Release the bytes, and the archives that were isolated only for their sake; return the arrivals given back."""
    given = _give_back(isolation)
    for container in isolation.containers.standing():
        others = Isolation.objects.standing().filter(sha256__in=_members(container)).exclude(pk=container.pk)
        other = others.first()
        if other is None:
            given += _let_go(container)
        else:
            container.inner = other
            container.save(update_fields=["inner"])
    return given


def _members(container: Isolation) -> set[str]:
    """Return all that lies in an archive, at whatever depth."""
    found: set[str] = set()
    outside = {container.sha256}
    while outside:
        inside = Arrival.objects.filter(parent__sha256__in=outside).values_list("sha256", flat=True)
        outside = set(inside) - found
        found |= outside
    return found


def _where_it_stood(arrival: Arrival) -> tuple[State, str]:
    """Return state and code of an arrival that is given back; what had been read of it has to be read again."""
    if arrival.state_before == State.OPENED:
        return State.OPENED, "intake.opened"
    first = arrival.duplicate_of
    if arrival.state_before == State.DUPLICATE and first is not None and first.sha256 == arrival.sha256:
        return State.DUPLICATE, "intake.same_bytes"
    return State.WAITING, ""


def _give_back(isolation: Isolation) -> list[Arrival]:
    isolation.released_at = now()
    isolation.save(update_fields=["released_at"])
    arrivals = list(
        Arrival.objects.filter(sha256=isolation.sha256, state=State.ISOLATED).select_related("batch", "duplicate_of")
    )
    for arrival in arrivals:
        arrival.state, arrival.code = _where_it_stood(arrival)
        arrival.attempts = 0
        arrival.save()
    for batch in Batch.objects.filter(pk__in={one.batch_id for one in arrivals if one.state == State.WAITING}):
        wake(batch)
    return arrivals
