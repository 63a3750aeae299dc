"""台账导入: an Excel or CSV register becomes contracts without papers; wrong rows are named, good ones go on."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext

from qidang import vault
from qidang.accounts.capabilities import require
from qidang.contracts.choices import Source as Origin
from qidang.contracts.registering import register
from qidang.kit.clock import now, today
from qidang.kit.refusal import Refused
from qidang.ledger import record
from qidang.vault.models import Blob

from .columns import HEADINGS, LABELS, NEEDED, CellProblem, Value, guess, header_row, understand
from .models import LedgerRow, RowState, SheetImport, Source
from .receiving import keep, open_batch
from .rows import Lookup
from .texts import pool

if TYPE_CHECKING:
    from qidang.accounts.models import Department, User
    from qidang.reading.paper import Cell

PREVIEW = 20
PROBLEMS_KEPT = 1000
AT_ONCE = 100  # rows of one transaction: some 5 ms


@dataclasses.dataclass(frozen=True, slots=True)
class Tab:
    """One sheet of the file: its cells as text, and where its heading stands (from 0)."""

    name: str
    rows: list[list[str]]
    header: int

    @property
    def headings(self) -> list[str]:
        """The texts of the heading row."""
        return self.rows[self.header] if self.rows else []


@dataclasses.dataclass(slots=True)
class Outcome:
    """What an import, or a dry run of it, comes to."""

    rows: int = 0
    registered: int = 0
    problems: list[CellProblem] = dataclasses.field(default_factory=list)
    preview: list[dict[str, Value]] = dataclasses.field(default_factory=list)


def bring(stream: BinaryIO | bytes, filename: str, *, by: User, unit: Department | None = None) -> SheetImport:
    """台账导入: keep the file and guess what its columns mean. Raise Refused where it is no sheet."""
    require(by, "contract.create")
    kept = keep(stream, filename)
    batch = open_batch(Source.SHEET, by=by, note=kept.filename)
    with transaction.atomic():
        sheet = SheetImport(batch=batch, filename=kept.filename, unit=unit or (by.department and by.department.unit))
        sheet.blob = Blob.objects.keep(kept.stored, holder=sheet)
        sheet.save()
        record("sheet.brought", sheet, by=by)
    tab = max(tabs(sheet), key=lambda one: len(guess(one.headings)))
    sheet.tab, sheet.header_row, sheet.columns = tab.name, tab.header + 1, guess(tab.headings)
    sheet.rows_total = sum(1 for _ in _filled(tab))
    sheet.save()
    return sheet


def tabs(sheet: SheetImport) -> list[Tab]:
    """Return the tabs of the file, read in a child process. Raise Refused("intake.not_a_sheet")."""
    reading = pool().read(vault.read(sheet.blob), sheet.filename)
    if reading.paper is None or reading.refused:
        raise Refused(reading.refused or "intake.not_a_sheet", filename=sheet.filename)
    names = reading.paper.meta.get("sheets", [])
    found = []
    for number, table in enumerate(table for page in reading.paper.pages for table in page.tables):
        rows = [_cells(row) for row in table.rows]
        found.append(Tab(names[number] if number < len(names) else str(number + 1), rows, header_row(rows)))
    if not found:
        raise Refused("intake.not_a_sheet", filename=sheet.filename)
    return found


def _cells(row: list[Cell]) -> list[str]:
    """Return the texts of a row by column; a sheet leaves empty cells out."""
    texts = [""] * (max((cell.col for cell in row), default=-1) + 1)
    for cell in row:
        texts[cell.col] = cell.text
    return texts


def tab_of(sheet: SheetImport) -> Tab:
    """Return the tab that was chosen, with the heading row that was chosen."""
    for tab in tabs(sheet):
        if tab.name == sheet.tab:
            return dataclasses.replace(tab, header=sheet.header_row - 1)
    raise Refused("intake.not_a_sheet", filename=sheet.filename)


def choose(sheet: SheetImport, columns: dict[str, int], *, unit: Department | None, by: User) -> SheetImport:
    """列映射: say which column holds which field, and for which legal unit the rows are."""
    require(by, "contract.create")
    if sheet.imported_at:
        raise Refused("intake.sheet_done", filename=sheet.filename)
    missing = [str(LABELS[name]) for name in NEEDED if name not in columns]
    if missing:
        raise Refused("intake.columns_missing", fields=gettext("、").join(missing))
    sheet.columns, sheet.unit = {name: column for name, column in columns.items() if name in HEADINGS}, unit
    sheet.save(update_fields=["columns", "unit"])
    return sheet


def dry_run(sheet: SheetImport, *, by: User) -> Outcome:
    """试导入: say what an import would do, and do nothing."""
    tab, outcome, lookup = tab_of(sheet), Outcome(), Lookup(sheet.unit, by)
    for row, values, problems in _understood(sheet, tab):
        outcome.rows += 1
        problems = problems or lookup.problems(row, values, tab.headings, sheet.columns)
        outcome.problems += problems
        outcome.registered += not problems
        if len(outcome.preview) < PREVIEW:
            outcome.preview.append(values)
    return outcome


def bring_in(sheet: SheetImport, *, by: User) -> Outcome:
    """导入: register every good row as a contract without a paper; a wrong row is named and changes nothing."""
    require(by, "contract.create")
    tab, outcome, lookup = tab_of(sheet), Outcome(), Lookup(sheet.unit, by)
    if not SheetImport.objects.filter(pk=sheet.pk, imported_at=None).update(imported_at=now()):
        raise Refused("intake.sheet_done", filename=sheet.filename)
    kept = []
    for row, values, problems in _understood(sheet, tab):
        outcome.rows += 1
        problems = problems or lookup.problems(row, values, tab.headings, sheet.columns)
        one = _row(sheet, tab, row, values)
        if not problems:
            problems = _register(one, values, lookup, by)
        one.problems = [problem.as_dict() for problem in problems]
        one.state = RowState.REFUSED if problems else RowState.REGISTERED
        kept.append(one)
        outcome.problems += problems
        outcome.registered += not problems
    for some in itertools.batched(kept, AT_ONCE):
        LedgerRow.objects.bulk_create(some)
    sheet.headings = tab.headings
    _note(sheet, outcome, by)
    return outcome


def _row(sheet: SheetImport, tab: Tab, number: int, values: dict[str, Value]) -> LedgerRow:
    """Return the row as it is kept, with every cell that says something."""
    row = LedgerRow(sheet=sheet, number=number)
    row.texts = {column: text for column, text in enumerate(tab.rows[number - 1]) if text.strip()}
    row.settle(values)
    return row


def _register(row: LedgerRow, values: dict[str, Value], lookup: Lookup, by: User) -> list[CellProblem]:
    try:
        row.contract = register(lookup.contract_values(values), by=by, source=Origin.LEDGER_SHEET)
    except Refused as refusal:
        return [CellProblem(row.number, "", refusal.code, refusal.message)]
    return []


@transaction.atomic
def _note(sheet: SheetImport, outcome: Outcome, by: User) -> None:
    sheet.imported_at = now()
    sheet.rows_total, sheet.rows_registered = outcome.rows, outcome.registered
    sheet.errors = [problem.as_dict() for problem in outcome.problems[:PROBLEMS_KEPT]]
    sheet.save()
    record("sheet.imported", sheet, by=by, details={"rows": outcome.rows, "registered": outcome.registered})


def _filled(tab: Tab) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(tab.rows[tab.header + 1 :], start=tab.header + 2):
        if any(cell.strip() for cell in cells):
            yield number, cells


def _understood(sheet: SheetImport, tab: Tab) -> Iterator[tuple[int, dict[str, Value], list[CellProblem]]]:
    columns: dict[str, Any] = sheet.columns
    day = today()
    for row, cells in _filled(tab):
        values, problems = understand(cells, columns, row=row, headings=tab.headings, today=day)
        yield row, values, problems
