"""新增: a person, a department, a role comes into being."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext

from qidang.accounts import passwords
from qidang.accounts.capabilities import CAPABILITIES, require_everywhere, require_in
from qidang.accounts.checking import officers_apart, save
from qidang.accounts.models import Department, Role, User
from qidang.accounts.models.people import plain_username, username_is_plain
from qidang.kit.refusal import Refused
from qidang.ledger import record


def add_person(
    *,
    username: str,
    name: str,
    by: User,
    department: Department | None = None,
    roles: Iterable[Role] = (),
    employee_no: str = "",
    email: str = "",
    manager: User | None = None,
    language: str = "zh-hans",
    password: str = "",
) -> tuple[User, str]:
    """新增人员. Return the person and the password to tell him: the given one, or a random one to be changed at once.

    Raise Refused ``accounts.not_allowed``, ``.malformed``, ``.username_taken``, ``.employee_no_taken``,
    ``.officers_apart``, ``.weak_password``.
    """
    require_in(by, "people.manage", department)
    roles = list(roles)
    if roles:
        require_everywhere(by, "roles.manage")
        officers_apart(roles)
    person = User(
        username=plain_username(username),
        name=name.strip(),
        department=department,
        employee_no=employee_no.strip(),
        email=email,
        manager=manager,
        language=language,
        must_change_password=not password,
    )
    _username_checked(person)
    told = passwords.set_first(person, password)
    with transaction.atomic():
        save(person, taken=_taken(person))
        person.roles.set(roles)
        record("person.added", person, by=by, details={"roles": [role.slug for role in roles]})
    return person, told


def create_admin(*, username: str, name: str, by: User, password: str = "") -> tuple[User, str]:
    """管理员: add a person who may do everything; for the command line, on a home where nobody is yet."""
    roles = Role.objects.filter(slug="administrator")
    return add_person(username=username, name=name, by=by, roles=roles, password=password)


@transaction.atomic
def add_department(*, name: str, by: User, code: str = "", parent: Department | None = None) -> Department:
    """新增部门; without ``parent`` a legal unit (法人单位). ``code`` goes into the 档号 (DA/T 22-2015: three places).

    Raise Refused ``accounts.not_allowed``, ``.malformed``, ``.department_taken``, ``.department_disabled``.
    """
    require_in(by, "people.manage", parent)
    if parent is not None and not parent.is_active:
        raise Refused("accounts.department_disabled", name=parent)
    department = Department(
        name=name.strip(),
        code=code.strip().upper(),
        parent=parent,
        legal_unit=parent.unit if parent else None,
    )
    save(department, taken="accounts.department_taken")
    department.settle()
    record("department.added", department, by=by)
    return department


@transaction.atomic
def add_role(*, slug: str, name_zh: str, name_en: str, capabilities: Iterable[str], scope: str, by: User) -> Role:
    """新增角色. Raise Refused ``accounts.not_allowed``, ``.malformed``, ``.unknown_capability``, ``.role_taken``."""
    require_everywhere(by, "roles.manage")
    role = Role(slug=slug, name_zh=name_zh, name_en=name_en, capabilities=known(capabilities), scope=scope)
    save(role, taken="accounts.role_taken")
    record("role.added", role, by=by, details={"capabilities": role.capabilities, "scope": scope})
    return role


def known(capabilities: Iterable[str]) -> list[str]:
    """Return ``capabilities`` in the order of the catalogue; refuse ``accounts.unknown_capability``."""
    wanted = set(capabilities)
    if strange := wanted - set(CAPABILITIES):
        raise Refused("accounts.unknown_capability", name=gettext("、").join(sorted(strange)))
    return [capability for capability in CAPABILITIES if capability in wanted]


def _taken(person: User) -> str:
    """Return the refusal for a double, the name's or the employee number's."""
    is_named = User.objects.filter(username=person.username).exists()
    return "accounts.employee_no_taken" if person.employee_no and not is_named else "accounts.username_taken"


def _username_checked(person: User) -> None:
    if not username_is_plain.regex.fullmatch(person.username):  # type: ignore[union-attr]
        raise Refused("accounts.malformed", reasons=str(username_is_plain.message))
