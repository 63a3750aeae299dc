"""进度: how far a project has come, and when its papers will have been read."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db.models import Count, Q
from django.utils import timezone

from qidang.kit.clock import now

from .models import DifferenceState, MatchState, Project, RowState
from .models.arrival import UNREAD
from .pairing import open_files

WINDOW = dt.timedelta(minutes=10)  # in which papers are counted for the pace
ONE_DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Queue:
    """识读队列: papers left, how many a minute of late, when it will be done (None: nobody can tell), what moves."""

    left: int
    read: int
    pace: float
    done_by: dt.datetime | None
    is_paused: bool
    is_out_of_hours: bool
    is_receiving: bool

    @property
    def is_moving(self) -> bool:
        """Whether the page has to ask again: files are taken in, or wait to be read."""
        return self.is_receiving or self.left > 0

    @property
    def rests(self) -> bool:
        """Whether nothing is read at present though something is left."""
        return self.left > 0 and (self.is_paused or self.is_out_of_hours)


@dataclasses.dataclass(frozen=True, slots=True)
class Figures:
    """The project in figures."""

    rows: int
    registered: int
    refused: int
    files: int
    paired: int
    proposed: int
    rows_left: int
    files_left: int
    differences: int


def figures_of(project: Project) -> Figures:
    """Return the project in figures."""
    rows = project.current_rows.aggregate(
        n=Count("pk"),
        registered=Count("pk", filter=Q(pk__in=project.current_rows.in_force().values("pk"))),
        refused=Count("pk", filter=Q(state=RowState.REFUSED)),
    )
    matches = project.matches.aggregate(
        paired=Count("pk", filter=Q(state=MatchState.STANDING)),
        proposed=Count("arrival", filter=Q(state=MatchState.PROPOSED), distinct=True),
    )
    return Figures(
        rows=rows["n"],
        registered=rows["registered"],
        refused=rows["refused"],
        files=project.files.exclude(batch__sheet__isnull=False).count(),
        paired=matches["paired"],
        proposed=matches["proposed"],
        rows_left=project.current_rows.unmatched().count(),
        files_left=open_files(project).count(),
        differences=project.differences.filter(state=DifferenceState.OPEN).count(),
    )


def queue_of(project: Project) -> Queue:
    """Return how the reading of the project's papers stands, and when it will be done at the present pace."""
    at = now()
    counts = project.files.aggregate(
        left=Count("pk", filter=Q(state__in=UNREAD)),
        read=Count("pk", filter=Q(read_at__isnull=False)),
        late=Count("pk", filter=Q(read_at__gt=at - WINDOW)),
    )
    first = project.files.filter(read_at__gt=at - WINDOW).order_by("read_at").values_list("read_at", flat=True).first()
    minutes = max((at - first).total_seconds() / 60, 0.1) if first else 0.0
    pace = counts["late"] / minutes if first and counts["late"] > 1 else 0.0
    is_paused, is_out = project.paused_at is not None, not project.is_hour(at)
    done_by = None if is_paused or not pace or not counts["left"] else _done_by(project, at, counts["left"] / pace)
    is_receiving = project.folders.filter(done_at=None, problem="").exists()
    return Queue(counts["left"], counts["read"], pace, done_by, is_paused, is_out, is_receiving)


def _done_by(project: Project, at: dt.datetime, minutes: float) -> dt.datetime:
    """Return when so many minutes of reading are over, in the project's hours alone."""
    if project.reads_from is None or project.reads_until is None:
        return at + dt.timedelta(minutes=minutes)
    here, left = timezone.localtime(at), dt.timedelta(minutes=minutes)
    for _ in range(3650):
        opens, closes = _next_hours(here, project.reads_from, project.reads_until)
        here = max(here, opens)
        if closes - here >= left:
            return here + left
        left -= closes - here
        here = closes
    return here


def _next_hours(here: dt.datetime, first: dt.time, last: dt.time) -> tuple[dt.datetime, dt.datetime]:
    """Return the hours of reading in which ``here`` lies, or the next ones."""
    for day in (-1, 0, 1):
        opens = dt.datetime.combine(here.date() + day * ONE_DAY, first, here.tzinfo)
        closes = dt.datetime.combine(opens.date() + (ONE_DAY if last <= first else 0 * ONE_DAY), last, here.tzinfo)
        if here < closes:
            return opens, closes
    raise AssertionError("a day has hours")
