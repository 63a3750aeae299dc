"""台账的行: what a row names (people, departments, types) looked up once and made into a contract's values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from qidang.accounts.models import Department, User
from qidang.contracts.choices import ContractType
from qidang.contracts.models import Company, Contract
from qidang.contracts.values import ContractValues
from qidang.kit.text import fold

from .columns import CellProblem, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

CURRENCIES = {
    "": "CNY",
    "人民币": "CNY",
    "元": "CNY",
    "rmb": "CNY",
    "美元": "USD",
    "欧元": "EUR",
    "港币": "HKD",
    "日元": "JPY",
}


class Lookup:
    """The people, departments and companies that rows may name; a name nobody knows is a problem."""

    def __init__(self, unit: Department | None, by: User) -> None:
        self.unit = unit
        self.by = by
        self.people = _by_name(User.objects.people())
        self.departments = _by_name(Department.objects.all())
        self.ours = {fold(c.name): c for c in Company.objects.ours().select_related("unit")}
        self.types = {fold(str(choice.label)): choice.value for choice in ContractType}
        self.numbers: set[str] = set()

    def unit_of(self, values: dict[str, Value]) -> Department | None:
        """Return the legal unit that the row's own company stands for, else the one chosen for the whole sheet."""
        ours = self.ours.get(fold(_text(values, "our_company")))
        return ours.unit if ours and ours.unit else self.unit

    def problems(
        self, row: int, values: dict[str, Value], headings: Sequence[str], columns: dict[str, int]
    ) -> list[CellProblem]:
        """Return what stands against registering the row: names nobody knows, numbers twice, no legal unit."""
        found = []
        for name, known in (("owner", self.people), ("department", self.departments)):
            text = _text(values, name)
            if text and fold(text) not in known:
                found.append(CellProblem(row, headings[columns[name]], f"intake.{name}_unknown", text))
        number = _text(values, "number")
        unit = self.unit_of(values)
        if unit is None:
            found.append(CellProblem(row, "", "intake.unit_unknown", _text(values, "our_company")))
        elif number and (number in self.numbers or Contract.objects.filter(unit=unit, number=number).exists()):
            found.append(CellProblem(row, headings[columns["number"]], "intake.number_twice", number))
        if number and not found:
            self.numbers.add(number)
        return found

    def contract_values(self, values: dict[str, Value]) -> ContractValues:
        """Return the row as the values of a contract."""
        owner = self.people.get(fold(_text(values, "owner")))
        department = self.departments.get(fold(_text(values, "department")))
        currency = _text(values, "currency")
        return ContractValues(
            title=_text(values, "title"),
            unit=self.unit_of(values),
            department=cast("Department | None", department),
            owner=cast("User | None", owner),
            counterparty_name=_text(values, "counterparty"),
            number_on_paper=_text(values, "number"),
            number_is_ours=True if _text(values, "number") else None,
            counterparty_number=_text(values, "counterparty_number"),
            contract_type=self.types.get(fold(_text(values, "contract_type")), ContractType.OTHER),
            currency=CURRENCIES.get(currency.lower(), currency.upper()[:3]),
            amount=cast("Decimal | None", values.get("amount")),
            signed_on=_day(values, "signed_on"),
            in_force_on=_day(values, "in_force_on"),
            expires_on=_day(values, "expires_on"),
            remarks=_text(values, "remarks"),
        )


def _by_name(rows: Iterable[User] | Iterable[Department]) -> dict[str, User | Department]:
    return {fold(row.name): row for row in rows}


def _text(values: dict[str, Value], name: str) -> str:
    return str(values.get(name, ""))


def _day(values: dict[str, Value], name: str) -> dt.date | None:
    return cast("dt.date | None", values.get(name))
