"""导入与撤销: what a plan says is done, some rows at a time; each row says what became of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import time
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext

from qidang.accounts.models import Department, User
from qidang.accounts.past import keep_past_department
from qidang.contracts import numbering
from qidang.contracts.choices import Source as Origin
from qidang.contracts.models import Contract, HistoryEntry
from qidang.contracts.models.custom_fields import custom_of, is_custom
from qidang.contracts.models.custom_kinds import text_of
from qidang.contracts.numbers_on_paper import tidy
from qidang.contracts.registering import drafted, register_many
from qidang.contracts.values import ContractValues, PastValues, Said
from qidang.contracts.withdrawing import withdraw
from qidang.kit.clock import now
from qidang.kit.refusal import Refused

from .columns import COUNTS, CellProblem
from .models import LedgerRow, RowState, SheetImport
from .models.row import plain
from .rows import CONTRACT_FIELDS, Lookup, typed

if TYPE_CHECKING:
    from .models.row import LedgerRowQuerySet

AT_ONCE = 4  # rows of one transaction, which holds the lock 2 to 3 milliseconds for each
DONE = "UPDATE intake_ledgerrow SET contract_id = %s, state = %s WHERE id = %s"  # a tenth of what bulk_update takes
APART = {"number_on_paper", "past_state"}  # changed by acts of their own
DATES = {"signed_on", "in_force_on", "expires_on"}
AMOUNTS = {"amount", "amount_excl_tax"}
NULLED = DATES | AMOUNTS | COUNTS  # what is empty is no text


Good = tuple[LedgerRow, Contract, PastValues | None]


def import_slice(sheet: SheetImport, *, by: User, seconds: float) -> bool:
    """Bring in rows that wait, for about ``seconds``; return True while some are left."""
    lookup = Lookup(sheet, by)
    _make_past_departments(sheet, lookup, by)

    def some(rows: list[LedgerRow]) -> None:
        _register([row for row in rows if row.contract_id is None], sheet, lookup, by)
        for row in rows:
            if row.state == RowState.PENDING:
                _update(row, sheet, lookup, by)

    return _slice(sheet, sheet.rows.filter(state=RowState.PENDING).order_by("number"), some, seconds)


def undo_slice(sheet: SheetImport, *, by: User, seconds: float) -> bool:
    """Take back rows that were brought in, the last one first; return True while some are left."""

    def some(rows: list[LedgerRow]) -> None:
        for row in rows:
            _undo(row, sheet, by)

    done = (RowState.REGISTERED, RowState.UPDATED)
    return _slice(sheet, sheet.rows.filter(state__in=done).order_by("-number"), some, seconds)


def _slice(
    sheet: SheetImport, rows: LedgerRowQuerySet, deal: Callable[[list[LedgerRow]], None], seconds: float
) -> bool:
    """Deal with ``rows`` some at a time; a row that stays as it was is not met again in this slice.

    No cursor is open while rows are written: SQLite lets nobody write on top of what he began to read before somebody
    else wrote, and does not wait either.
    """
    until = time.monotonic() + seconds
    whole = rows.select_related("contract__owner", "contract__department")
    for keys in itertools.batched(list(rows.values_list("pk", flat=True)), 10 * AT_ONCE):
        for some in itertools.batched(list(whole.filter(pk__in=keys)), AT_ONCE):
            for row in some:
                row.sheet = sheet
            deal(list(some))
            SheetImport.objects.filter(pk=sheet.pk).update(worked_at=now())
            if time.monotonic() > until:
                return rows.exists()
    return False


def _make_past_departments(sheet: SheetImport, lookup: Lookup, by: User) -> None:
    """历史部门: see that there is one in each legal unit for which a row names somebody whom nobody knows."""
    units: dict[int, Department] = {}
    for values in sheet.rows.filter(state=RowState.PENDING).values_list("values", flat=True).iterator():
        unit = lookup.unit_of(values)
        if unit is None or unit.pk in units or unit.pk in lookup.names.past:
            continue
        if lookup.names.is_unknown(values.get("owner", ""), values.get("department", ""), unit):
            units[unit.pk] = unit
    for pk, unit in units.items():
        lookup.names.past[pk] = keep_past_department(unit, by=User.objects.system())


def _register(rows: list[LedgerRow], sheet: SheetImport, lookup: Lookup, by: User) -> None:
    """登记 new rows, in one transaction with what their rows say of it; a row that is refused says why."""
    good: list[Good] = []
    for row in rows:
        try:
            good.append(_draft(row, sheet, lookup, by))
        except Refused as refusal:
            _refuse(row, refusal)
    try:
        _register_at_once(good, sheet, by)
    except IntegrityError:  # somebody was given one of the numbers, or met one of the names, at the same moment
        again = [_draft(row, sheet, lookup, by) for row, *_rest in good]
        _register_at_once(again, sheet, by)


def _said(row: LedgerRow, sheet: SheetImport) -> dict[str, Said]:
    """Return what the cells of a row say, word for word, by the names of a contract's values.

    What no cell says (who stands in for somebody unknown, a title made up of customer and number) has no source.
    """
    cells, said = row.texts, {}
    for name, column in sheet.columns.items():
        if name in row.values and (name in CONTRACT_FIELDS or is_custom(name)):
            field = CONTRACT_FIELDS.get(name, name)
            said[field] = Said(source=Origin.LEDGER_SHEET, raw=cells.get(column, ""))
    return said


def _new(values: ContractValues, field: str) -> Any:
    return values.custom.get(field) if is_custom(field) else getattr(values, field)


def _now(contract: Contract, field: str) -> Any:
    return text_of(custom_of(contract, field)) if is_custom(field) else getattr(contract, field)


def _draft(row: LedgerRow, sheet: SheetImport, lookup: Lookup, by: User) -> Good:
    """Draft the contract of a row, in the state that it says, else in the one that its dates tell, else in none."""
    read, said = typed(row.values), _said(row, sheet)
    values, past = lookup.contract_values(read), lookup.past(row.number, read)
    while past is not None:
        try:
            return row, drafted(values, by=by, said=said, past=past), past
        except Refused as refusal:
            if not refusal.code.startswith("contract.history_"):
                raise
        code = "intake.state_differs" if past.state else "intake.state_untold"
        row.problems = [*row.problems, CellProblem(row.number, "", code, row.values.get("state", "")).as_dict()]
        past = dataclasses.replace(past, state="") if past.state else None
    return row, drafted(values, by=by, said=said), None


def _register_at_once(good: list[Good], sheet: SheetImport, by: User) -> None:
    if not good:
        return
    drafts, pasts = [contract for _, contract, _ in good], [past for *_, past in good]
    with transaction.atomic():
        register_many(drafts, sheet, by=by, source=Origin.LEDGER_SHEET, pasts=pasts)
        for row, contract, _past in good:
            row.contract, row.state = contract, RowState.REGISTERED
            if _is_clash(row, contract) or row.problems:
                row.save(update_fields=["problems"])
        with connection.cursor() as cursor:
            cursor.executemany(DONE, [(contract.pk, row.state, row.pk) for row, contract, _past in good])


def _is_clash(row: LedgerRow, contract: Contract) -> bool:
    """Say on the row that the number was taken meanwhile, where the plan did not know it yet."""
    said = {problem["code"] for problem in row.problems}
    if not contract.number_on_paper or contract.number or "intake.number_clash" in said:
        return False
    problem = CellProblem(row.number, "", "intake.number_clash", contract.number_on_paper)
    row.problems = [*row.problems, problem.as_dict()]
    return True


def _update(row: LedgerRow, sheet: SheetImport, lookup: Lookup, by: User) -> None:
    """更新: write into the contract what the row changes, as revisions that name the sheet and the row."""
    contract = row.contract
    assert contract is not None
    new = lookup.contract_values(typed(row.values))
    changes = {field: _new(new, field) for field in row.changes if field not in APART}
    emptied = {field for field, said in row.changes.items() if said[1] == ""}
    changes |= {field: None if field in NULLED else "" for field in emptied & set(changes)}
    why = gettext("台账「%(file)s」第 %(row)d 行") % {"file": sheet.filename, "row": row.number}
    try:
        with transaction.atomic():
            contract.refresh_from_db()
            row.changes |= _as_it_is(contract, row.changes)
            said, version = _said(row, sheet), contract.edit_version
            contract.edit(changes, by=by, edit_version=version, why=why[:200], source=Origin.LEDGER_SHEET, said=said)
            if "number_on_paper" in row.changes:
                _renumber(contract, tidy(new.number_on_paper), by=by, why=why)
            if "past_state" in row.changes and (past := lookup.past(row.number, typed(row.values))):
                HistoryEntry.enter(contract, past, by=by)
            row.state = RowState.UPDATED
            row.save(update_fields=["state", "changes", "problems"])
    except Refused as refusal:
        _refuse(row, refusal)


def _as_it_is(contract: Contract, changes: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return ``changes`` with what the contract says at this moment as the old values, for taking them back."""
    current: dict[str, list[str]] = {}
    for field, said in changes.items():
        old = _now(contract, field)
        current[field] = [plain(old), said[1], *([str(getattr(old, "pk", ""))] if len(said) > 2 else [])]
    return current


