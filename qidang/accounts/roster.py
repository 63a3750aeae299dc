"""花名册: people and departments from a sheet; tried first, taken in row by row, and a second sheet updates."""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qidang.accounts.adding import add_department, add_person
from qidang.accounts.capabilities import require
from qidang.accounts.changing import change_person, give_roles, move_department, rename_department
from qidang.accounts.models import Department, Role, User
from qidang.accounts.models.people import plain_username, username_is_plain
from qidang.kit.refusal import Refused
from qidang.kit.text import fold

PEOPLE: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "username": (_("用户名"), ("用户名", "登录名", "账号", "username", "login", "account")),
    "name": (_("姓名"), ("姓名", "名字", "员工姓名", "name", "full name")),
    "employee_no": (
        _("工号"),
        ("工号", "员工编号", "员工号", "employee no", "employee no.", "staff no"),
    ),
    "department": (_("部门"), ("部门", "所属部门", "组织", "department")),
    "manager": (_("直接上级"), ("直接上级", "上级", "汇报对象", "主管", "manager", "reports to")),
    "email": (_("邮箱"), ("邮箱", "电子邮箱", "邮件", "email", "e-mail", "mail")),
    "roles": (_("角色"), ("角色", "权限角色", "role", "roles")),
}
DEPARTMENTS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "name": (_("名称"), ("名称", "部门名称", "部门", "name", "department")),
    "code": (_("代码"), ("代码", "部门代码", "编码", "code")),
    "parent": (_("上级部门"), ("上级部门", "上级", "所属单位", "法人单位", "parent", "belongs to")),
}
BETWEEN = re.compile(r"[、,，;；|]\s*")
NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet, counted as the sheet does, and what it says by field."""

    number: int
    values: dict[str, str]

    def says(self, field: str) -> str:
        """Return what stands in a column, "" where nothing does."""
        return self.values.get(field, "").strip()


@dataclasses.dataclass(slots=True)
class Verdict:
    """What becomes of a row, or became: new, changed field by field, the same, or refused and why."""

    line: Line
    outcome: str
    changes: list[tuple[str, str, str]] = dataclasses.field(default_factory=list)
    refusal: Refused | None = None
    told: str = ""


def try_people(lines: Sequence[Line], *, by: User) -> list[Verdict]:
    """试导入人员: say what ``take_people`` would do, and do nothing. Raise Refused ``accounts.not_allowed``."""
    require(by, "people.manage")
    roster = _People(lines)
    return [roster.verdict(line) for line in roster.ordered()]


def take_people(lines: Sequence[Line], *, by: User, seconds: float) -> tuple[list[Verdict], list[Line]]:
    """导入人员: add and change people, a row at a time; return what became of them, and the rows there was no time for.

    A new person's first password is told once, in his verdict: hashing it is slow on purpose.
    """
    require(by, "people.manage")
    until = time.monotonic() + seconds
    roster = _People(lines)
    ordered = roster.ordered()
    verdicts: list[Verdict] = []
    for place, line in enumerate(ordered):
        if place and time.monotonic() > until:
            return verdicts, ordered[place:]
        verdict = roster.verdict(line)
        if verdict.outcome in (NEW, CHANGED):
            _do(roster, verdict, by)
        verdicts.append(verdict)
    return verdicts, []


def try_departments(lines: Sequence[Line], *, by: User) -> list[Verdict]:
    """试导入部门: say what ``take_departments`` would do, and do nothing."""
    require(by, "people.manage")
    return _Tree().verdicts(lines, by=None)


def take_departments(lines: Sequence[Line], *, by: User) -> list[Verdict]:
    """导入部门: add, rename and move departments, those above before those below."""
    require(by, "people.manage")
    return _Tree().verdicts(lines, by=by)


def _do(roster: _People, verdict: Verdict, by: User) -> None:
    """Do it; what the act refuses is said of the row."""
    try:
        roster.take(verdict, by=by)
    except Refused as refusal:
        verdict.outcome, verdict.refusal, verdict.changes = REFUSED, refusal, []


class _People:
    """The people and departments that the rows of a sheet may name."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.tree = _Tree()
        self.roles = {fold(word): one for one in Role.objects.all() for word in (one.slug, one.name_zh, one.name_en)}
        self.people: dict[str, list[User]] = {}
        for person in User.objects.people().select_related("department", "manager").prefetch_related("roles"):
            self._know(person)
        self.coming = {word for line in lines for word in self._words(line)}
        self.doubles = self._doubles()

    def ordered(self) -> list[Line]:
        """Return the doubles, then the rows so that a manager who comes with the sheet comes before his people."""
        out = [line for line in self.lines if line.number in self.doubles]
        waiting, done = [line for line in self.lines if line.number not in self.doubles], set[str]()
        while waiting:
            ready = [one for one in waiting if self._is_ready(one, done)] or waiting
            out += ready
            done |= {word for one in ready for word in self._words(one)}
            waiting = [one for one in waiting if one not in ready]
        return out

    def verdict(self, line: Line) -> Verdict:
        """Return what is to become of a row."""
        try:
            if line.number in self.doubles:
                raise Refused("accounts.roster_twice", name=line.says("name") or line.says("username"))
            given = self._given(line)
            found = self._found(line)
            if found is None:
                return Verdict(line, NEW)
            return self._compared(line, found, given)
        except Refused as refusal:
            return Verdict(line, REFUSED, refusal=refusal)

    def take(self, verdict: Verdict, *, by: User) -> None:
        """Do what the verdict says."""
        line, given = verdict.line, self._given(verdict.line, is_real=True)
        roles = given.pop("roles", None)
        found = self._found(line)
        if found is None:
            username = plain_username(line.says("username") or line.says("employee_no"))
            person, verdict.told = add_person(username=username, roles=roles or (), by=by, **given)
            self._know(person)
            return
        with transaction.atomic():
            change_person(found, by=by, **given)
            if roles is not None and set(roles) != set(found.roles.all()):
                give_roles(found, roles, by=by)

    def _given(self, line: Line, *, is_real: bool = False) -> dict[str, Any]:
        """Return what a row says of a person; an empty cell says nothing."""
        given: dict[str, Any] = {name: line.says(name) for name in ("name", "employee_no", "email") if line.says(name)}
        if not line.says("name") and self._found(line) is None:
            raise Refused("accounts.roster_lacks_name")
        if line.says("department"):
            given["department"] = self.tree.meant(line.says("department"))
        if line.says("manager"):
            given["manager"] = self._manager(line.says("manager"), is_real=is_real)
        if line.says("roles"):
            given["roles"] = [self._role(word) for word in BETWEEN.split(line.says("roles")) if word.strip()]
        username = plain_username(line.says("username") or line.says("employee_no"))
        if self._found(line) is None and not username_is_plain.regex.fullmatch(username):  # type: ignore[union-attr]
            raise Refused("accounts.malformed", reasons=str(username_is_plain.message))
        return given

    def _doubles(self) -> set[int]:
        """Return the numbers of the rows whose username or employee number stands in a row above."""
        seen, doubles = set[str](), set[int]()
        for line in self.lines:
            words = set(self._words(line)[:2]) - {""}
            if words & seen:
                doubles.add(line.number)
            seen |= words
        return doubles

    def _compared(self, line: Line, person: User, given: dict[str, Any]) -> Verdict:
        changes = []
        for name, new in given.items():
            old: Any = list(person.roles.all()) if name == "roles" else getattr(person, name)
            is_same = set(old) == set(new) if name == "roles" else old == new
            if not is_same:
                changes.append((str(PEOPLE[name][0]), _written(old), _written(new) or line.says(name)))
        return Verdict(line, CHANGED if changes else SAME, changes)

    def _found(self, line: Line) -> User | None:
        """Return whom a row is about: by employee number, else by username."""
        for word in (line.says("employee_no"), line.says("username")):
            here = self.people.get(fold(word), []) if word else []
            same = [one for one in here if fold(word) in (fold(one.employee_no), fold(one.username))]
            if same:
                return same[0]
        return None

    def _manager(self, word: str, *, is_real: bool) -> User | None:
        """Return the manager a row names; None while he is only coming with the sheet."""
        found = [one for one in self.people.get(fold(word), []) if one.is_active]
        if len(found) == 1:
            return found[0]
        if not found and fold(word) in self.coming and not is_real:
            return None
        raise Refused("accounts.roster_nobody", name=word)

    def _role(self, word: str) -> Role:
        role = self.roles.get(fold(word))
        if role is None:
            raise Refused("accounts.roster_no_role", name=word)
        return role

    def _is_ready(self, line: Line, done: set[str]) -> bool:
        word = fold(line.says("manager"))
        return not word or word in done or word in self.people or word not in self.coming

    def _know(self, person: User) -> None:
        for word in {fold(person.username), fold(person.employee_no), fold(person.name)} - {""}:
            self.people.setdefault(word, []).append(person)

    @staticmethod
    def _words(line: Line) -> list[str]:
        return [fold(line.says(name)) for name in ("username", "employee_no", "name")]


