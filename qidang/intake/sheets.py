"""台账导入: an Excel or CSV register becomes contracts without papers; wrong rows are named, good ones go on.

The way of a sheet: it is brought (``bring``), somebody says what its columns mean (``choose``), the plan says what
would happen to every row (``plan``), and then it does (``bring_in``). What was brought in can be taken back (``undo``).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, BinaryIO

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext

from qidang.accounts.capabilities import require
from qidang.contracts.models import CustomField
from qidang.contracts.models.custom_fields import is_custom
from qidang.contracts.models.histories import CAPABILITY
from qidang.kit.clock import now, today
from qidang.kit.refusal import Refused
from qidang.ledger import record
from qidang.vault.models import Blob

from . import headings, tasks
from .columns import HEADINGS, JOINT, LABELS, NEEDED, guess, known, plain
from .importing import import_slice, undo_slice
from .models import LedgerRow, RowState, SheetImport, Source, Work
from .names import keeper_for
from .planning import plan_slice
from .receiving import keep, open_batch
from .tabs import Tab, tabs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qidang.accounts.models import Department, User

    from .models.row import LedgerRowQuerySet
    from .models.sheet import SheetImportQuerySet

SLICE = 3.0
SILENCE = dt.timedelta(minutes=2)
DIRECT = 300  # rows that are dealt with while the page waits; more are the worker's
AT_ONCE = 200  # rows deleted in one transaction


@dataclasses.dataclass(frozen=True, slots=True)
class Counts:
    """How the rows of a sheet stand; ``new`` and ``changing`` wait to be brought in."""

    rows: int
    new: int
    changing: int
    registered: int
    updated: int
    unchanged: int
    refused: int
    skipped: int
    undone: int
    kept: int

    @property
    def waiting(self) -> int:
        """How many rows an import would bring in or change something by."""
        return self.new + self.changing

    @property
    def done(self) -> int:
        """How many rows have been dealt with by an import."""
        return self.rows - self.waiting


def bring(
    stream: BinaryIO | bytes,
    filename: str,
    *,
    by: User,
    unit: Department | None = None,
    is_historical: bool = False,
) -> SheetImport:
    """台账导入: keep the file and say what its columns mean, as it was said last time or else by their headings.

    Raise Refused where it is no sheet.
    """
    require(by, "contract.create")
    kept = keep(stream, filename)
    batch = open_batch(Source.SHEET, by=by, note=kept.filename)
    with transaction.atomic():
        sheet = SheetImport(batch=batch, filename=kept.filename, unit=unit or (by.department and by.department.unit))
        sheet.keeper, sheet.is_historical = keeper_for(by), is_historical
        sheet.blob = Blob.objects.keep(kept.stored, holder=sheet)
        sheet.save()
        record("sheet.brought", sheet, by=by)
    _take_tab(sheet, max(tabs(sheet), key=lambda one: (known(one.headings), not one.grid.is_hidden)), by=by)
    return sheet


def _take_tab(sheet: SheetImport, tab: Tab, *, by: User) -> None:
    """Take this tab with this heading; its columns mean what they meant last time, else what they are called."""
    sheet.tab, sheet.header_row, sheet.header_rows = tab.name, tab.heading.top + 1, tab.heading.height
    sheet.headings, sheet.fingerprint = tab.headings, tab.heading.fingerprint
    sheet.rows_total = tab.count
    last = remembered(sheet, by=by)
    sheet.columns = _with_customs(last.columns if last else guess(tab.headings), tab.headings)
    sheet.key_columns = last.key_columns if last else []
    sheet.previous = earlier(sheet, by=by).first()
    sheet.save()


def _with_customs(columns: dict[str, int], headings: Sequence[str]) -> dict[str, int]:
    """Add the columns that nothing else means and that are called like a custom field in use."""
    labels = {plain(one.label): one.name for one in CustomField.objects.open(today()).order_by("-contract_type")}
    found = dict(columns)
    for column, heading in enumerate(headings):
        name = labels.get(plain(heading.rpartition(JOINT)[2]))
        if name and name not in found and column not in found.values():
            found[name] = column
    return found


def remembered(sheet: SheetImport, *, by: User) -> SheetImport | None:
    """Return the sheet with the same headings whose columns this person, or somebody for this unit, chose last."""
    same = SheetImport.objects.filter(fingerprint=sheet.fingerprint, chosen_at__isnull=False).exclude(pk=sheet.pk)
    return same.filter(Q(batch__by=by) | Q(unit=sheet.unit, unit__isnull=False)).order_by("-chosen_at").first()


def earlier(sheet: SheetImport, *, by: User) -> SheetImportQuerySet:
    """Return the imports that this sheet may correct, the likeliest first: of the same name, of the same headings."""
    same = Q(filename=sheet.filename) | Q(fingerprint=sheet.fingerprint)
    found = SheetImport.objects.visible_to(by).in_force().filter(same, unit=sheet.unit).exclude(pk=sheet.pk)
    return found.order_by("-imported_at")


def head(sheet: SheetImport, *, tab: str, header_row: int, header_rows: int, by: User) -> SheetImport:
    """表头: say on which tab and in which rows the heading stands; the columns are looked at anew."""
    require(by, "contract.create")
    _refuse_begun(sheet)
    found = next((one for one in tabs(sheet) if one.name == tab), None)
    if found is None or header_row < 1 or not 1 <= header_rows <= headings.HIGHEST:
        raise Refused("intake.no_such_heading", tab=tab)
    heading = headings.at(found.grid, header_row - 1, header_row + header_rows - 2)
    if not heading.texts:
        raise Refused("intake.no_such_heading", tab=tab)
    _forget_plan(sheet)
    _take_tab(sheet, dataclasses.replace(found, heading=heading), by=by)
    return sheet


def choose(
    sheet: SheetImport,
    columns: dict[str, int],
    *,
    unit: Department | None,
    by: User,
    key_columns: Iterable[int] = (),
    keeper: User | None = None,
    skips_hidden: bool = False,
    is_historical: bool | None = None,
) -> SheetImport:
    """列映射: say which column holds which field, by which a row is known again, and whose the rows are."""
    require(by, "contract.create")
    _refuse_begun(sheet)
    if is_historical is not None:
        sheet.is_historical = is_historical
    if sheet.is_historical:
        require(by, CAPABILITY)
    missing = [str(LABELS[name]) for name in NEEDED if name not in columns]
    if missing:
        raise Refused("intake.columns_missing", fields=gettext("、").join(missing))
    if keeper is not None and (not keeper.is_active or keeper.is_service):
        raise Refused("intake.keeper_gone", name=keeper.name)
    sheet.columns = {name: column for name, column in columns.items() if name in HEADINGS or is_custom(name)}
    sheet.unit = unit
    sheet.key_columns, sheet.skips_hidden = sorted(set(key_columns)), skips_hidden
    sheet.keeper = keeper or sheet.keeper or keeper_for(by)
    sheet.previous = earlier(sheet, by=by).first()
    sheet.chosen_at = now()
    _forget_plan(sheet)
    sheet.save()
    return sheet


def plan(sheet: SheetImport, *, by: User) -> SheetImport:
    """试导入: work out what would become of every row, and register nothing; a long sheet is left to the worker."""
    require(by, "contract.create")
    _refuse_begun(sheet)
    _forget_plan(sheet)
    sheet.started_by = by
    return _begin(sheet, Work.PLAN)


def bring_in(sheet: SheetImport, *, by: User) -> SheetImport:
    """导入: register every row that is new, change what the others change; a wrong row is named and changes nothing.

    A sheet that has no plan yet gets one first, here and now.
    """
    require(by, "contract.create")
    _refuse_begun(sheet)
    if sheet.planned_at is None:
        sheet.started_by = by
        while plan_slice(sheet, by=by, seconds=SLICE):
            pass
    claimed = SheetImport.objects.filter(pk=sheet.pk, started_at=None).update(started_at=now(), planned_at=now())
    if not claimed:
        raise Refused("intake.sheet_done", filename=sheet.filename)
    sheet.refresh_from_db()
    sheet.started_by = by
    return _begin(sheet, Work.IMPORT)


def undo(sheet: SheetImport, *, by: User, why: str) -> SheetImport:
    """撤销导入: contracts that it brought are withdrawn, fields that it changed get back what they said before."""
    for capability in ("contract.edit", "contract.withdraw"):
        require(by, capability)
    if sheet.imported_at is None or sheet.undone_at is not None or sheet.work:
        raise Refused("intake.nothing_to_undo", filename=sheet.filename)
    if not why.strip():
        raise Refused("intake.undo_unexplained", filename=sheet.filename)
    sheet.undo_why, sheet.undone_by = why.strip()[:200], by
    return _begin(sheet, Work.UNDO)


def work_on(sheet: SheetImport, seconds: float = SLICE) -> bool:
    """Do a slice of what is begun with this sheet; return True while something is left."""
    doing = {Work.PLAN: plan_slice, Work.IMPORT: import_slice, Work.UNDO: undo_slice}.get(Work(sheet.work))
    if doing is None:
        return False
    by = sheet.undone_by if sheet.work == Work.UNDO else sheet.started_by
    assert by is not None
    if doing(sheet, by=by, seconds=seconds):
        return True
    _finish(sheet, by)
    return False


def wake_left_behind() -> None:
    """Wake the sheets that something was begun with and that nobody has worked on for ``SILENCE``, as after a kill."""
    for sheet in SheetImport.objects.exclude(work=Work.NONE).filter(worked_at__lt=now() - SILENCE):
        SheetImport.objects.filter(pk=sheet.pk).update(worked_at=now())
        tasks.work_on_sheet.enqueue(sheet.pk)


def counts(sheet: SheetImport) -> Counts:
    """Return how the rows of ``sheet`` stand, in one query."""
    named = {state.value: Count("pk", filter=Q(state=state)) for state in RowState if state != RowState.PENDING}
    found = sheet.rows.aggregate(
        rows=Count("pk"),
        new=Count("pk", filter=Q(state=RowState.PENDING, contract=None)),
        changing=Count("pk", filter=Q(state=RowState.PENDING, contract__isnull=False)),
        **named,
    )
    return Counts(**found)


def missing(sheet: SheetImport) -> LedgerRowQuerySet:
    """Return the rows of the import before that stand behind a contract which this sheet names no more."""
    if sheet.previous_id is None:
        return LedgerRow.objects.none()
    named = sheet.rows.filter(contract__isnull=False).values("contract")
    return LedgerRow.objects.filter(sheet=sheet.previous_id).in_force().exclude(contract__in=named)


def _begin(sheet: SheetImport, work: str) -> SheetImport:
    sheet.work, sheet.worked_at = work, now()
    sheet.save()
    if sheet.rows_total > DIRECT:
        tasks.work_on_sheet.enqueue(sheet.pk)
    else:
        while work_on(sheet, seconds=float("inf")):
            pass
    return sheet


def _finish(sheet: SheetImport, by: User) -> None:
    """Say that what was begun is done, in the log too; a plan changes nothing and is no act."""
    stands = counts(sheet)
    with transaction.atomic():
        if sheet.work == Work.PLAN:
            sheet.planned_at = now()
        elif sheet.work == Work.IMPORT:
            _link_continued(sheet)
            sheet.imported_at, sheet.rows_registered = now(), stands.registered
            told = {"rows": stands.rows, "registered": stands.registered, "updated": stands.updated}
            record("sheet.imported", sheet, by=by, details=told | {"refused": stands.refused})
        else:
            sheet.undone_at = now()
            undone = {"undone": stands.undone, "kept": stands.kept, "why": sheet.undo_why}
            record("sheet.undone", sheet, by=by, details=undone)
        sheet.work, sheet.worked_at = Work.NONE, now()
        sheet.save()


def _link_continued(sheet: SheetImport) -> None:
    """Give the rows that go on with the contract above them that contract, so that its page shows them too."""
    rows = sheet.rows.filter(state=RowState.SKIPPED, problems__0__code="intake.row_continues")
    numbers = list(rows.values_list("pk", "number"))
    if not numbers:
        return
    stands = dict(sheet.rows.filter(contract__isnull=False).values_list("number", "contract"))
    above = sorted(stands)
    for pk, number in numbers:
        first = max((one for one in above if one < number), default=None)
        if first is not None:
            LedgerRow.objects.filter(pk=pk).update(contract=stands[first])


def _refuse_begun(sheet: SheetImport) -> None:
    if sheet.started_at is not None:
        raise Refused("intake.sheet_done", filename=sheet.filename)
    if sheet.work:
        raise Refused("intake.sheet_busy", filename=sheet.filename)


def _forget_plan(sheet: SheetImport) -> None:
    """Forget what a plan said; rows that were brought in are never among these."""
    while pks := list(sheet.rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        LedgerRow.objects.filter(pk__in=pks).delete()
    sheet.planned_at = None
