"""配对: a project's files are matched to its rows, and a match that stands makes the file a paper of the contract."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from qidang.accounts.capabilities import require
from qidang.accounts.models import User
from qidang.contracts.choices import DocumentKind
from qidang.contracts.from_reading import MONEY, day, exact
from qidang.contracts.taking_off import take_off
from qidang.kit.clock import now
from qidang.kit.refusal import Refused
from qidang.ledger import record

from . import matching
from .models import Arrival, LedgerRow, Match, MatchState, MatchSure, MatchWay, Project, State
from .models.arrival import UNREAD
from .receiving import PACKED
from .review import FIXED, paper_of
from .texts import fields_of

if TYPE_CHECKING:
    from qidang.contracts.models import Contract
    from qidang.contracts.values import PaperIn
    from qidang.reading.paper import Extraction

CHUNK = 200  # proposals written in one transaction
AT_ONCE = 4  # papers added in one transaction, which holds the lock about two milliseconds for each
PATIENCE = dt.timedelta(seconds=60)  # between two rounds while papers are still being read
IMAGES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".bmp")
PARTIES = ("seller", "buyer", "party_a", "party_b", "party_c")
KINDS = {
    "补充": DocumentKind.SUPPLEMENT,
    "授权": DocumentKind.AUTHORISATION,
    "委托书": DocumentKind.AUTHORISATION,
    "附件": DocumentKind.ANNEX,
    "清单": DocumentKind.ANNEX,
    "报价": DocumentKind.ANNEX,
    "图纸": DocumentKind.ANNEX,
}


@dataclasses.dataclass(slots=True)
class Round:
    """What one round of matching came to."""

    proposed: int = 0
    paired: int = 0
    left: int = 0


def match_changed() -> None:
    """Match and compare every project in which something came in or was read since the last round."""
    from .comparing import compare_read  # noqa: PLC0415  (comparing knows what is paired)

    for project in Project.objects.filter(batches__isnull=False).distinct():
        if is_changed(project):
            match_project(project)
        compare_read(project)


def is_changed(project: Project) -> bool:
    """Whether there is anything new to match; while papers are being read, a round a minute is enough."""
    since = project.matched_at
    if since is None:
        return True
    sheets = project.batches.filter(sheet__imported_at__gte=since)
    files = open_files(project)
    if files.filter(received_at__gte=since).exists() or sheets.exists():
        return True
    if since > now() - PATIENCE and project.files.filter(state__in=UNREAD).exists():
        return False
    return files.filter(read_at__gte=since).exists()


def match_project(project: Project) -> Round:
    """匹配: work out which file belongs to which row, keep what was found, and let stand what is certain."""
    began = now()
    rows, files = rows_of(project), list(_open_files(project))
    found = matching.match(rows, [_known(arrival) for arrival in files])
    declined = _declined(project)
    matches = [one for one in found.matches if (one.file, one.row) not in declined]
    for some in itertools.batched(files, CHUNK):
        _propose(project, {one.pk for one in some}, matches)
    outcome = Round(proposed=len(matches), left=len(found.files_left))
    certain = project.matches.filter(state=MatchState.PROPOSED, sure=MatchSure.CERTAIN, clashes="")
    outcome.paired = adopt(project, certain.values_list("pk", flat=True), by=User.objects.system())[0]
    with transaction.atomic():
        Project.objects.filter(pk=project.pk).update(matched_at=began)
        if outcome.proposed or outcome.paired:
            counts = {"proposed": outcome.proposed, "paired": outcome.paired, "left": outcome.left}
            record("project.matched", project, by=User.objects.system(), details=counts)
    return outcome


def _declined(project: Project) -> set[tuple[int, int]]:
    """Return which file does not belong to which row: to no row of the contract, in whichever ledger it stands."""
    no = project.matches.filter(state=MatchState.DECLINED).values_list("arrival", "row__contract")
    rows: dict[int | None, list[int]] = {}
    for row, contract in project.rows.filter(contract__in=[key for _, key in no]).values_list("pk", "contract"):
        rows.setdefault(contract, []).append(row)
    return {(arrival, row) for arrival, contract in no for row in rows.get(contract, ())}


def rows_of(project: Project) -> list[matching.Row]:
    """Return the project's rows that stand behind contracts, the newest for each, as they are matched."""
    newest = project.rows.in_force().values("contract").annotate(newest=Max("pk")).values("newest")
    rows: Any = project.rows.filter(pk__in=newest).order_by("pk")
    return [
        matching.Row(
            key,
            number=values.get("number", ""),
            other_numbers=tuple(filter(None, [values.get("counterparty_number", "")])),
            path=values.get("path", ""),
            party=values.get("counterparty", ""),
            amount=amount,
            signed_on=signed_on,
        )
        for key, values, amount, signed_on in rows.values_list("pk", "values", "amount", "signed_on")
    ]


