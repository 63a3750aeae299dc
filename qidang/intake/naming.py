"""名称对照的动作: the names that nobody knows, whom they may mean, and the decision whom they do mean."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext
from rapidfuzz import fuzz, process

from qidang.accounts.capabilities import may, require
from qidang.accounts.models import Department, User
from qidang.accounts.past import keep_leaver, keep_past_department
from qidang.contracts.choices import Source as Origin
from qidang.kit.clock import now
from qidang.kit.refusal import Refused
from qidang.kit.text import fold
from qidang.ledger import record

from .models import LedgerRow, NameKind, NameMapping, SheetImport
from .models.row import IN_FORCE, RowState
from .names import Names
from .rows import Lookup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qidang.accounts.models import DepartmentQuerySet, UserQuerySet

SUGGESTED = 3
LIKELY = 40  # of 100; 华东大区 and 华东销售组 have 44
FIELDS = {NameKind.PERSON: "owner", NameKind.DEPARTMENT: "department"}
Meant = User | Department
LEFT: Final = "left"  # kept as 离职人员 or 历史部门


@dataclasses.dataclass(slots=True)
class UnknownName:
    """A name that nobody knows: in which legal unit, in how many rows, and whom it may mean, the likeliest first."""

    unit: Department
    kind: NameKind
    name: str
    count: int
    suggestions: Sequence[Meant] = ()


def unknown(sheet: SheetImport, *, by: User) -> list[UnknownName]:
    """Return the names in the rows of ``sheet`` that nobody knows, the most frequent first."""
    lookup, within = Lookup(sheet, by), _offered(by)
    found: collections.Counter[tuple[int, NameKind, str]] = collections.Counter()
    units: dict[int, Department] = {}
    open_rows = sheet.rows.filter(state__in=(*IN_FORCE, RowState.PENDING))
    for values in open_rows.values_list("values", flat=True).iterator(chunk_size=1000):
        unit = lookup.unit_of(values)
        if unit is None:
            continue
        units[unit.pk] = unit
        for kind, field in FIELDS.items():
            if name := values.get(field, ""):
                found[unit.pk, kind, name] += 1
    return [
        UnknownName(units[pk], kind, name, count, suggestions(lookup.names, kind, name, units[pk], within[kind]))
        for (pk, kind, name), count in found.most_common()
        if _nobody(lookup.names, kind, name, units[pk])
    ]


def people(by: User) -> UserQuerySet:
    """Return whom ``by`` may say that a name means: who files papers knows those who left, too."""
    everybody = User.objects.people()
    return everybody if may(by, "record.file") else everybody.filter(pk__in=User.objects.visible_to(by).values("pk"))


def departments(by: User) -> DepartmentQuerySet:
    """Return which departments ``by`` may say that a name means."""
    return Department.objects.all() if may(by, "record.file") else Department.objects.visible_to(by)


def suggestions(names: Names, kind: NameKind, name: str, unit: Department, within: set[int]) -> list[Meant]:
    """Return whom ``name`` may mean among the keys ``within``: who is called so, or nearly so, the likeliest first."""
    offered: dict[int, Meant] = {}
    if kind == NameKind.PERSON:
        offered |= {one.pk: one for some in names.people.values() for one in some if one.pk in within}
    else:
        here = (some for (unit_id, _word), some in names.departments.items() if unit_id == unit.pk)
        offered |= {one.pk: one for some in here for one in some if one.pk in within}
    words = {pk: fold(one.name) for pk, one in offered.items()}
    likely = process.extract(fold(name), words, scorer=fuzz.WRatio, limit=SUGGESTED, score_cutoff=LIKELY)
    return [offered[pk] for _word, _score, pk in likely]


def _offered(by: User) -> dict[NameKind, set[int]]:
    return {
        NameKind.PERSON: set(people(by).values_list("pk", flat=True)),
        NameKind.DEPARTMENT: set(departments(by).values_list("pk", flat=True)),
    }


def decide(sheet: SheetImport, kind: NameKind, name: str, *, meant: Meant | str | None, by: User) -> None:
    """名称对照: say whom ``name`` means in the legal unit of ``sheet``; ``LEFT`` keeps it as one of the past, None
    leaves it to the archivist. Contracts that this sheet brought under that name follow, as corrections.

    Raise Refused ``accounts.not_allowed``, ``intake.unit_unknown``.
    """
    require(by, "contract.create")
    unit = _unit_naming(sheet, kind, name, by)
    if meant == LEFT:
        meant = keep_leaver(name, unit, by=by) if kind == NameKind.PERSON else keep_past_department(unit, name, by=by)
    with transaction.atomic():
        NameMapping.objects.update_or_create(
            unit=unit,
            kind=kind,
            name_key=fold(name)[:200],
            defaults={
                "name": name[:200],
                "person": meant if isinstance(meant, User) else None,
                "department": meant if isinstance(meant, Department) else None,
                "decided_by": by,
                "decided_at": now(),
            },
        )
        told = {"name": name, "kind": str(kind), "unit": unit.name, "means": str(meant or "")}
        record("sheet.name_decided", sheet, by=by, details=told)
    if isinstance(meant, (User, Department)):
        _follow(_brought_under(sheet, kind, name), FIELDS[kind], meant, name, by)


def _nobody(names: Names, kind: NameKind, name: str, unit: Department) -> bool:
    if (unit.pk, str(kind), fold(name)) in names.chosen:
        return False  # somebody left it to the archivist
    known = names.person(name, unit) if kind == NameKind.PERSON else names.department(name, unit)
    return known is None


def _unit_naming(sheet: SheetImport, kind: NameKind, name: str, by: User) -> Department:
    """Return the legal unit of the rows that bear the name; that of the sheet where none of its own is written."""
    lookup = Lookup(sheet, by)
    for values in sheet.rows.values_list("values", flat=True).iterator(chunk_size=1000):
        if values.get(FIELDS[kind]) == name and (unit := lookup.unit_of(values)):
            return unit
    if sheet.unit is None:
        raise Refused("intake.unit_unknown")
    return sheet.unit


def _brought_under(sheet: SheetImport, kind: NameKind, name: str) -> Iterable[LedgerRow]:
    rows = sheet.rows.in_force().select_related("contract").order_by("number")
    return [row for row in rows if row.values.get(FIELDS[kind]) == name]


def _follow(rows: Iterable[LedgerRow], field: str, meant: Meant, name: str, by: User) -> None:
    """Give these contracts to whom the name means; one that somebody gave away since, or closed, stays."""
    why = gettext("名称对照：%(name)s") % {"name": name}
    for row in rows:
        contract = row.contract
        assert contract is not None
        if contract.revisions.filter(field=field).exists():
            continue
        changes, version = {field: meant}, contract.edit_version
        try:
            contract.edit(changes, by=by, edit_version=version, why=why[:200], source=Origin.LEDGER_SHEET)
        except Refused:
            continue  # void, or out of this person's reach: it stays where it is, and the row still says so