class _Tree:
    """The departments, and those that a sheet adds, by path, by code and by name."""

    def __init__(self) -> None:
        self.paths: dict[str, Department | None] = {}
        self.names: dict[str, set[str]] = {}
        for one in Department.objects.active().select_related("parent").order_by("path"):
            above = self._path_of(one.parent) if one.parent else ""
            self._know(f"{above}/{one.name}".lstrip("/"), one)

    def meant(self, text: str) -> Department | None:
        """Return the department that a text names: by path (公司/部门/组), by name or by code. Raise Refused."""
        return self.paths[self._place(text)]

    def verdicts(self, lines: Sequence[Line], *, by: User | None) -> list[Verdict]:
        """Return what becomes of every row, and do it where ``by`` is given; those above come before those below."""
        found: dict[int, Verdict] = {}
        waiting = list(lines)
        while waiting:
            later = []
            for line in waiting:
                try:
                    found[line.number] = self._one(line, by)
                except Refused as refusal:
                    found[line.number] = Verdict(line, REFUSED, refusal=refusal)
                    if refusal.code == "accounts.roster_no_department":
                        later.append(line)
            if len(later) == len(waiting):
                break
            waiting = later
        return [found[line.number] for line in lines]

    def _one(self, line: Line, by: User | None) -> Verdict:
        name, code = line.says("name"), line.says("code").upper()
        if not name:
            raise Refused("accounts.roster_lacks_name")
        above = self._place(line.says("parent")) if line.says("parent") else ""
        place = f"{above}/{name}".lstrip("/")
        known = self._known(place, above, code)
        if known is None:
            verdict = Verdict(line, SAME if place in self.paths else NEW)
            if verdict.outcome == NEW:
                parent = self.paths[above] if above else None
                made = add_department(name=name, code=code, parent=parent, by=by) if by else None
                self._know(place, made)
            return verdict
        return self._changed(line, known, above, (name, code), by)

    def _changed(self, line: Line, one: Department, above: str, said: tuple[str, str], by: User | None) -> Verdict:
        name, code = said[0], said[1] or one.code
        parent = self.paths[above] if above else None
        labels = {field: str(label) for field, (label, _words) in DEPARTMENTS.items()}
        pairs = [("name", one.name, name), ("code", one.code, code)]
        if one.parent_id and (parent is None or parent.pk != one.parent_id):
            pairs.append(("parent", str(one.parent), above))
        changes = [(labels[field], old, new) for field, old, new in pairs if old != new]
        if changes and by:
            if parent is not None and one.parent_id and parent.pk != one.parent_id:
                move_department(one, to=parent, by=by)
            if (one.name, one.code) != (name, code):
                rename_department(one, by=by, name=name, code=code)
        return Verdict(line, CHANGED if changes else SAME, changes)

    def _known(self, place: str, above: str, code: str) -> Department | None:
        """Return the department of a row: at its place, else the one of its legal unit that bears its code."""
        here = self.paths.get(place)
        if here is not None or not code:
            return here
        unit = self.paths.get(above.partition("/")[0]) if above else None
        same = Department.objects.active().filter(code=code, legal_unit=unit).select_related("parent")
        return same.first() if unit is not None or not above else None

    def _place(self, text: str) -> str:
        word = "/".join(part.strip() for part in text.replace("／", "/").replace("\\", "/").split("/") if part.strip())
        if word in self.paths:
            return word
        found = self.names.get(fold(word), set())
        if len(found) != 1:
            raise Refused("accounts.roster_no_department", name=text)
        return next(iter(found))

    def _know(self, place: str, one: Department | None) -> None:
        self.paths[place] = one
        code = one.code if one else ""
        for word in {fold(place.rpartition("/")[2]), fold(code)} - {""}:
            self.names.setdefault(word, set()).add(place)

    def _path_of(self, department: Department) -> str:
        return next((place for place, one in self.paths.items() if one and one.pk == department.pk), department.name)


def _written(value: Any) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "、".join(sorted(one.name for one in value))
    return str(value or "")
