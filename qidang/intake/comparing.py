"""对照: what the ledger says beside what was read, field by field; what is empty is filled, what differs is kept."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext

from qidang.accounts.capabilities import require
from qidang.accounts.models import User
from qidang.contracts.choices import ContractType, DocumentKind, Source
from qidang.contracts.filling import fill
from qidang.contracts.from_reading import SURE, Entity, Proposal, day, exact, our_entities, values_from
from qidang.contracts.models import Contract
from qidang.kit.clock import now, today
from qidang.kit.refusal import Refused
from qidang.kit.text import fold
from qidang.ledger import record

from .filenames import bare_of
from .models import Difference, DifferenceState, Match, Project, Winner
from .models.row import plain
from .rows import CURRENCIES
from .texts import fields_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

AT_ONCE = 4  # contracts of one transaction
INTO = {  # the fields of a ledger that are compared, by the names of a contract's values
    "number": "number_on_paper",
    "title": "title",
    "counterparty": "counterparty_name",
    "contract_type": "contract_type",
    "amount": "amount",
    "currency": "currency",
    "signed_on": "signed_on",
    "in_force_on": "in_force_on",
    "expires_on": "expires_on",
}
NEVER_FILLED = {"title", "unit", "counterparty", "counterparty_name", "number_on_paper", "currency", "kind", "language"}
TYPES = {fold(str(one.value)): one.value for one in ContractType} | {
    fold(f"{one.value}"[:2]): one.value for one in ContractType
}


@dataclasses.dataclass(slots=True)
class Comparison:
    """What the comparison of one match comes to, worked out before any transaction begins."""

    match: Match
    differences: list[Difference] = dataclasses.field(default_factory=list)
    changes: dict[str, Any] = dataclasses.field(default_factory=dict)


def compare_read(project: Project) -> int:
    """对照 every match that stands and whose paper has been read; return how many."""
    waiting = project.matches.standing().filter(compared_at=None, arrival__read_at__isnull=False)
    entities, done = our_entities(), 0
    while some := list(
        waiting.select_related("project", "arrival", "row__contract", "document").order_by("pk")[:AT_ONCE]
    ):
        _write(project, [_worked_out(project, match, entities) for match in some])
        done += len(some)
    return done


def _worked_out(project: Project, match: Match, entities: Sequence[Entity]) -> Comparison:
    made, document = Comparison(match), match.document
    extraction = fields_of(match.arrival.sha256)
    contract = match.row.contract
    if extraction is None or contract is None or document is None or document.kind not in _SPEAKING:
        return made
    proposal = values_from(extraction.fields, units=entities, today=today())
    made.differences = list(differing(match, proposal, project))
    made.changes = _fillings(contract, proposal)
    taken = [one.field for one in made.differences if one.state == DifferenceState.TAKEN]
    made.changes |= {INTO[field]: getattr(proposal.values, INTO[field]) for field in taken}
    return made


_SPEAKING = (DocumentKind.BODY, DocumentKind.SCAN)


def differing(match: Match, proposal: Proposal, project: Project) -> Iterable[Difference]:
    """Yield where ledger and paper say different things; the paper's is taken at once where it wins and is sure."""
    for field, into in INTO.items():
        if field == "title" and project.winner(field) == Winner.SHEET:
            continue  # a ledger names the deal, the paper's heading its kind: they differ nearly always
        in_sheet, read = match.row.values.get(field, ""), getattr(proposal.values, into)
        if not in_sheet or into not in proposal.confidence or read in (None, "") or is_same(field, in_sheet, read):
            continue
        surety = proposal.confidence[into]
        wins = project.winner(field) == Winner.PAPER and surety >= SURE
        yield Difference(
            match=match,
            project=project,
            field=field,
            in_sheet=in_sheet[:300],
            in_paper=plain(read)[:300],
            surety=surety,
            state=DifferenceState.TAKEN if wins else DifferenceState.OPEN,
        )


def is_same(field: str, in_sheet: str, read: Any) -> bool:
    """Whether the ledger's text and the value that was read say the same, as far as a machine can tell."""
    compare: Callable[[str, str], bool] = SAME.get(field, lambda one, other: one == other)
    return compare(in_sheet, plain(read))


def _contains(one: str, other: str) -> bool:
    short, long = sorted((fold(one), fold(other)), key=len)
    return bool(short) and short in long


def _same_amount(one: str, other: str) -> bool:
    return exact(one) == exact(other)


def _same_currency(one: str, other: str) -> bool:
    return CURRENCIES.get(one.lower(), one.upper()[:3]) == other


def _same_type(one: str, other: str) -> bool:
    return TYPES.get(fold(one), other) == other  # a word that names no type of ours says nothing


