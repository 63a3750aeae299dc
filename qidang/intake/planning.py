"""试导入: what an import of a ledger would do, row by row; kept as rows that wait, and nothing is registered."""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from qidang.contracts.choices import GONE
from qidang.contracts.models import Contract
from qidang.contracts.models.custom_fields import custom_of, is_custom
from qidang.contracts.models.custom_kinds import text_of
from qidang.contracts.numbers_on_paper import tidy
from qidang.kit.clock import now, today
from qidang.kit.text import fold

from .columns import CellProblem, Value, understand
from .models import LedgerRow, RowState, SheetImport
from .models.row import plain
from .rows import CONTRACT_FIELDS, KEPT, STATE_OF, Lookup
from .tabs import Tab, TabRow, tab_of

if TYPE_CHECKING:
    from qidang.accounts.models import User

AT_ONCE = 100  # rows of one transaction: some 5 ms
RELATED = {"owner", "department"}
Key = tuple[int, str]  # a legal unit and what a row is known by


@dataclasses.dataclass(slots=True)
class Draft:
    """A row on its way into the plan: what was understood, and what is to be said of it."""

    row: LedgerRow
    values: dict[str, Value]
    problems: list[CellProblem]
    remarks: list[CellProblem]
    unit_id: int = 0


def plan_slice(sheet: SheetImport, *, by: User, seconds: float) -> bool:
    """Plan some rows of ``sheet`` behind those that are planned; return True while some are left."""
    until = time.monotonic() + seconds
    planner = Planner(sheet, tab_of(sheet), by)
    after = sheet.rows.aggregate(last=models.Max("number"))["last"] or 0
    for some in itertools.batched(planner.tab.rows(after), AT_ONCE):
        rows = planner.rows(some)
        with transaction.atomic():
            LedgerRow.objects.bulk_create(rows)
            SheetImport.objects.filter(pk=sheet.pk).update(worked_at=now())
        if time.monotonic() > until:
            return True
    return False


