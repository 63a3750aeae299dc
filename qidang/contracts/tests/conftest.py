"""A small company to test contracts with: one legal unit, two sales departments and a team, and who works there."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest

from qidang.accounts.models import Department, Role, User
from qidang.contracts.models import Company, Contract
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues, PaperIn
from qidang.vault.models import Blob

ROLES = {
    "lin": ("林晓", "salesperson", "east"),
    "zhou": ("周远", "salesperson", "team"),
    "he": ("何敏", "sales_manager", "east"),
    "tang": ("唐立", "viewer", "south"),
    "gu": ("顾衡", "lawyer", "unit"),
    "shen": ("沈归", "archivist", "unit"),
    "wei": ("卫外", "", "south"),
}


@dataclass
class House:
    """The departments and people by short names."""

    departments: dict[str, Department]
    people: dict[str, User]

    @property
    def unit(self) -> Department:
        """The legal unit."""
        return self.departments["unit"]


def build_house() -> House:
    """Make the departments and people."""
    unit = _department("云麓精工（杭州）有限公司", "YL", None)
    east = _department("华东销售部", "HD", unit)
    departments = {
        "unit": unit,
        "east": east,
        "team": _department("宁波组", "NB", east),
        "south": _department("华南销售部", "HN", unit),
    }
    people = {key: _person(key, *facts, departments) for key, facts in ROLES.items()}
    return House(departments, people)


def _department(name: str, code: str, parent: Department | None) -> Department:
    department = Department.objects.create(name=name, code=code, parent=parent)
    department.settle()
    return department


def _person(key: str, name: str, role: str, place: str, departments: dict[str, Department]) -> User:
    user = User(username=key, name=name, department=departments[place])
    user.set_unusable_password()
    user.save()
    user.roles.set(Role.objects.filter(slug=role))
    return user


@pytest.fixture
def house(db: None) -> House:
    """The company and its people."""
    return build_house()


@pytest.fixture
def lin(house: House) -> User:
    """A salesperson of 华东销售部, who reaches her own contracts."""
    return house.people["lin"]


@pytest.fixture
def shen(house: House) -> User:
    """The archivist, who reaches everything."""
    return house.people["shen"]


def values(house: House, **changes: object) -> ContractValues:
    """Return the values of an everyday contract, with ``changes``."""
    usual: dict[str, object] = {
        "title": "数控车床买卖合同",
        "unit": house.unit,
        "counterparty_name": "苏州澄湖机电有限公司",
        "contract_type": "买卖合同",
        "our_role": "SELLER",
        "amount": Decimal("128000.00"),
        "signed_on": dt.date(2026, 3, 5),
    }
    return ContractValues(**(usual | changes))  # type: ignore[arg-type]


Registrar = Callable[..., Contract]


@pytest.fixture
def registered(house: House) -> Registrar:
    """Register an everyday contract, with changes, by 林晓 unless ``by`` says otherwise."""

    def make(*, by: str = "lin", paper: PaperIn | None = None, **changes: object) -> Contract:
        return register(values(house, **changes), by=house.people[by], paper=paper)

    return make


@pytest.fixture
def a_paper(db: None) -> Callable[..., PaperIn]:
    """A file whose bytes the vault knows by name only; what versions are about needs no more."""

    def make(digit: str = "a", filename: str = "合同.pdf", **changes: object) -> PaperIn:
        blob, _ = Blob.objects.get_or_create(sha256=digit * 64, defaults={"size": 1000})
        return PaperIn(blob=blob, filename=filename, **changes)  # type: ignore[arg-type]

    return make


@pytest.fixture
def our_company(house: House, shen: User) -> Company:
    """Our own signing entity."""
    return Company.add(name="云麓精工（杭州）有限公司", is_ours=True, unit=house.unit, by=shen)
