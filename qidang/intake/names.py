"""名称对照: whom the names in a ledger mean; what nobody knows goes to the archivist, never to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qidang.accounts.capabilities import may
from qidang.accounts.models import Department, User
from qidang.accounts.past import past_departments
from qidang.kit.text import fold

from .models import NameKind, NameMapping

if TYPE_CHECKING:
    from .models import SheetImport


class Names:
    """The people and departments of one import, looked up once.

    A name means who was chosen for it in this legal unit (``NameMapping``), else the one person or department that
    bears it; several namesakes mean nobody.
    """

    def __init__(self, sheet: SheetImport, by: User) -> None:
        self.keeper = sheet.keeper or keeper_for(by)
        self.chosen: dict[tuple[int, str, str], User | Department | None] = {}
        for one in NameMapping.objects.select_related("person__department", "department"):
            self.chosen[one.unit_id, one.kind, one.name_key] = one.person or one.department
        self.people: dict[str, list[User]] = {}
        for person in User.objects.people().select_related("department"):
            for word in {fold(person.name), fold(person.employee_no), fold(person.username)} - {""}:
                self.people.setdefault(word, []).append(person)
        self.departments: dict[tuple[int, str], list[Department]] = {}
        for department in Department.objects.select_related("legal_unit"):
            for word in {fold(department.name), fold(department.code)} - {""}:
                self.departments.setdefault((department.unit_id, word), []).append(department)
        self.past = past_departments()

    def person(self, name: str, unit: Department) -> User | None:
        """Return whom the name means in this legal unit; None where nobody knows."""
        chosen = self.chosen.get((unit.pk, NameKind.PERSON, fold(name)))
        if isinstance(chosen, User):
            return chosen
        found = self.people.get(fold(name), [])
        within = [one for one in found if one.department and one.department.unit_id == unit.pk]
        active = [one for one in within or found if one.is_active]
        best = active or within or found
        return best[0] if len(best) == 1 else None

    def department(self, name: str, unit: Department) -> Department | None:
        """Return which department of the legal unit the name means; None where nobody knows."""
        chosen = self.chosen.get((unit.pk, NameKind.DEPARTMENT, fold(name)))
        if isinstance(chosen, Department):
            return chosen
        found = self.departments.get((unit.pk, fold(name)), [])
        active = [one for one in found if one.is_active]
        best = active or found
        return best[0] if len(best) == 1 else None

    def is_unknown(self, owner: str, department: str, unit: Department) -> bool:
        """Return whether a row names somebody, or a department, that nobody knows."""
        if owner and self.person(owner, unit) is None:
            return True
        return bool(department) and self.department(department, unit) is None

    def belonging(self, owner: str, department: str, unit: Department | None) -> tuple[User | None, Department | None]:
        """Return owner and department of a row; None for what the row leaves open and registering decides.

        A name that nobody knows leaves its contract to the keeper and, in place of a department, to 历史部门, which
        nobody belongs to: no wider circle sees it than before somebody says whose it is.
        """
        if unit is None:
            return None, None
        person = self.person(owner, unit) if owner else None
        placed = self.department(department, unit) if department else None
        if owner and person is None:
            person = self.keeper
            placed = placed or self.past.get(unit.pk)
        if department and placed is None:
            placed = self.past.get(unit.pk)
        return person, placed


def keeper_for(by: User) -> User:
    """档案员: who gets what nobody knows: who imports where he files papers himself, else the first who does."""
    if may(by, "record.file") and not by.is_service:
        return by
    people = User.objects.active().order_by("pk").prefetch_related("roles")
    filing = [one for one in people if any("record.file" in role.capabilities for role in one.roles.all())]
    archivists = [one for one in filing if any(role.slug == "archivist" for role in one.roles.all())]
    return next(iter(archivists or filing), by)
