"""花名册: people and departments from a sheet, tried, taken in, and updated by the next."""

from __future__ import annotations

import pytest

from qidang.accounts.models import Department, User
from qidang.accounts.roster import Line, take_departments, take_people, try_departments, try_people
from qidang.cast import Cast
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry

pytestmark = pytest.mark.django_db
FOREVER = float("inf")


def lines(*rows: dict[str, str]) -> list[Line]:
    """Return rows as a sheet numbers them, below its heading."""
    return [Line(number, row) for number, row in enumerate(rows, start=2)]


STAFF = lines(
    {"username": "zhong", "name": "钟鸣远", "employee_no": "QM0201", "department": "华东销售组", "manager": "QM0202"},
    {
        "username": "qiao",
        "name": "乔木深",
        "employee_no": "QM0202",
        "department": "销售部/华东销售组",
        "roles": "销售主管、查阅者",
    },
    {
        "username": "",
        "name": "周文澜",
        "employee_no": "QM0035",
        "department": "华南销售组",
        "email": "zhou@example.com",
    },
    {"username": "lu", "name": "鲁无门", "department": "没有的部门"},
    {"username": "x y", "name": "坏名字"},
    {"username": "zhong", "name": "重名"},
    {"username": "sun", "name": "孙无主", "manager": "没有的人"},
    {"username": "bai", "name": "白无角", "roles": "没有的角色"},
    {"username": "wu", "name": ""},
)
CODES = {
    5: "accounts.roster_no_department",
    6: "accounts.malformed",
    7: "accounts.roster_twice",
    8: "accounts.roster_nobody",
    9: "accounts.roster_no_role",
    10: "accounts.roster_lacks_name",
}


def staff(cast: Cast) -> list[Line]:
    """Return the rows, the second department with its whole path."""
    path = f"{cast.department('qmj').name}/销售部/华东销售组"
    return [Line(one.number, one.values | ({"department": path} if one.number == 3 else {})) for one in STAFF]


def test_a_trial_names_every_fault_and_changes_nobody(cast: Cast) -> None:
    before = User.objects.count()
    found = {one.line.number: one for one in try_people(staff(cast), by=cast.administrator)}
    assert {number: one.refusal.code for number, one in found.items() if one.refusal} == CODES
    assert [found[number].outcome for number in (2, 3, 4)] == ["new", "new", "changed"]
    assert found[4].changes == [
        ("邮箱", "salesperson@example.com", "zhou@example.com"),
        ("部门", "华东销售组", "华南销售组"),
    ]
    assert User.objects.count() == before


def test_people_are_taken_in_with_managers_and_roles_and_told_their_passwords_once(cast: Cast) -> None:
    verdicts, rest = take_people(staff(cast), by=cast.administrator, seconds=FOREVER)
    assert not rest
    told = {one.line.says("username"): one.told for one in verdicts if one.told}
    manager, person = User.objects.get(username="qiao"), User.objects.get(username="zhong")
    assert (person.manager, person.department) == (manager, cast.department("sales_east"))
    assert {role.slug for role in manager.roles.all()} == {"sales_manager", "viewer"}
    assert person.check_password(told["zhong"])
    cast.salesperson.refresh_from_db()
    assert cast.salesperson.department == cast.department("sales_south")
    assert Entry.objects.filter(act="person.added").count() == 2


def test_the_same_sheet_again_changes_nothing(cast: Cast) -> None:
    take_people(staff(cast), by=cast.administrator, seconds=FOREVER)
    again = try_people(staff(cast), by=cast.administrator)
    assert {one.outcome for one in again if one.line.number < 5} == {"same"}


def test_a_long_sheet_goes_on_where_the_time_was_over(cast: Cast) -> None:
    done, rest = take_people(staff(cast)[:3], by=cast.administrator, seconds=0)
    assert (len(done), len(rest)) == (1, 2)
    take_people(rest, by=cast.administrator, seconds=FOREVER)
    assert User.objects.get(username="zhong").manager == User.objects.get(username="qiao")


def test_who_may_not_grant_roles_brings_in_nobody_with_roles(cast: Cast) -> None:
    verdicts, _ = take_people(
        lines({"username": "qiao", "name": "乔", "roles": "查阅者"}), by=cast.system_officer, seconds=9
    )
    assert verdicts[0].refusal is not None
    assert verdicts[0].refusal.code == "accounts.not_allowed"
    for act in (try_people, try_departments, take_departments):
        with pytest.raises(Refused):
            act([], by=cast.salesperson)


def test_departments_are_added_below_those_of_the_same_sheet_and_updated_by_code(cast: Cast) -> None:
    unit = cast.department("qmj").name
    rows = lines(
        {"name": "西南组", "code": "XNX", "parent": "西部大区"},
        {"name": "西部大区", "code": "XBX", "parent": unit},
        {"name": "华东一组", "code": "HDX", "parent": "西部大区"},
        {"name": "法务部", "parent": unit},
        {"name": "孤儿组", "parent": "没有的部门"},
        {"name": "", "parent": unit},
    )
    tried = try_departments(rows, by=cast.administrator)
    assert [one.outcome for one in tried] == ["new", "new", "changed", "same", "refused", "refused"]
    assert not Department.objects.filter(name="西部大区").exists()
    taken = take_departments(rows, by=cast.administrator)
    assert [one.outcome for one in taken] == [one.outcome for one in tried]
    south_west = Department.objects.get(code="XNX")
    assert south_west.parent == Department.objects.get(name="西部大区")
    moved = cast.department("sales_east")
    moved.refresh_from_db()
    assert (moved.name, str(moved.parent)) == ("华东一组", "西部大区")
    assert [one.outcome for one in try_departments(rows[:4], by=cast.administrator)] == ["same"] * 4


def test_a_new_legal_unit_comes_with_its_departments(cast: Cast) -> None:
    rows = lines({"name": "启明重工有限公司", "code": "QMG"}, {"name": "销售部", "parent": "启明重工有限公司"})
    assert [one.outcome for one in take_departments(rows, by=cast.administrator)] == ["new", "new"]
    assert Department.objects.get(code="QMG").parent is None
