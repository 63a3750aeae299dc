"""部门: the tree and its paths."""

from typing import Any

import pytest

from qidang.accounts.adding import add_department
from qidang.accounts.changing import (
    disable_department,
    disable_person,
    enable_department,
    move_department,
    rename_department,
)
from qidang.accounts.models import Department
from qidang.cast import Cast
from qidang.kit.refusal import Refused
from qidang.ledger import Entry


def test_a_path_is_the_row_of_keys_from_the_top(cast: Cast) -> None:
    unit, sales, east = (cast.department(key) for key in ("qmj", "sales", "sales_east"))
    assert east.path == f"/{unit.pk:04d}/{sales.pk:04d}/{east.pk:04d}/"
    assert (unit.depth, sales.depth, east.depth) == (0, 1, 2)
    assert east.unit == unit and unit.unit == unit
    assert list(Department.objects.units()) == [unit, cast.department("qmz")]


def test_moving_takes_all_below_along_in_one_act(cast: Cast, django_assert_max_num_queries: Any) -> None:
    grand = add_department(name="大客户", parent=cast.department("sales_east"), by=cast.administrator)
    with django_assert_max_num_queries(30):
        move_department(cast.department("sales"), to=cast.department("law"), by=cast.administrator)
    for row in Department.objects.exclude(parent=None):
        assert row.parent is not None
        assert row.path == f"{row.parent.path}{row.pk:04d}/"
    grand.refresh_from_db()
    assert grand.path.startswith(cast.department("law").path)
    entry = Entry.objects.filter(chain="acts").latest("seq")
    assert (entry.act, entry.subjects.get().uid) == ("department.moved", cast.department("sales").uid)


def test_moving_to_another_legal_unit_changes_the_unit_of_all_below(cast: Cast) -> None:
    move_department(cast.department("sales_south"), to=cast.department("qmz"), by=cast.administrator)
    assert Department.objects.get(pk=cast.department("sales_south").pk).unit == cast.department("qmz")


def test_what_cannot_be_moved(cast: Cast) -> None:
    for what, to, code in [
        ("qmj", "qmz", "accounts.unit_stays"),
        ("sales", "sales_east", "accounts.beneath_itself"),
        ("sales", "sales", "accounts.beneath_itself"),
        ("sales", "qmz", "accounts.department_taken"),
    ]:
        with pytest.raises(Refused, match=code):
            move_department(cast.department(what), to=cast.department(to), by=cast.administrator)
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        move_department(cast.department("sales"), to=cast.department("law"), by=cast.manager)


def test_names_and_codes_are_unique_where_they_must_be(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"accounts\.department_taken"):
        add_department(name="销售部", code="XS2", parent=cast.department("qmj"), by=cast.administrator)
    with pytest.raises(Refused, match=r"accounts\.department_taken"):
        add_department(name="市场部", code="xsb", parent=cast.department("qmj"), by=cast.administrator)
    with pytest.raises(Refused, match=r"accounts\.department_taken"):
        add_department(name="另一家公司", code="QMJ", by=cast.administrator)
    assert add_department(name="市场部", code="scb", parent=cast.department("qmz"), by=cast.administrator).code == "SCB"
    add_department(name="无代码一", parent=cast.department("qmz"), by=cast.administrator)
    add_department(name="无代码二", parent=cast.department("qmz"), by=cast.administrator)


@pytest.mark.parametrize("code", ["X-B", "部门", "TOOLONGCODE", "A"])
def test_a_code_is_short_and_of_letters_and_digits(cast: Cast, code: str) -> None:
    with pytest.raises(Refused, match=r"accounts\.malformed"):
        rename_department(cast.department("law"), name="法务部", code=code, by=cast.administrator)


def test_a_department_with_people_or_departments_is_not_disabled(cast: Cast) -> None:
    for key in ("sales", "law"):
        with pytest.raises(Refused, match=r"accounts\.department_in_use"):
            disable_department(cast.department(key), by=cast.administrator)
    disable_person(cast.lawyer, by=cast.administrator)
    disable_department(cast.department("law"), by=cast.administrator)
    with pytest.raises(Refused, match=r"accounts\.department_disabled"):
        add_department(name="诉讼组", parent=cast.department("law"), by=cast.administrator)
    enable_department(cast.department("law"), by=cast.administrator)
    assert Department.objects.active().filter(name="法务部").exists()


def test_who_sees_which_departments(cast: Cast) -> None:
    disable_person(cast.lawyer, by=cast.administrator)
    law = disable_department(cast.department("law"), by=cast.administrator)
    assert law in Department.objects.visible_to(cast.administrator)
    assert law not in Department.objects.visible_to(cast.salesperson)
    assert list(Department.objects.visible_to(cast.outsider)) == [cast.department("it")]
