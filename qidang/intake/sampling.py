"""抽检: a lot is looked at by a sample that anybody can draw again, and accepted or rejected as a whole."""

from __future__ import annotations

import dataclasses
import hashlib
import random
import secrets
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from qidang.accounts.capabilities import may, require
from qidang.contracts.choices import GONE, Status
from qidang.contracts.field_checks import mark_checked
from qidang.contracts.models import Contract
from qidang.kit.clock import now
from qidang.kit.refusal import Refused
from qidang.ledger import record

from .comparing import INTO
from .models import Match, Project, SampledItem, Sampling, Verdict
from .sample_sizes import interval, size_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qidang.accounts.models import User

LARGEST_SEED = 2**31
LOOKED_AT = tuple(INTO.values())


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What a sample says so far: contracts looked at, wrong ones, their share and its 95 % interval."""

    size: int
    seen: int
    wrong: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """The share of wrong ones among those looked at."""
        return self.wrong / self.seen if self.seen else 0.0

    @property
    def is_done(self) -> bool:
        """Whether the whole sample has been looked at."""
        return self.seen == self.size


def lot(project: Project) -> QuerySet[Contract]:
    """Return what can be sampled: the contracts of the project's rows that have a paper to look at, by uid."""
    paired = Match.objects.filter(project=project).standing().values("row__contract")
    return Contract.objects.filter(pk__in=paired).order_by("uid")


def draw(
    project: Project,
    *,
    by: User,
    size: int | None = None,
    seed: int | None = None,
    expected: float = 0.02,
    margin: float = 0.02,
    limit: float = 0.02,
) -> Sampling:
    """抽样: draw a sample; without ``size`` it follows from ``expected`` and ``margin``, without ``seed`` from chance.

    Refuses while another sample of the project is open, and where there is nothing to draw from.
    """
    require(by, "intake.review")
    uids = [str(uid) for uid in lot(project).values_list("uid", flat=True)]
    if not uids:
        raise Refused("intake.nothing_to_sample", project=str(project))
    seed = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    wanted = min(size, len(uids)) if size else size_for(len(uids), expected=expected, margin=margin)
    drawn = random.Random(seed).sample(uids, wanted)
    made = Sampling(
        project=project, seed=seed, population=len(uids), digest=digest(uids), size=wanted, is_given=bool(size), by=by
    )
    made.expected, made.margin, made.limit = expected, margin, limit
    return _keep(made, drawn)


@transaction.atomic
def _keep(made: Sampling, drawn: list[str]) -> Sampling:
    project = Project.objects.select_for_update().get(pk=made.project_id)
    if project.samplings.filter(verdict=Verdict.OPEN).exists():
        raise Refused("intake.sampling_open", project=str(project))
    made.save()
    keys = {str(uid): pk for uid, pk in Contract.objects.filter(uid__in=drawn).values_list("uid", "pk")}
    papers = _papers(project, keys.values())
    SampledItem.objects.bulk_create(
        SampledItem(sampling=made, position=place, contract_id=keys[uid], arrival_id=papers.get(keys[uid]))
        for place, uid in enumerate(drawn, start=1)
    )
    told = {"seed": made.seed, "size": made.size, "population": made.population, "digest": made.digest}
    record("sampling.drawn", made, project, by=made.by, details=told)
    return made


def digest(uids: Iterable[str]) -> str:
    """Return the SHA-256 of the lot: the uids in their order, a line each."""
    return hashlib.sha256("".join(f"{uid}\n" for uid in uids).encode()).hexdigest()


def _papers(project: Project, contracts: Collection[int]) -> dict[int, int]:
    """Return the file to look at for each contract: its first paper of the project."""
    standing = project.matches.standing().filter(row__contract__in=contracts).order_by("-document_id")
    return dict(standing.values_list("row__contract", "arrival"))


@transaction.atomic
def look_at(item: SampledItem, wrong: Iterable[str], *, by: User) -> None:
    """看过一份: which of its fields are wrong, none where all are right; one may look again while it is open.

    What is not wrong counts as checked (核对无误) where ``by`` may edit the contract.
    """
    require(by, "intake.review")
    held = SampledItem.objects.select_for_update(of=("self",)).select_related("sampling").get(pk=item.pk)
    _refuse_judged(held.sampling)
    held.wrong = [name for name in wrong if name in LOOKED_AT]
    held.by, held.at = by, now()
    held.save(update_fields=["wrong", "by", "at"])
    record("sampling.looked_at", held.sampling, held.contract, by=by, details={"wrong": held.wrong})
    contract = Contract.objects.get(pk=held.contract_id)
    if may(by, "contract.edit", contract) and contract.status not in (Status.VOID, *GONE):
        right = set(LOOKED_AT) - set(held.wrong)
        mark_checked(contract, by=by, edit_version=contract.edit_version, fields=right)


def outcome_of(sampling: Sampling) -> Outcome:
    """Return what the sample says so far."""
    marks = [wrong for wrong in sampling.items.values_list("wrong", flat=True) if wrong is not None]
    wrong = sum(bool(one) for one in marks)
    return Outcome(sampling.size, len(marks), wrong, *interval(wrong, len(marks)))


def accept(sampling: Sampling, *, by: User, why: str = "") -> None:
    """接受: the lot is good enough; what was found wrong in the sample is put right one by one.

    Refuses while the sample is not looked at to its end, and where more is wrong than its limit allows.
    """
    require(by, "intake.review")
    outcome = outcome_of(sampling)
    if not outcome.is_done:
        raise Refused("intake.sample_unfinished", left=outcome.size - outcome.seen)
    if outcome.rate > sampling.limit:
        raise Refused("intake.too_many_wrong", rate=percent(outcome.rate), limit=percent(sampling.limit))
    _judge(sampling, Verdict.ACCEPTED, outcome, by=by, why=why)


def reject(sampling: Sampling, *, by: User, why: str) -> None:
    """不接受: the lot has to be gone over; nothing of it counts as checked."""
    require(by, "intake.review")
    if not why.strip():
        raise Refused("intake.rejection_reason_needed")
    _judge(sampling, Verdict.REJECTED, outcome_of(sampling), by=by, why=why)


@transaction.atomic
def _judge(sampling: Sampling, verdict: Verdict, outcome: Outcome, *, by: User, why: str) -> None:
    held = Sampling.objects.select_for_update(of=("self",)).get(pk=sampling.pk)
    _refuse_judged(held)
    held.verdict, held.judged_by, held.judged_at, held.why = verdict, by, now(), why.strip()[:300]
    held.save(update_fields=["verdict", "judged_by", "judged_at", "why"])
    told = {"size": outcome.size, "wrong": outcome.wrong, "rate": percent(outcome.rate), "why": held.why}
    told |= {"interval": f"{percent(outcome.low)} - {percent(outcome.high)}"}
    if verdict == Verdict.ACCEPTED:
        record("sampling.accepted", held, held.project, by=by, details=told)
    else:
        record("sampling.rejected", held, held.project, by=by, details=told)
    sampling.refresh_from_db()


def _refuse_judged(sampling: Sampling) -> None:
    if sampling.verdict != Verdict.OPEN:
        raise Refused("intake.sampling_judged", verdict=sampling.get_verdict_display())


def percent(share: float) -> str:
    """Return a share as 1.5 %."""
    return f"{share * 100:.1f} %"
