"""导入项目: begun, given its ledgers and folders, paused and resumed."""

from __future__ import annotations

import datetime as dt
import itertools
import pathlib
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from django.db import transaction

from qidang.accounts.capabilities import require
from qidang.contracts.models.histories import CAPABILITY
from qidang.kit.clock import now
from qidang.kit.refusal import Refused
from qidang.ledger import record
from qidang.reading.litter import why_passed_over

from . import sheets
from .columns import LABELS
from .commands import size_of
from .folders import refuse_ours
from .models import Batch, Project, ProjectFolder, Source, State, Winner
from .receiving import Kept, files_under, keep, open_batch, pass_over, receive, skipped, wake
from .tasks import take_project_folder

if TYPE_CHECKING:
    from qidang.accounts.models import Department, User

    from .models import SheetImport

AT_ONCE = 8  # files of one transaction
PROBLEMS_KEPT = 1000
SLICE = 20.0  # seconds


@transaction.atomic
def begin(
    name: str,
    *,
    by: User,
    unit: Department | None = None,
    department: Department | None = None,
    is_historical: bool = False,
) -> Project:
    """导入项目: begin one. ``unit`` is the legal unit of rows that name none; its files are for ``department``."""
    _require(by)
    if is_historical:
        require(by, CAPABILITY)
    if not name.strip():
        raise Refused("intake.project_unnamed")
    department = department or by.department
    unit = unit or (department and department.unit)
    project = Project.objects.create(
        name=name.strip()[:120], by=by, unit=unit, department=department, is_historical=is_historical
    )
    record("project.begun", project, by=by)
    return project


def add_ledger(project: Project, stream: BinaryIO | bytes, filename: str, *, by: User) -> SheetImport:
    """添加台账: bring one more sheet into the project; its columns are looked at and imported on its own page."""
    _require(by)
    sheet = sheets.bring(stream, filename, by=by, unit=project.unit, is_historical=project.is_historical)
    Batch.objects.filter(pk=sheet.batch_id).update(project=project)
    sheet.batch.project = project
    return sheet


def open_project_batch(project: Project, source: str, *, by: User, note: str = "") -> Batch:
    """Open a batch whose files are the project's."""
    with transaction.atomic():
        batch = open_batch(source, by=by, department=project.department, note=note or project.name)
        batch.project = project
        batch.save(update_fields=["project"])
    return batch


@transaction.atomic
def add_folder(project: Project, path: str, *, by: User) -> ProjectFolder:
    """添加服务器文件夹: have its files taken in behind the scenes; they stay where they lie."""
    require(by, "system.manage")
    place = pathlib.Path(path).resolve()
    refuse_ours(place)
    if not place.is_dir():
        raise Refused("intake.folder_missing", path=path)
    if project.folders.filter(path=str(place)).exists():
        raise Refused("intake.folder_added", path=path)
    batch = open_project_batch(project, Source.FOLDER, by=by, note=f"{project.name} {place.name}"[:200])
    folder = ProjectFolder.objects.create(project=project, batch=batch, path=str(place), by=by)
    record("project.folder_added", project, by=by, details={"path": str(place)})
    take_project_folder.enqueue(folder.pk)
    return folder


def take_folder(folder: ProjectFolder, seconds: float = SLICE) -> bool:
    """Take in what the folder holds, oldest first, for about ``seconds``; return True while something is left.

    What was taken before, or before a worker died, is not taken again.
    """
    place, until = pathlib.Path(folder.path), time.monotonic() + seconds
    if not place.is_dir():
        ProjectFolder.objects.filter(pk=folder.pk).update(problem="intake.folder_missing")
        return False
    there = {*folder.batch.arrivals.values_list("path", flat=True), *(one["file"] for one in folder.skipped)}
    files = iter([(path, name) for path, name in oldest_first([place]) if name[:1000] not in there])
    timely = itertools.takewhile(lambda _: time.monotonic() < until, files)
    folder.skipped += list(take_files(folder.batch, timely, by=folder.by))
    left = next(files, None) is not None
    ProjectFolder.objects.filter(pk=folder.pk).update(
        done_at=None if left else now(), problem="", skipped=folder.skipped[:PROBLEMS_KEPT]
    )
    return left


@transaction.atomic
def look_again(folder: ProjectFolder, *, by: User) -> None:
    """再看一遍: take in what was put into the folder since."""
    require(by, "system.manage")
    ProjectFolder.objects.filter(pk=folder.pk).update(done_at=None, problem="", skipped=[])
    record("project.folder_added", folder.project, by=by, details={"path": folder.path, "again": True})
    take_project_folder.enqueue(folder.pk)


def oldest_first(paths: Iterable[pathlib.Path]) -> list[tuple[pathlib.Path, str]]:
    """Return the files by their day of change, so that the newest come last and are read first."""
    return sorted(files_under(paths), key=lambda one: (_changed(one[0]), one[1]))


def _changed(path: pathlib.Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def take_files(batch: Batch, files: Iterable[tuple[pathlib.Path, str]], *, by: User) -> Iterator[dict[str, Any]]:
    """收件: take files in, some a transaction; yield name and code of what could not be taken."""
    for some in itertools.batched(files, AT_ONCE):
        kept: list[Kept] = []
        for path, name in some:
            try:
                if why := why_passed_over(name, size_of(path, name)):
                    pass_over(batch, [(name, why)])
                    yield {"file": name, "state": "skipped", "code": skipped(name, why).code}
                else:
                    kept.append(keep(path, path.name, name))
            except Refused as refusal:
                yield {"file": name, "state": "refused", "code": refusal.code}
        receive(batch, kept, by=by)


@transaction.atomic
def pause(project: Project, *, by: User) -> None:
    """暂停识读: what is under way ends; the rest waits until it is resumed."""
    project = _locked(project, by)
    if project.paused_at is None:
        project.paused_at = now()
        project.save(update_fields=["paused_at"])
        record("project.paused", project, by=by)


@transaction.atomic
def resume(project: Project, *, by: User) -> None:
    """继续识读."""
    project = _locked(project, by)
    if project.paused_at is not None:
        project.paused_at = None
        project.save(update_fields=["paused_at"])
        record("project.resumed", project, by=by)
    wake_batches(project)


@transaction.atomic
def arrange(
    project: Project,
    *,
    by: User,
    wins: Mapping[str, str],
    reads_from: dt.time | None,
    reads_until: dt.time | None,
) -> None:
    """设置: by field whose value stands where ledger and paper differ, and in which hours papers are read."""
    project = _locked(project, by)
    if (reads_from is None) != (reads_until is None) or (reads_from is not None and reads_from == reads_until):
        raise Refused("intake.hours_unclear")
    project.wins = {name: str(side) for name, side in wins.items() if name in LABELS and side in Winner.values}
    project.reads_from, project.reads_until = reads_from, reads_until
    project.save(update_fields=["wins", "reads_from", "reads_until"])
    hours = [f"{one:%H:%M}" for one in (reads_from, reads_until) if one is not None]
    record("project.arranged", project, by=by, details={"wins": project.wins, "hours": hours})
    wake_batches(project)


def wake_batches(project: Project) -> None:
    """Have the worker read on, where something waits and the project does not rest."""
    if not project.rests(now()):
        for batch in project.batches.filter(arrivals__state=State.WAITING).distinct():
            wake(batch)


def _locked(project: Project, by: User) -> Project:
    _require(by)
    return Project.objects.select_for_update().get(pk=project.pk)


def _require(by: User) -> None:
    require(by, "contract.create")
    require(by, "intake.review")