SAME: Mapping[str, Callable[[str, str], bool]] = {
    "number": lambda one, other: bare_of(one) == bare_of(other),
    "title": _contains,
    "counterparty": _contains,
    "contract_type": _same_type,
    "amount": _same_amount,
    "currency": _same_currency,
}


def _fillings(contract: Contract, proposal: Proposal) -> dict[str, Any]:
    """Return what was read with high confidence where the contract has nothing."""
    found: dict[str, Any] = {}
    for name, surety in (proposal.confidence | _follow(proposal)).items():
        value = getattr(proposal.values, name, None)
        if name in NEVER_FILLED or value in (None, "", ()) or surety < SURE:
            continue
        if _is_empty(contract, name):
            found[name] = value
    return found


def _follow(proposal: Proposal) -> dict[str, float]:
    """How sure the parties are: as sure as the one that is the counterparty."""
    return {"parties": proposal.confidence.get("counterparty_name", 0.0)}


def _is_empty(contract: Contract, name: str) -> bool:
    if name in ("parties", "line_items", "instalments"):
        return not getattr(contract, name).exists()
    return getattr(contract, name) in (None, "") or (
        name == "contract_type" and contract.contract_type == ContractType.OTHER
    )


def _write(project: Project, comparisons: Sequence[Comparison]) -> None:
    system = User.objects.system()
    with transaction.atomic():
        for one in comparisons:
            _write_one(one, system)
        keys = [one.match.pk for one in comparisons]
        Match.objects.filter(pk__in=keys).update(compared_at=now())
        count = sum(len(one.differences) for one in comparisons)
        record("project.compared", project, by=system, details={"matches": len(keys), "differences": count})


def _write_one(one: Comparison, system: User) -> None:
    Difference.objects.bulk_create(one.differences, ignore_conflicts=True)
    contract = one.match.row.contract
    if not one.changes or contract is None:
        return
    try:
        with transaction.atomic():
            fill(contract, one.changes, by=system, why=_why(one.match.project))
    except Refused:  # void meanwhile, or a value that no column can hold: it stands as the ledger has it
        taken = [each.field for each in one.differences if each.state == DifferenceState.TAKEN]
        Difference.objects.filter(match=one.match, field__in=taken).update(state=DifferenceState.OPEN)


def settle(project: Project, keys: Iterable[int], *, take: str, by: User) -> tuple[int, list[Refused]]:
    """定夺差异: let the ledger's value stand, or the paper's; return how many, and what was refused."""
    require(by, "intake.review")
    done, refused = 0, []
    for some in itertools.batched(keys, AT_ONCE):
        chosen = list(_held(project, some))
        for one in chosen:
            try:
                with transaction.atomic():
                    _settle(one, take, by)
                    record("project.difference_settled", project, _contract(one), by=by, details=_told(one, take))
                done += 1
            except Refused as refusal:
                refused.append(refusal)
    return done, refused


def _why(project: Project) -> str:
    """Return the reason that stands beside a value which the comparison changed."""
    return gettext("导入项目「%(project)s」对照台账与原文") % {"project": project}


def _held(project: Project, keys: Sequence[int]) -> QuerySet[Difference]:
    return project.differences.filter(pk__in=keys).select_related("project", "match__row__contract", "match__document")


def _contract(one: Difference) -> Contract:
    contract = one.match.row.contract
    assert contract is not None
    return contract


def _told(one: Difference, take: str) -> dict[str, str]:
    return {"field": one.field, "sheet": one.in_sheet, "paper": one.in_paper, "take": take}


def _settle(one: Difference, take: str, by: User) -> None:
    contract = Contract.objects.get(pk=_contract(one).pk)
    from_paper = take == Winner.PAPER
    text = one.in_paper if from_paper else one.in_sheet
    if from_paper or one.state == DifferenceState.TAKEN:
        source = Source.READ if from_paper else Source.LEDGER_SHEET
        changes = {INTO[one.field]: typed(one.field, text)}
        why = _why(one.project)
        contract.edit(changes, by=by, edit_version=contract.edit_version, why=why, source=source)
    one.state = DifferenceState.TAKEN if from_paper else DifferenceState.KEPT
    one.by, one.at = by, now()
    one.save(update_fields=["state", "by", "at"])


def typed(field: str, text: str) -> Any:
    """Return the value that ``written`` wrote."""
    if field == "amount":
        return exact(text)
    if field.endswith("_on"):
        return day(text)
    if field == "currency":
        return CURRENCIES.get(text.lower(), text.upper()[:3])
    return TYPES.get(fold(text), ContractType.OTHER) if field == "contract_type" else text
