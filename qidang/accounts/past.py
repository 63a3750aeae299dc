"""历史部门与离职人员: names of the past that old contracts belong to; they are disabled from the first day on."""

from collections.abc import Iterable

from django.db import transaction

from qidang.accounts.capabilities import may, require
from qidang.accounts.checking import save
from qidang.accounts.models import Department, User
from qidang.accounts.models.people import plain_username
from qidang.kit.ids import uuid7
from qidang.kit.refusal import Refused
from qidang.ledger import record

PAST = "历史部门"
UNUSABLE = "!"  # no password fits it


def past_departments() -> dict[int, Department]:
    """Return the 历史部门 of each legal unit that has one, by the key of the unit."""
    return {one.unit_id: one for one in Department.objects.filter(name=PAST, parent__parent=None, is_active=False)}


@transaction.atomic
def keep_past_department(unit: Department, name: str = "", *, by: User) -> Department:
    """历史部门: a disabled department of ``unit`` for old contracts, ``name`` below the common one; kept once.

    Raise Refused ``accounts.not_allowed``, ``.malformed``.
    """
    _require_keeping(by, unit)
    top = _kept(unit.unit, PAST, by=by)
    return _kept(top, name.strip(), by=by) if name.strip() else top


@transaction.atomic
def keep_leaver(name: str, unit: Department, *, by: User) -> User:
    """离职人员: a person who left before this archive was, so that old contracts name him; he can never sign in.

    Raise Refused ``accounts.not_allowed``, ``.malformed``.
    """
    _require_keeping(by, unit)
    department = keep_past_department(unit, by=by)
    person = User(
        username=_free_username(name),
        name=name.strip(),
        department=department,
        password=UNUSABLE,
        is_active=False,
    )
    save(person, taken="accounts.username_taken")
    record("person.kept_as_left", person, by=by)
    return person


def _require_keeping(by: User, unit: Department) -> None:
    """Who keeps people may, and who files the papers of the unit: such names give nobody any right."""
    if not may(by, "record.file", unit):
        require(by, "people.manage", unit)


def _kept(parent: Department, name: str, *, by: User) -> Department:
    found = Department.objects.filter(parent=parent, name=name).first()
    if found is not None:
        if found.is_active:
            raise Refused("accounts.department_taken", name=name)
        return found
    department = Department(name=name, parent=parent, legal_unit=parent.unit, is_active=False)
    save(department, taken="accounts.department_taken")
    department.settle()
    record("department.kept_as_past", department, by=by)
    return department


def _free_username(name: str) -> str:
    """Return a username for who never signs in: 离职- and the name, with an end of its own where that is taken."""
    plain = "".join(char for char in plain_username(f"离职-{name}") if char.isalnum() or char in "-_.@+")[:50]
    if not User.objects.filter(username=plain).exists():
        return plain
    return f"{plain}-{uuid7().hex[-8:]}"


def is_past(department: Department, past: Iterable[Department]) -> bool:
    """Return whether the department is one of 历史部门 or below one."""
    return any(department.path.startswith(one.path) for one in past)
