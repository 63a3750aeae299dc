"""变动: people, departments and roles change; the last one who keeps them is never lost."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from qidang.accounts.adding import known
from qidang.accounts.capabilities import require, require_everywhere, require_in
from qidang.accounts.checking import kept, officers_apart, save, still_kept
from qidang.accounts.models import Department, Role, User
from qidang.accounts.scopes import forget
from qidang.kit.refusal import Refused
from qidang.ledger import record

PERSON_FIELDS = ("name", "employee_no", "department", "manager", "email", "language")


@transaction.atomic
def change_person(person: User, *, by: User, **changes: Any) -> User:
    """修改人员 by the fields of PERSON_FIELDS; what stays the same is not recorded.

    Raise Refused ``accounts.not_allowed``, ``.malformed``, ``.employee_no_taken``, ``.manager_loop``.
    """
    kept_row = User.objects.select_for_update().get(pk=person.pk)  # a form may have filled ``person`` already
    require_in(by, "people.manage", kept_row.department)
    if "department" in changes:
        require_in(by, "people.manage", changes["department"])
    _no_loop(person, changes.get("manager"))
    before = {field: str(getattr(kept_row, field) or "") for field in PERSON_FIELDS if field in changes}
    for field in before:
        setattr(kept_row, field, changes[field])
        setattr(person, field, changes[field])
    save(kept_row, taken="accounts.employee_no_taken")
    forget(person)
    after = {field: str(getattr(kept_row, field) or "") for field in before}
    changed = {field: [old, after[field]] for field, old in before.items() if old != after[field]}
    if changed:
        record("person.changed", person, by=by, details=changed)
    return person


def speak(person: User, language: str) -> None:
    """语言: remember the language of ``person``'s screens; his own choice, not an act of the archive."""
    if language in User.Language.values:
        person.language = language
        person.save(update_fields=["language"])


@transaction.atomic
def disable_person(person: User, *, by: User, why: str = "") -> User:
    """停用人员: cannot sign in from now on; what he did stays.

    Raise Refused ``accounts.not_allowed``, ``.not_oneself``, ``.service_person``, ``.last_administrator``.
    """
    require_in(by, "people.manage", person.department)
    _somebody_else(person, by)
    before = kept()
    person.is_active = False
    person.save(update_fields=["is_active"])
    forget(person)
    still_kept(before)
    record("person.disabled", person, by=by, details={"why": why} if why else None)
    return person


@transaction.atomic
def enable_person(person: User, *, by: User) -> User:
    """启用人员. Raise Refused ``accounts.not_allowed``."""
    require_in(by, "people.manage", person.department)
    person.is_active = True
    person.save(update_fields=["is_active"])
    forget(person)
    record("person.enabled", person, by=by)
    return person


@transaction.atomic
def give_roles(person: User, roles: Iterable[Role], *, by: User) -> User:
    """授权: ``person`` has exactly these ``roles`` from now on.

    Raise Refused ``accounts.not_allowed``, ``.not_oneself``, ``.officers_apart``, ``.last_administrator``.
    """
    require_everywhere(by, "roles.manage")
    _somebody_else(person, by)
    roles = list(roles)
    officers_apart(roles)
    before = kept()
    old = sorted(person.roles.values_list("slug", flat=True))
    person.roles.set(roles)
    forget(person)
    still_kept(before)
    record("person.roles_changed", person, by=by, details={"roles": [old, sorted(role.slug for role in roles)]})
    return person


@transaction.atomic
def rename_department(department: Department, *, by: User, name: str, code: str) -> Department:
    """部门更名 (name and code). Raise Refused ``accounts.not_allowed``, ``.malformed``, ``.department_taken``."""
    require(by, "people.manage", department)
    old = [department.name, department.code]
    department.name, department.code = name.strip(), code.strip().upper()
    save(department, taken="accounts.department_taken")
    record("department.renamed", department, by=by, details={"old": old, "new": [department.name, department.code]})
    return department


@transaction.atomic
def move_department(department: Department, *, to: Department, by: User) -> Department:
    """部门调整: the department and all below it go under ``to``, and their paths with them.

    Raise Refused ``accounts.not_allowed``, ``.unit_stays``, ``.beneath_itself``, ``.department_disabled``,
    ``.department_taken``.
    """
    list(Department.objects.select_for_update().values_list("pk", flat=True))  # two moves may not cross
    department.refresh_from_db()
    to.refresh_from_db()
    require(by, "people.manage", department)
    require(by, "people.manage", to)
    if department.parent_id is None:
        raise Refused("accounts.unit_stays", name=department)
    if to.path.startswith(department.path):
        raise Refused("accounts.beneath_itself", name=department, to=to)
    if not to.is_active:
        raise Refused("accounts.department_disabled", name=to)
    was, old = str(department.parent), department.path
    new = f"{to.path}{department.pk:04d}/"
    department.parent, department.path, department.legal_unit = to, new, to.unit
    save(department, taken="accounts.department_taken")
    _follow(old, new, to.unit)
    record("department.moved", department, by=by, details={"from": was, "to": str(to), "path": [old, new]})
    return department


@transaction.atomic
def disable_department(department: Department, *, by: User) -> Department:
    """撤销部门: takes no more people and papers. Raise Refused ``accounts.not_allowed``, ``.department_in_use``."""
    require(by, "people.manage", department)
    below = Department.objects.active().under(department.path).exclude(pk=department.pk)
    if below.exists() or User.objects.active().filter(department=department).exists():
        raise Refused("accounts.department_in_use", name=department)
    department.is_active = False
    department.save(update_fields=["is_active"])
    record("department.disabled", department, by=by)
    return department


@transaction.atomic
def enable_department(department: Department, *, by: User) -> Department:
    """恢复部门. Raise Refused ``accounts.not_allowed``."""
    require(by, "people.manage", department)
    department.is_active = True
    department.save(update_fields=["is_active"])
    record("department.enabled", department, by=by)
    return department


@transaction.atomic
def change_role(role: Role, *, by: User, name_zh: str, name_en: str, capabilities: Iterable[str], scope: str) -> Role:
    """修改角色. Raise Refused ``accounts.not_allowed``, ``.own_role``, ``.unknown_capability``, ``.role_taken``,
    ``.malformed``, ``.last_administrator``.
    """
    require_everywhere(by, "roles.manage")
    if role.people.filter(pk=by.pk).exists():
        raise Refused("accounts.own_role", name=role)
    before = kept()
    old = {"capabilities": role.capabilities, "scope": role.scope}
    role.name_zh, role.name_en, role.scope = name_zh.strip(), name_en.strip(), scope
    role.capabilities = known(capabilities)
    save(role, taken="accounts.role_taken")
    still_kept(before)
    record(
        "role.changed", role, by=by, details={"old": old, "new": {"capabilities": role.capabilities, "scope": scope}}
    )
    return role


def _somebody_else(person: User, by: User) -> None:
    if person.is_service:
        raise Refused("accounts.service_person", name=person.username)
    if person.pk == by.pk:
        raise Refused("accounts.not_oneself")


def _no_loop(person: User, manager: User | None) -> None:
    """Refuse ``accounts.manager_loop`` when ``person`` stands above the new ``manager``."""
    seen = set()
    while manager is not None and manager.pk not in seen:
        if manager.pk == person.pk:
            raise Refused("accounts.manager_loop", name=person)
        seen.add(manager.pk)
        manager = manager.manager


def _follow(old: str, new: str, unit: Department) -> None:
    """Give all departments below ``old`` their new path and legal unit, in one statement."""
    Department.objects.under(old).update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)), legal_unit=unit)