def _renumber(contract: Contract, number: str, *, by: User, why: str) -> None:
    """补号: a contract without a number gets the one that the corrected row names; else it stands on paper only."""
    contract.edit(
        {"number_on_paper": number},
        by=by,
        edit_version=contract.edit_version,
        why=why[:200],
        source=Origin.LEDGER_SHEET,
    )
    if number and not contract.number and numbering.taken(contract.unit, number) is None:
        numbering.give(contract, by=by, number=number, why=why[:200])


def _refuse(row: LedgerRow, refusal: Refused) -> None:
    problem = CellProblem(row.number, "", refusal.code, str(refusal.values.get("problem", "")) or refusal.message)
    row.state, row.problems = RowState.REFUSED, [problem.as_dict(), *row.problems]
    row.save(update_fields=["state", "problems"])


def _undo(row: LedgerRow, sheet: SheetImport, by: User) -> None:
    """撤销一行: a contract that the row brought is withdrawn; fields that it changed get back what they said before.

    A field that somebody changed since stays as it is, and the row says so.
    """
    contract = row.contract
    assert contract is not None
    why = gettext("撤销台账「%(file)s」的导入：%(why)s") % {"file": sheet.filename, "why": sheet.undo_why}
    try:
        with transaction.atomic():
            if row.state == RowState.REGISTERED:
                withdraw(contract, by=by, why=why)
            else:
                _put_back(row, contract, by=by, why=why)
            row.state = RowState.UNDONE
            row.save(update_fields=["state", "problems"])
    except Refused as refusal:
        problem = CellProblem(row.number, "", refusal.code, refusal.message)
        row.state, row.problems = RowState.KEPT, [problem.as_dict(), *row.problems]
        row.save(update_fields=["state", "problems"])


