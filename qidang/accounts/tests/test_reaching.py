"""数据范围: how far a person's capabilities reach."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from qidang.accounts.adding import add_role
from qidang.accounts.capabilities import may, require
from qidang.accounts.changing import disable_person, give_roles, move_department
from qidang.accounts.models import Department, Role, User
from qidang.accounts.scopes import reach
from qidang.cast import Cast
from qidang.kit.refusal import Refused


@dataclass
class Paper:
    """Something with an owner and a department, as a contract is."""

    owner: User
    department: Department

    @property
    def owner_id(self) -> int | None:
        return self.owner.pk

    @property
    def department_id(self) -> int | None:
        return self.department.pk


@pytest.fixture
def east(cast: Cast) -> Paper:
    """A paper of the salesperson, in the eastern group."""
    return Paper(cast.salesperson, cast.department("sales_east"))


def test_a_salesperson_reaches_his_own_and_no_colleagues(cast: Cast, east: Paper) -> None:
    assert may(cast.salesperson, "contract.read", east)
    assert not may(cast.colleague, "contract.read", east)
    assert not may(cast.rival, "contract.read", east)


def test_a_manager_reaches_his_department_and_those_below_but_not_another_unit(cast: Cast, east: Paper) -> None:
    assert may(cast.manager, "contract.edit", east)
    assert not may(cast.manager, "contract.edit", Paper(cast.suzhou, cast.department("sales_suzhou")))


def test_department_scope_stops_at_the_department(cast: Cast, east: Paper) -> None:
    viewer = Role.objects.get(slug="viewer")
    give_roles(cast.outsider, [viewer], by=cast.administrator)
    assert not may(cast.outsider, "contract.read", east)
    assert may(cast.outsider, "contract.read", Paper(cast.salesperson, cast.department("it")))


def test_an_archivist_reaches_everything(cast: Cast, east: Paper) -> None:
    assert may(cast.archivist, "record.file", east)
    assert reach(cast.archivist, "record.file").everything


def test_an_outsider_reaches_nothing_and_is_refused_with_the_name_of_the_right(cast: Cast, east: Paper) -> None:
    assert not may(cast.outsider, "contract.read")
    with pytest.raises(Refused, match="查看合同") as refusal:
        require(cast.outsider, "contract.read", east)
    assert refusal.value.code == "accounts.not_allowed"


def test_the_anonymous_and_the_disabled_reach_nothing(cast: Cast) -> None:
    assert not may(AnonymousUser(), "contract.read")
    disable_person(cast.archivist, by=cast.administrator)
    assert not may(cast.archivist, "contract.read")
    assert cast.archivist.capabilities == []


def test_service_people_may_do_everything(db: None) -> None:
    assert reach(User.objects.system(), "record.file").everything
    assert User.objects.cli().username.startswith("cli:")
    assert User.objects.cli() == User.objects.cli()


def test_several_roles_add_up(cast: Cast, east: Paper) -> None:
    viewer = Role.objects.get(slug="viewer")
    salesperson = Role.objects.get(slug="salesperson")
    give_roles(cast.colleague, [viewer, salesperson], by=cast.administrator)
    assert may(cast.colleague, "contract.read", east)
    assert not may(cast.colleague, "contract.edit", east)


def test_a_narrow_role_does_not_widen_what_another_gives(cast: Cast, east: Paper) -> None:
    role = add_role(
        slug="printer", name_zh="打印", name_en="Printer", capabilities=["contract.print"], scope="ALL",
        by=cast.administrator,
    )  # fmt: skip
    give_roles(cast.outsider, [role, Role.objects.get(slug="salesperson")], by=cast.administrator)
    assert may(cast.outsider, "contract.print", east)
    assert not may(cast.outsider, "contract.read", east)


def test_reach_takes_one_query_and_then_none(cast: Cast, django_assert_num_queries: Any) -> None:
    manager = User.objects.get(pk=cast.manager.pk)
    with django_assert_num_queries(1):
        reach(manager, "contract.read")
        reach(manager, "record.file")
        assert manager.holds("contract.edit")


def test_the_condition_finds_the_same_as_the_question(cast: Cast) -> None:
    for person in cast.people.values():
        condition = reach(person, "contract.read").condition(owner="pk", department="department")
        found = set(User.objects.people().filter(condition))
        asked = {
            other
            for other in cast.people.values()
            if other.department and may(person, "contract.read", Paper(other, other.department))
        }
        assert found == asked, person


def test_reach_follows_a_department_that_moves(cast: Cast, east: Paper) -> None:
    move_department(cast.department("sales_east"), to=cast.department("qmz"), by=cast.administrator)
    assert not may(cast.manager, "contract.read", Paper(cast.colleague, cast.department("sales_east")))
