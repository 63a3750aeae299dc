"""qidang onboard: a whole project by command, from its ledgers and files to its gaps, with or without a worker."""

from __future__ import annotations

import dataclasses
import pathlib
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qidang.accounts.models import Department
from qidang.kit.refusal import Refused

from . import pairing, sheets
from .comparing import compare_read
from .models import Match, MatchState, Project, RowState, Source
from .models.arrival import UNREAD
from .progress import figures_of
from .projects import add_ledger, begin, oldest_first, open_project_batch, take_files
from .work import read_slice

if TYPE_CHECKING:
    from qidang.accounts.models import User

    from .models import Arrival, Batch, LedgerRow, SheetImport

LEDGERS = {".xlsx", ".xls", ".csv", ".et"}
POLL = 0.5
Line = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Brought:
    """What the command was given: folders or files, ledgers among or beside them, the project's name and unit."""

    paths: Sequence[pathlib.Path]
    ledgers: Sequence[pathlib.Path] = ()
    name: str = ""
    unit: str = ""
    is_historical: bool = False


def onboard(brought: Brought, *, by: User, worker_runs: bool) -> Iterator[Line]:
    """导入项目: do it all, and yield a line for each row, each file, and at last one for the project.

    Rows are registered before any paper is read. With a running worker the reading is left to it and waited for.
    """
    ledgers = list(brought.ledgers) or [path for folder in brought.paths for path in _ledgers_in(folder)]
    if not ledgers:
        raise Refused("intake.no_ledger", path="、".join(str(path) for path in brought.paths))
    name = brought.name or brought.paths[0].resolve().name
    project = begin(name, by=by, unit=_unit(brought.unit), is_historical=brought.is_historical)
    for path in ledgers:
        yield from _import(project, path, by)
    batch = open_project_batch(project, Source.COMMAND, by=by)
    known = {path.resolve() for path in ledgers}
    files = [(path, name) for path, name in oldest_first(brought.paths) if path.resolve() not in known]
    yield from ({"kind": "file", **passed} for passed in take_files(batch, files, by=by))
    pairing.match_project(project)
    _read(project, batch, worker_runs=worker_runs)
    pairing.match_project(project)
    compare_read(project)
    yield from _outcome(project)


def _ledgers_in(folder: pathlib.Path) -> list[pathlib.Path]:
    """Return the ledgers that lie in a folder itself; deeper ones are papers."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in LEDGERS and path.name[0] not in ".~")


def _unit(name: str) -> Department | None:
    """Return the legal unit of that name; without a name the only one there is."""
    units = Department.objects.units().active()
    if name:
        found = units.filter(name=name).first() or units.filter(code=name).first()
        if found is None:
            raise Refused("intake.unit_unknown")
        return found
    only = list(units[:2])
    return only[0] if len(only) == 1 else None


def _import(project: Project, path: pathlib.Path, by: User) -> Iterator[Line]:
    if not path.is_file():
        raise Refused("intake.file_missing", filename=str(path))
    sheet = add_ledger(project, path.read_bytes(), path.name, by=by)
    sheets.choose(sheet, sheet.columns, unit=project.unit, by=by)
    sheets.bring_in(sheet, by=by)
    while sheets.work_on(sheet):
        pass
    for row in sheet.rows.select_related("contract").order_by("number").iterator(chunk_size=500):
        yield _row(sheet, row)


def _row(sheet: SheetImport, row: LedgerRow) -> Line:
    problem = row.problems[0] if row.problems else {}
    refusal = Refused(problem["code"], number=problem.get("text", "")) if problem else None
    return {
        "kind": "row",
        "ledger": sheet.filename,
        "row": row.number,
        "state": row.state,
        "number": row.values.get("number") or None,
        "title": row.values.get("title") or None,
        "contract": (row.contract.number or None) if row.contract else None,
        "uid": str(row.contract.uid) if row.contract else None,
        "code": refusal.code if refusal else None,
        "message": f"{refusal.message} {problem.get('column', '')} {problem.get('text', '')}".strip()
        if refusal
        else None,
    }


def _read(project: Project, batch: Batch, *, worker_runs: bool) -> None:
    while project.files.filter(state__in=UNREAD).exists():
        if worker_runs:
            time.sleep(POLL)
        elif not read_slice(batch.pk) and not batch.arrivals.filter(state__in=UNREAD).exists():
            return


def _outcome(project: Project) -> Iterator[Line]:
    files = project.files.exclude(batch__sheet__isnull=False).select_related("contract").order_by("id")
    matches: dict[int, list[Match]] = {}
    for match in project.matches.exclude(state=MatchState.DECLINED).select_related("row"):
        matches.setdefault(match.arrival_id, []).append(match)
    for arrival in files.iterator(chunk_size=500):
        yield _file(arrival, matches.get(arrival.pk, []))
    figures = dataclasses.asdict(figures_of(project))
    refused = project.rows.filter(state=RowState.REFUSED).count()
    yield {"kind": "project", "name": project.name, "uid": str(project.uid), **figures, "refused": refused}


def _file(arrival: Arrival, matches: list[Match]) -> Line:
    best = next((one for one in matches if one.state == MatchState.STANDING), matches[0] if matches else None)
    return {
        "kind": "file",
        "file": arrival.path or arrival.filename,
        "sha256": arrival.sha256,
        "state": arrival.state,
        "contract": (arrival.contract.number or None) if arrival.contract else None,
        "uid": str(arrival.contract.uid if arrival.contract else arrival.uid),
        "match": best.state if best else None,
        "way": best.way if best else None,
        "sure": best.sure if best else None,
        "told": (best.told or None) if best else None,
        "row": best.row.number if best else None,
        "rivals": max(len(matches) - 1, 0),
        "clashes": best.clashes.split() if best else [],
        "code": arrival.code or None,
        "message": arrival.message or None,
    }