class Planner:
    """Works out what each row of a sheet is to become; knows the rows and contracts that it may be about."""

    def __init__(self, sheet: SheetImport, tab: Tab, by: User) -> None:
        self.sheet, self.tab, self.by = sheet, tab, by
        self.day = today()
        self.lookup = Lookup(sheet, by)
        self.columns: dict[str, int] = sheet.columns
        self.headings = tab.headings
        self.uncalculated = tab.uncalculated()
        self.hidden = tab.hidden() if sheet.skips_hidden else set()
        self.earlier = self._earlier()
        self.claimed: set[int] = set()
        self.numbers: dict[Key, int] = {}
        self._take_up()

    def rows(self, some: Sequence[TabRow]) -> list[LedgerRow]:
        """Return these rows as they are kept: refused, skipped, unchanged, or waiting with what they will change."""
        drafts = [self._understood(one) for one in some]
        open_ones = [draft for draft in drafts if draft.row.state == RowState.PENDING]
        contracts, taken = self._contracts(open_ones), self._taken(open_ones)
        for draft in open_ones:
            self._decide(draft, contracts, taken)
        for draft in drafts:
            draft.row.problems = [one.as_dict() for one in (*draft.problems, *draft.remarks)]
        return [draft.row for draft in drafts]

    def _understood(self, one: TabRow) -> Draft:
        row = LedgerRow(sheet=self.sheet, number=one.number)
        row.texts = one.cells
        skipped = self.tab.skipped(one)
        if skipped is None and one.number in self.hidden:
            skipped = CellProblem(one.number, "", "intake.hidden_row", "")
        values, problems, remarks = understand(
            one.cells, self.columns, row=one.number, headings=self.headings, today=self.day, borrowed=one.borrowed
        )
        if skipped is None and self._continues(one):
            skipped = CellProblem(one.number, "", "intake.row_continues", str(values.get("number", "")))
        draft = Draft(row, values, problems, remarks)
        row.settle(values, self._key(one.cells, values))
        if skipped is not None:
            row.state, draft.problems, draft.remarks = RowState.SKIPPED, [skipped], []
            return draft
        problems += self._empty_formulas(one)
        problems += self.lookup.problems(one.number, values)
        unit = self.lookup.unit_of(values)
        draft.unit_id = unit.pk if unit else 0
        if problems:
            row.state = RowState.REFUSED
        else:
            remarks += self.lookup.remarks(one.number, values, self.headings, self.columns)
        return draft

    def _empty_formulas(self, one: TabRow) -> Iterator[CellProblem]:
        empty = self.uncalculated.get(one.number, set())
        for name, column in self.columns.items():
            if column in empty and name != "path":
                yield CellProblem(one.number, self.headings[column], "intake.formula_empty", "")

    def _continues(self, one: TabRow) -> bool:
        """Return whether the row goes on with the contract above: its number, or name and customer, are merged in."""
        known_by = ["number"] if "number" in self.columns else ["title", "counterparty"]
        columns = [self.columns.get(name) for name in known_by]
        return all(column in one.borrowed for column in columns)

    def _key(self, cells: dict[int, str], values: dict[str, Value]) -> str:
        """Return what the row is known again by: its key columns, else its number, else what it says of the deal."""
        if self.sheet.key_columns:
            return key_of(cells, self.sheet.key_columns)
        number = fold(str(values.get("number", "")))
        return number or deal_key({name: str(value) for name, value in values.items()})

    def _decide(self, draft: Draft, contracts: dict[int, Contract], taken: dict[Key, list[Contract]]) -> None:
        row, number = draft.row, tidy(str(draft.values.get("number", "")))
        contract = self._meant(draft, contracts, taken.get((draft.unit_id, number), []))
        if contract is not None and contract.pk in self.claimed:
            contract = None
        if contract is not None:
            self.claimed.add(contract.pk)
            row.contract = contract
            row.changes = self._changes(draft, contract)
            row.state = RowState.PENDING if row.changes else RowState.UNCHANGED
        elif not number:
            draft.remarks.append(CellProblem(row.number, "", "intake.no_number", ""))
        elif (draft.unit_id, number) in self.numbers or taken.get((draft.unit_id, number)):
            draft.remarks.append(CellProblem(row.number, self._heading("number"), "intake.number_clash", number))
        if number:
            self.numbers.setdefault((draft.unit_id, number), row.number)

    def _meant(self, draft: Draft, contracts: dict[int, Contract], bearers: list[Contract]) -> Contract | None:
        """Return the contract that the row is about: known from an earlier import by its key or by what it says of
        the deal, else the one that bears its number and names the same customer."""
        deal = deal_key(draft.row.values)
        for key in (draft.row.key, deal):
            known = self.earlier.get((draft.unit_id, key), set()) - self.claimed if key else set()
            if len(known) == 1:
                return contracts.get(next(iter(known)))
        customer = draft.row.counterparty_key
        same = [one for one in bearers if one.is_mine and fold(one.counterparty_name) == customer]  # type: ignore[attr-defined]
        return same[0] if len(same) == 1 else None

    def _changes(self, draft: Draft, contract: Contract) -> dict[str, list[str]]:
        """Return by the field of the contract what it says and what the row says, where the sheet means a change.

        A cell that says the same as at the last import means none, whatever was edited in the contract since.
        """
        before = self.base.get(contract.pk, {})
        new = self.lookup.contract_values(draft.values)
        changes: dict[str, list[str]] = {}
        for name, field in CONTRACT_FIELDS.items():
            if name not in self.columns:
                continue
            old = getattr(contract, field)
            if name in draft.values:
                value, is_meant = getattr(new, field), before.get(name) != draft.row.values[name]
            else:
                value, is_meant = "", name not in KEPT and before.get(name) == plain(old) != ""
            if field == "number_on_paper" and contract.number == value:
                continue
            if is_meant and plain(old) != plain(value):
                changes[field] = [
                    plain(old),
                    plain(value),
                    *([str(getattr(old, "pk", ""))] if field in RELATED else []),
                ]
        state = STATE_OF.get(fold(draft.row.values.get("state", "")), "")
        if self.sheet.is_historical and state not in ("", contract.past_state) and self._means(draft, before, "state"):
            changes["past_state"] = [contract.past_state, state]
        return changes | self._custom_changes(draft, contract, before)

    def _custom_changes(self, draft: Draft, contract: Contract, before: dict[str, str]) -> dict[str, list[str]]:
        """Return the same for custom fields; a cell that its field cannot be changes nothing."""
        new, changes = self.lookup.custom_values(draft.values), {}
        for name in filter(is_custom, self.columns):
            old, value = text_of(custom_of(contract, name)), text_of(new.get(name))
            if name in draft.values:
                is_meant = name in new and before.get(name) != draft.row.values[name]
            else:
                is_meant = before.get(name) == old != ""
            if is_meant and old != value:
                changes[name] = [old, value]
        return changes

    def _means(self, draft: Draft, before: dict[str, str], name: str) -> bool:
        return bool(before.get(name) != draft.row.values[name])

    def _contracts(self, drafts: list[Draft]) -> dict[int, Contract]:
        """Return by key the contracts that these rows may be about and that the person may edit; learn what the last
        import said of them."""
        keys = {key for one in drafts for key in (one.row.key, deal_key(one.row.values)) if key}
        pks = {pk for one in drafts for key in keys for pk in self.earlier.get((one.unit_id, key), ())}
        mine = Contract.objects.visible_to(self.by, "contract.edit").select_related("owner", "department")
        found = {one.pk: one for one in mine.filter(pk__in=pks)}
        self.base = dict(
            LedgerRow.objects.in_force().filter(contract__in=found).order_by("id").values_list("contract", "values")
        )
        return found

    def _taken(self, drafts: list[Draft]) -> dict[Key, list[Contract]]:
        """Return by legal unit and number the contracts that bear a number of these rows already."""
        numbers = {tidy(str(one.values["number"])) for one in drafts if one.values.get("number")}
        found: dict[Key, list[Contract]] = {}
        bearing = models.Q(number__in=numbers) | models.Q(number="", number_on_paper__in=numbers)
        mine = Contract.objects.visible_to(self.by, "contract.edit").values("pk")
        rows = Contract.objects.filter(bearing).exclude(status__in=GONE).annotate(is_mine=models.Q(pk__in=mine))
        for one in rows.select_related("owner", "department"):
            found.setdefault((one.unit_id, one.number or one.number_on_paper), []).append(one)
        return found

    def _earlier(self) -> dict[Key, set[int]]:
        """Return which contracts earlier imports of the same legal units know by which key."""
        rows = LedgerRow.objects.visible_to(self.by).in_force().exclude(sheet=self.sheet)
        known: dict[Key, set[int]] = {}
        if self.sheet.key_columns and self.sheet.previous_id:
            for row in rows.filter(sheet=self.sheet.previous_id).select_related("contract"):
                key = key_of(row.texts, self.sheet.key_columns)
                known.setdefault((row.contract.unit_id, key), set()).add(row.contract_id)  # type: ignore[union-attr,arg-type]
            return known
        for unit_id, pk, key, values in rows.values_list("contract__unit", "contract", "key", "values"):
            for word in {key, deal_key(values)} - {""}:
                known.setdefault((unit_id, word), set()).add(pk)
        return known

    def _take_up(self) -> None:
        """Learn from the rows that are planned already, when a slice goes on where another ended."""
        planned = self.sheet.rows.exclude(state__in=(RowState.REFUSED, RowState.SKIPPED))
        for row in planned.only("number", "values", "contract").iterator(chunk_size=1000):
            unit, number = self.lookup.unit_of(row.values), tidy(row.values.get("number", ""))
            if row.contract_id:
                self.claimed.add(row.contract_id)
            if unit is not None and number:
                self.numbers.setdefault((unit.pk, number), row.number)

    def _heading(self, name: str) -> str:
        return self.headings[self.columns[name]] if name in self.columns else ""


def key_of(cells: dict[int, str], columns: list[int]) -> str:
    """Return the folded texts of the key columns; "" where all are empty."""
    words = [fold(cells.get(column, "")) for column in columns]
    return "|".join(words)[:200] if any(words) else ""


def deal_key(values: dict[str, Any]) -> str:
    """Return what tells one deal from another where no number does; "" where the row says too little."""
    words = [fold(str(values.get(name, ""))) for name in ("counterparty", "title", "signed_on")]
    return "~" + "|".join(words)[:190] if all(words) else ""