def open_files(project: Project) -> QuerySet[Arrival]:
    """有扫描无台账: the files that belong to no contract yet and are no mere copies of others."""
    likely = Q(state__in=(*UNREAD, State.TO_REVIEW, State.REFUSED)) | Q(
        state=State.DUPLICATE, code="intake.same_number"
    )
    files = project.files.filter(likely).exclude(batch__sheet__isnull=False)
    return files.exclude(pk__in=project.matches.standing().values("arrival"))


def _open_files(project: Project) -> QuerySet[Arrival]:
    packed = Q(pk__in=[])
    for ending in PACKED:
        packed |= Q(filename__iendswith=ending)
    return open_files(project).exclude(packed & Q(state__in=UNREAD)).order_by("pk")


def _known(arrival: Arrival) -> matching.File:
    extraction = fields_of(arrival.sha256) if arrival.read_at else None
    read = read_in(extraction) if extraction is not None else None
    return matching.File(arrival.pk, arrival.path or arrival.filename, read)


def read_in(extraction: Extraction) -> matching.Read:
    """Return what was read of a paper, as it is matched."""

    def value(name: str) -> Any:
        one = extraction.fields.get(name)
        return one.value if one is not None else None

    amount = next((found for name in MONEY if (found := exact(value(name))) is not None), None)
    return matching.Read(
        numbers=tuple(str(one) for one in [value("contract_no")] if one),
        parties=tuple(str(one) for name in PARTIES if (one := value(name))),
        amount=amount if isinstance(amount, Decimal) else None,
        signed_on=day(value("sign_date")),
    )


@transaction.atomic
def _propose(project: Project, files: set[int], matches: Iterable[matching.Match]) -> None:
    """Write what was found for these files in the place of what was proposed for them before."""
    open_ones = Match.objects.filter(project=project, arrival__in=files, state=MatchState.PROPOSED)
    open_ones.delete()
    Match.objects.bulk_create(
        [
            Match(
                project=project,
                arrival_id=one.file,
                row_id=one.row,
                way=one.way,
                sure=one.sure,
                told=one.told[:200],
                clashes=" ".join(one.clashes),
            )
            for one in matches
            if one.file in files
        ],
        ignore_conflicts=True,
    )


def adopt(project: Project, keys: Iterable[int], *, by: User) -> tuple[int, list[tuple[str, Refused]]]:
    """确认匹配: make the files papers of their rows' contracts; return how many, and those that were refused."""
    require(by, "intake.review")
    done, refused = 0, []
    for some in itertools.batched(keys, AT_ONCE):
        try:
            done += _adopt(project, some, by=by)
        except Refused:  # one of them stands in the way of the others
            for key in some:
                try:
                    done += _adopt(project, [key], by=by)
                except Refused as refusal:
                    refused.append((str(Arrival.objects.get(matches=key)), refusal))
    return done, refused


@transaction.atomic
def _adopt(project: Project, keys: Sequence[int], *, by: User) -> int:
    taken = Match.objects.select_for_update(of=("self",)).filter(project=project, pk__in=keys)
    matches = list(taken.exclude(state=MatchState.STANDING).select_related("arrival__blob", "row__contract"))
    for one in matches:
        _pair(one, by=by)
    if matches:
        contracts = {one.row.contract_id: one.row.contract for one in matches}
        named = [*contracts.values(), *(one.arrival for one in matches)]
        record("project.paired", project, *[one for one in named if one is not None], by=by)
    return len(matches)


