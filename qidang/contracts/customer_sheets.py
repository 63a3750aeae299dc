"""客户表: a sheet of customers is tried, looked at row by row, taken in, and taken back as a whole.

Rows are taken in some at a time, each batch with its own entry, so that nobody waits for a long lock; what is
interrupted is carried on by ``carry_on_all``, which the worker calls. Undoing leaves what somebody changed since, and
says so of the row.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from qidang.accounts.capabilities import require
from qidang.accounts.roster import Line
from qidang.contracts.choices import NameKind
from qidang.contracts.customer_rows import FIELDS, KINDS, Given, Known
from qidang.contracts.models import Company, CompanyAlias, CompanyCode, CustomerRow, CustomerSheet, Twins
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.kit.text import fold
from qidang.ledger import record

if TYPE_CHECKING:
    from qidang.accounts.models import User

State = CustomerRow.State
WAITING, TAKEN = (State.NEW, State.CHANGED), (State.ADDED, State.UPDATED)
AT_ONCE = 5  # rows of one transaction, which holds the lock one to two milliseconds for each
KEPT_AT_ONCE = 100  # rows of a trial written in one go
BESIDE: dict[str, Any] = {"alias": CompanyAlias, "code": CompanyCode}


def bring(lines: Sequence[Line], filename: str, *, by: User, left_out: Sequence[str] = ()) -> CustomerSheet:
    """试导入: say what would become of every row and keep that; nothing is added or changed."""
    require(by, "company.edit")
    if not lines:
        raise Refused("company.sheet_empty", filename=filename)
    rows = list(Known(by).rows(lines))
    with transaction.atomic():
        sheet = CustomerSheet.objects.create(filename=filename[-255:], left_out=list(left_out), by=by, at=clock.now())
        record("customers.tried", sheet, by=by, details={"rows": len(rows)})
    for some in itertools.batched(rows, KEPT_AT_ONCE):
        for row in some:
            row.sheet = sheet
        CustomerRow.objects.bulk_create(some)
    sheet.tried_at = clock.now()
    sheet.save(update_fields=["tried_at"])
    return sheet


@transaction.atomic
def take(sheet: CustomerSheet, *, by: User) -> CustomerSheet:
    """导入: from here on its rows are taken in, by ``carry_on``."""
    require(by, "company.edit")
    sheet.refresh_from_db(from_queryset=CustomerSheet.objects.select_for_update())
    if sheet.started_at is not None:
        raise Refused("company.sheet_done", filename=sheet.filename)
    if sheet.tried_at is None or not sheet.rows.filter(state__in=WAITING).exists():
        raise Refused("company.sheet_nothing", filename=sheet.filename)
    sheet.started_at, sheet.started_by = clock.now(), by
    sheet.save(update_fields=["started_at", "started_by"])
    return sheet


@transaction.atomic
def undo(sheet: CustomerSheet, *, by: User, why: str) -> CustomerSheet:
    """撤销导入, with the reason: what the sheet added goes, what it changed is as it was, by ``carry_on``."""
    require(by, "company.edit")
    sheet.refresh_from_db(from_queryset=CustomerSheet.objects.select_for_update())
    if not why.strip():
        raise Refused("company.sheet_undo_why_missing", filename=sheet.filename)
    if sheet.finished_at is None or sheet.undone_at is not None:
        raise Refused("company.sheet_not_undoable", filename=sheet.filename)
    sheet.undone_at, sheet.undone_by, sheet.undo_why = clock.now(), by, why.strip()[:300]
    sheet.save(update_fields=["undone_at", "undone_by", "undo_why"])
    return sheet


def carry_on(sheet: CustomerSheet, *, seconds: float = float("inf")) -> bool:
    """Take in, or take back, the rows that wait for it; return whether all are done."""
    until = time.monotonic() + seconds
    step: Callable[[CustomerSheet], bool] = _undo_some if sheet.undone_at else _take_some
    while sheet.is_busy and not step(sheet):
        if time.monotonic() > until:
            return False
    return True


def carry_on_all(*, seconds: float = float("inf")) -> int:
    """Carry on every sheet that was interrupted; return how many."""
    sheets = list(CustomerSheet.objects.under_way())
    for sheet in sheets:
        carry_on(sheet, seconds=seconds)
    return len(sheets)


def counts(sheet: CustomerSheet) -> dict[str, int]:
    """Return how many rows there are in each state."""
    return dict(sheet.rows.order_by().values_list("state").annotate(n=Count("*")))


def touched_since(sheet: CustomerSheet) -> QuerySet[CustomerRow]:
    """Return the rows whose company somebody changed, merged or dealt with since: undoing leaves these as they are."""
    changed = ~Q(edit_version=F("company__edit_version")) | Q(company__merged_into__isnull=False)
    dealt = Q(pk__in=[])
    for model, field in _pointing():
        if model not in BESIDE.values():
            dealt |= Q(Exists(model._base_manager.filter(**{field: OuterRef("company")})))
    return sheet.rows.filter(state__in=TAKEN).filter(changed | (Q(state=State.ADDED) & dealt))


@transaction.atomic
def _take_some(sheet: CustomerSheet) -> bool:
    """Take in the next rows; return True where none is left."""
    sheet.refresh_from_db(from_queryset=CustomerSheet.objects.select_for_update())
    assert sheet.started_by is not None
    rows = list(sheet.rows.filter(state__in=WAITING).order_by("number")[:AT_ONCE])
    if not rows:
        sheet.finished_at = sheet.finished_at or clock.now()
        sheet.save(update_fields=["finished_at"])
        return True
    done = [company for row in rows if (company := _taken(row, sheet.started_by)) is not None]
    if done:
        changes = {str(row.number): _for_the_log(row) for row in rows if row.state in TAKEN}
        record("customers.imported", *done, sheet, by=sheet.started_by, details={"rows": changes})
    return False


def _for_the_log(row: CustomerRow) -> dict[str, list[str]]:
    return {field: said for field, said in row.changes.items() if field != "phone"}


def _taken(row: CustomerRow, by: User) -> Company | None:
    """Do what the row says; what is refused now is said of the row."""
    try:
        with transaction.atomic():
            company = _added(row, by) if row.state == State.NEW else _updated(row, by)
    except Refused as refusal:
        row.refuse(refusal)
        row.save(update_fields=["state", "refused"])
        return None
    row.state = State.ADDED if row.company_id is None else State.UPDATED
    row.company, row.edit_version = company, company.edit_version
    row.save(update_fields=["state", "company", "edit_version", "beside"])
    return company


def _added(row: CustomerRow, by: User) -> Company:
    given = Given.of(row.values)
    name, uscc = given.fields["name"], given.fields.get("uscc", "")
    if Company.objects.called(name, uscc):  # somebody added it since the trial
        raise Refused("company.taken", name=name, uscc=uscc)
    company = Company.begun(given.fields, by=by)
    company.refuse_names_of_others()
    company.keep()
    row.beside = _give_beside(company, given, by)
    return company


def _updated(row: CustomerRow, by: User) -> Company:
    assert row.company_id is not None
    company = Company.objects.select_for_update(no_key=True).get(pk=row.company_id)
    if company.edit_version != row.edit_version or company.merged_into_id is not None:
        raise Refused("company.changed_meanwhile", name=company.name)
    old, failed = company.name, company.uscc_failed
    company.take({field: said[1] for field, said in row.changes.items() if field in FIELDS})
    company.refuse_names_of_others()
    company.edit_version += 1
    company.keep()
    row.beside = _give_beside(company, Given.of(row.values), by, [old]) | ({"failed": failed} if failed else {})
    return company


def _give_beside(company: Company, given: Given, by: User, names: Sequence[str] = ()) -> dict[str, Any]:
    """Give the company the names and codes that it lacks, the one it bore until now among them; return their keys."""
    known = {company.name_key, *company.aliases.values_list("name_key", flat=True)}
    keys: dict[str, list[int]] = {"alias": [], "code": []}
    said = [(name, KINDS[column]) for name, column in given.names] + [(name, NameKind.ALIAS) for name in names]
    for name, kind in said:
        if fold(name) not in known:
            known.add(fold(name))
            alias = CompanyAlias(company=company, name=name, name_key=fold(name), kind=kind)
            alias.added_by, alias.added_at = by, clock.now()
            alias.keep()
            keys["alias"].append(alias.pk)
    mine = set(company.codes.values_list("system_key", "code_key"))
    for system, code, _column in given.codes:
        if (fold(system), fold(code)) not in mine:
            made = CompanyCode(company=company, system=system, code=code, added_by=by, added_at=clock.now())
            made.keep()
            mine.add((fold(system), fold(code)))
            keys["code"].append(made.pk)
    return {kind: pks for kind, pks in keys.items() if pks}


@transaction.atomic
def _undo_some(sheet: CustomerSheet) -> bool:
    """Take back the last rows that stand; return True where none is left.

    What was added is removed after the entry: a contract that is being registered holds the ledger while PostgreSQL
    checks its company, so whoever removes one asks for the ledger first.
    """
    sheet.refresh_from_db(from_queryset=CustomerSheet.objects.select_for_update())
    assert sheet.undone_by is not None
    rows = list(sheet.rows.filter(state__in=TAKEN).order_by("-number")[:AT_ONCE])
    if not rows:
        sheet.undo_finished_at = sheet.undo_finished_at or clock.now()
        sheet.save(update_fields=["undo_finished_at"])
        return True
    locked = Company.objects.select_for_update(no_key=True).filter(
        pk__in=[row.company_id for row in rows if row.company_id]
    )
    companies = {company.pk: company for company in locked.order_by("pk")}
    back: list[Company] = []
    gone: list[Company] = []
    for row in rows:
        company = companies.get(row.company_id or 0)
        was_added = row.state == State.ADDED
        if company is not None and _taken_back(row, company):
            (gone if was_added else back).append(company)
    if back or gone:
        record("customers.import_undone", *back, *gone, sheet, by=sheet.undone_by, details={"why": sheet.undo_why})
    for company in gone:
        _remove(company)
    return False


def _taken_back(row: CustomerRow, company: Company) -> bool:
    """Put back what the row changed, where nothing changed since; say of the row whether it was."""
    refusal = _why_kept(row, company)
    if refusal is None and row.state == State.UPDATED:
        try:
            with transaction.atomic():
                _put_back(row, company)
        except Refused as error:
            refusal = error
    if refusal is not None:
        row.refuse(refusal, State.KEPT)
    else:
        row.state = State.UNDONE
    row.save(update_fields=["state", "refused"])
    return refusal is None


def _put_back(row: CustomerRow, company: Company) -> None:
    for kind, model in BESIDE.items():
        model.objects.filter(pk__in=row.beside.get(kind, []), company=company).delete()
    company.take({field: said[0] for field, said in row.changes.items() if field in FIELDS})
    if "uscc" in row.changes:
        company.uscc_failed = row.beside.get("failed", "")
    company.edit_version += 1
    company.keep()


def _why_kept(row: CustomerRow, company: Company) -> Refused | None:
    """Return why a row cannot be taken back: its company was edited, merged or, where the row added it, dealt with."""
    if company.edit_version != row.edit_version or company.merged_into_id is not None:
        return Refused("company.sheet_touched", name=company.name)
    if row.state == State.ADDED and _is_used(company, row.beside):
        return Refused("company.sheet_used", name=company.name)
    return None


def _is_used(company: Company, beside: dict[str, Any]) -> bool:
    """Return whether anything points at the company but what the sheet itself gave it."""
    own = {model: beside.get(kind, []) for kind, model in BESIDE.items()}
    return any(
        model._base_manager.filter(**{field: company}).exclude(pk__in=own.get(model, ())).exists()
        for model, field in _pointing()
    )


def _pointing() -> Iterator[tuple[Any, str]]:
    """Yield the tables that point at companies and by which column, without what is only derived."""
    for relation in Company._meta.related_objects:
        if relation.related_model not in (CustomerRow, Twins):
            yield relation.related_model, relation.field.name


def _remove(company: Company) -> None:
    """Remove a company that nothing points at, with its names and codes."""
    Twins.objects.filter(one=company).delete()
    Twins.objects.filter(other=company).delete()
    for model in BESIDE.values():
        model.objects.filter(company=company).delete()
    company.delete()
