"""监视文件夹: what is laid into a folder is taken in and then moved aside, once it has stopped growing."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.db import transaction

from qidang.accounts.capabilities import require
from qidang.kit.clock import now, today
from qidang.kit.refusal import Refused
from qidang.ledger import record
from qidang.reading.litter import LITTER, is_litter

from .models import Batch, Source, WatchedFolder, Why
from .receiving import BARRED, keep, open_batch, pass_over, receive

if TYPE_CHECKING:
    from qidang.accounts.models import Department, User

TAKEN = "已收"
QUIET = 3.0
MOST = 200


@transaction.atomic
def watch(
    path: str, *, by: User, department: Department | None = None, registers_by_itself: bool = False
) -> WatchedFolder:
    """监视文件夹: watch one more. Raise Refused where it is no folder or we may not move files in it."""
    require(by, "system.manage")
    place = pathlib.Path(path).resolve()
    refuse_ours(place)
    _try(place)
    folder, is_new = WatchedFolder.objects.get_or_create(
        path=str(place), defaults={"by": by, "department": department, "registers_by_itself": registers_by_itself}
    )
    if not is_new and folder.is_active:
        raise Refused("intake.folder_watched", path=path)
    folder.is_active, folder.department, folder.registers_by_itself = True, department, registers_by_itself
    folder.save()
    record("folder.watched", folder, by=by)
    return folder


@transaction.atomic
def unwatch(folder: WatchedFolder, *, by: User) -> None:
    """停止监视."""
    require(by, "system.manage")
    folder.is_active = False
    folder.save(update_fields=["is_active"])
    record("folder.unwatched", folder, by=by)


def take_in_all() -> None:
    """Look into every watched folder; one that cannot be read is noted and does not keep the others waiting."""
    for folder in WatchedFolder.objects.filter(is_active=True).select_related("by", "department"):
        problem = ""
        try:
            take_in(folder)
        except Refused as refusal:
            problem = refusal.code
        except OSError:
            problem = "intake.folder_unreadable"
        WatchedFolder.objects.filter(pk=folder.pk).update(looked_at=now(), problem=problem)


def take_in(folder: WatchedFolder) -> Batch | None:
    """Take in what lies still in ``folder``; a file is moved aside only after its arrival is committed.

    What cannot be read or moved is left lying: taken in all the same, it would come again and again.
    """
    place = pathlib.Path(folder.path)
    _try(place)
    still = _still(place)
    files = [file for file in still if os.access(file, os.R_OK) and os.access(file.parent, os.W_OK | os.X_OK)][:MOST]
    if still and not files:
        raise Refused("intake.folder_unreadable")
    if not files:
        return None
    batch = open_batch(
        Source.FOLDER,
        by=folder.by,
        department=folder.department,
        note=f"{place.name} {today()}",
        registers_by_itself=folder.registers_by_itself,
    )
    pass_over(batch, [(inside, LITTER) for inside in _litter(place)])
    for file in files:
        inside = file.relative_to(place)
        _take(batch, file, str(inside), folder.by)
        _move_aside(place, file, inside)
    return batch


def _take(batch: Batch, file: pathlib.Path, inside: str, by: User) -> None:
    """Receive one file; what was removed for good (误传清除) is passed over, and moved aside like the others."""
    try:
        with _opened(file) as stream:
            receive(batch, [keep(stream, file.name, inside)], by=by)
    except Refused as refusal:
        if refusal.code != BARRED:
            raise
        pass_over(batch, [(inside, Why.CLEARED)])


def refuse_ours(place: pathlib.Path) -> None:
    """Our own data would be taken in and moved away: neither they nor what holds them can be watched."""
    for own in (settings.HOME.resolve(), settings.KEY_FILE.resolve()):
        if place == own or place in own.parents or own in place.parents:
            raise Refused("intake.folder_ours", path=str(place))


@contextlib.contextmanager
def _opened(file: pathlib.Path) -> Iterator[BinaryIO]:
    """Open the file itself, never what a link leads to that was put in its place meanwhile."""
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as stream:
        yield stream


def _try(place: pathlib.Path) -> None:
    if not place.is_dir():
        raise Refused("intake.folder_missing", path=str(place))
    try:
        (place / TAKEN).mkdir(exist_ok=True)
    except OSError as error:
        raise Refused("intake.folder_unwritable", path=str(place)) from error


def _still(place: pathlib.Path) -> list[pathlib.Path]:
    """Return the files that nobody has written to for ``QUIET`` seconds, oldest first."""
    before = time.time() - QUIET
    found = []
    for file in place.rglob("*"):
        inside = file.relative_to(place)
        if inside.parts[0] == TAKEN or is_litter(file.name) or file.is_symlink() or not file.is_file():
            continue
        status = file.stat()
        if status.st_mtime <= before and status.st_size:
            found.append((status.st_mtime, file))
    return [file for _, file in sorted(found)]


def _litter(place: pathlib.Path) -> list[str]:
    """Return what lies in the folder and says nothing; it is left lying, for it may be the lock of an open paper."""
    inside = [file.relative_to(place) for file in place.rglob("*") if file.is_file() and is_litter(file.name)]
    return [str(path) for path in sorted(inside) if path.parts[0] != TAKEN][:MOST]


def _move_aside(place: pathlib.Path, file: pathlib.Path, inside: pathlib.Path) -> None:
    target = place / TAKEN / f"{today()}" / inside
    target.parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{inside.stem} ({number}){inside.suffix}")
    shutil.move(file, target)