def _put_back(row: LedgerRow, contract: Contract, *, by: User, why: str) -> None:
    contract.refresh_from_db()
    back: dict[str, Any] = {}
    for field, said in row.changes.items():
        if plain(_now(contract, field)) == said[1]:
            back[field] = _value_of(field, said)
        else:
            label = Contract.label_of(field)
            row.problems = [CellProblem(row.number, label, "intake.changed_since", said[1]).as_dict(), *row.problems]
    _put_state_back(contract, back.pop("past_state", None), by=by, why=why)
    if back:
        contract.edit(back, by=by, edit_version=contract.edit_version, why=why[:200], source=Origin.LEDGER_SHEET)


def _put_state_back(contract: Contract, state: str | None, *, by: User, why: str) -> None:
    """Let the contract stand in the state of history that it had; "" where it had none, None where nothing changed."""
    if state == "":
        HistoryEntry.take_back(contract, why=why, by=by)
    elif state:
        HistoryEntry.enter(contract, PastValues(state=state, voucher=why, why=why), by=by)


def _value_of(field: str, said: list[str]) -> Any:
    """Return the value that a change took away, from how it was written down."""
    if field == "owner":
        return User.objects.get(pk=said[2])
    if field == "department":
        return Department.objects.get(pk=said[2])
    if is_custom(field):
        return said[0]
    if not said[0]:
        return None if field in NULLED else ""
    if field in DATES:
        return dt.date.fromisoformat(said[0])
    if field in COUNTS:
        return int(said[0])
    return Decimal(said[0]) if field in AMOUNTS else said[0]