def _pair(one: Match, *, by: User) -> None:
    """Make the match stand; what else was proposed for the file falls away."""
    arrival = Arrival.objects.select_for_update(of=("self",)).select_related("blob").get(pk=one.arrival_id)
    contract = one.row.contract
    if contract is None or arrival.contract_id not in (None, contract.pk) or arrival.state in _SETTLED:
        raise Refused("intake.settled_meanwhile", filename=arrival.filename, state=arrival.get_state_display())
    contract.opened(by)
    one.document = contract.keep(_paper(arrival, contract), by=by, why="")
    one.state, one.by, one.at, one.arrival = MatchState.STANDING, by, now(), arrival
    one.save(update_fields=["state", "by", "at", "document"])
    Match.objects.filter(arrival=arrival, state=MatchState.PROPOSED).delete()
    if arrival.state not in UNREAD:
        arrival.state_before, arrival.state = arrival.state, State.REGISTERED
    if arrival.code == "intake.same_number":  # of course: it is the paper of that contract
        arrival.code = ""
    arrival.contract = contract
    arrival.save(update_fields=["state", "state_before", "code", "contract"])


_SETTLED = (State.REGISTERED, State.WITHDRAWN, State.OPENED, State.ISOLATED, State.CLEARED)


def _paper(arrival: Arrival, contract: Contract) -> PaperIn:
    """Return the file as a paper: what its name says it is, else the body where the contract has none yet."""
    name = arrival.filename.lower()
    has_body = contract.documents.filter(kind=DocumentKind.BODY).exists()
    said = next((kind for word, kind in KINDS.items() if word in name), None)
    kind = said or (DocumentKind.ANNEX if has_body else DocumentKind.BODY)
    looks_fixed = arrival.media_type in FIXED or (not arrival.media_type and name.endswith((".pdf", ".ofd", *IMAGES)))
    paper = paper_of(arrival)
    return dataclasses.replace(paper, kind=kind, is_scan=paper.is_scan or looks_fixed)


@transaction.atomic
def pair_by_hand(project: Project, arrival: Arrival, row: LedgerRow, *, by: User) -> Match:
    """人工匹配: a person says to which row a file belongs."""
    require(by, "intake.review")
    if not project.rows.filter(pk=row.pk).exists() or not project.files.filter(pk=arrival.pk).exists():
        raise Refused("intake.not_of_project", project=str(project))
    words = {"way": MatchWay.PERSON, "sure": MatchSure.CERTAIN, "told": "", "clashes": ""}
    one, _ = Match.objects.update_or_create(arrival=arrival, row=row, defaults={"project": project, **words})
    _adopt(project, [one.pk], by=by)
    one.refresh_from_db()
    return one


@transaction.atomic
def decline(project: Project, keys: Iterable[int], *, by: User) -> int:
    """不是: say that files do not belong to these rows; they are not proposed to them again."""
    require(by, "intake.review")
    matches = list(project.matches.select_for_update().filter(pk__in=list(keys), state=MatchState.PROPOSED))
    for one in matches:
        one.state, one.by, one.at = MatchState.DECLINED, by, now()
    Match.objects.bulk_update(matches, ["state", "by", "at"])
    if matches:
        record("project.declined", project, by=by, details={"matches": [one.pk for one in matches]})
    return len(matches)


@transaction.atomic
def undo(match: Match, *, by: User, why: str) -> None:
    """撤销匹配: take the paper off the contract again; the file waits as before, and the match is not made again."""
    require(by, "intake.review")
    if not why.strip():
        raise Refused("intake.undo_reason_needed")
    held = Match.objects.select_for_update(of=("self",)).select_related("arrival", "row", "project").get(pk=match.pk)
    if held.state != MatchState.STANDING:
        raise Refused("intake.match_undone", filename=str(held.arrival))
    arrival = Arrival.objects.select_for_update(of=("self",)).get(pk=held.arrival_id)
    contract = arrival.contract
    if held.document is not None and contract is not None:
        document, held.document = held.document, None
        held.save(update_fields=["document"])
        take_off(document, by=by, why=why)
    held.state, held.by, held.at, held.compared_at = MatchState.DECLINED, by, now(), None
    held.save()
    held.differences.all().delete()
    if arrival.state not in UNREAD:
        arrival.state = State.REFUSED if arrival.state_before == State.REFUSED else State.TO_REVIEW
        arrival.code = arrival.code if arrival.state == State.REFUSED else ""
    arrival.contract = None
    arrival.save(update_fields=["state", "code", "contract"])
    named = [one for one in (contract, arrival) if one is not None]
    record("project.unpaired", held.project, *named, by=by, details={"why": why.strip()})
