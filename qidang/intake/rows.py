"""台账的行: what a row names (people, departments, types) looked up once and made into a contract's values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext

from qidang.contracts.choices import ContractType, PastState
from qidang.contracts.models import Company, CustomField
from qidang.contracts.models.custom_fields import is_custom
from qidang.contracts.values import ContractValues, PastValues
from qidang.kit.clock import today
from qidang.kit.refusal import Refused
from qidang.kit.text import fold

from .columns import COUNTS, CellProblem, Value
from .names import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qidang.accounts.models import Department, User
    from qidang.contracts.models.custom_kinds import Stored

    from .models import SheetImport

CURRENCIES = {
    "": "CNY",
    "人民币": "CNY",
    "人民币元": "CNY",
    "元": "CNY",
    "rmb": "CNY",
    "美元": "USD",
    "欧元": "EUR",
    "港币": "HKD",
    "港元": "HKD",
    "日元": "JPY",
    "英镑": "GBP",
}
STATES = {  # how registers name the state of a contract
    PastState.IN_FORCE: (
        "履行中",
        "执行中",
        "在履行",
        "正在履行",
        "进行中",
        "有效",
        "生效",
        "已生效",
        "active",
        "in force",
    ),
    PastState.CLOSED: (
        *("已完结", "完结", "已完成", "完成", "履行完毕", "已履行完毕", "执行完毕", "已结束", "结束", "已关闭", "关闭"),
        *("已结清", "completed", "closed", "done"),
    ),
    PastState.EXPIRED: ("已到期", "到期", "过期", "已过期", "expired"),
    PastState.TERMINATED: ("已终止", "终止", "提前终止", "解除", "已解除", "终止履行", "terminated"),
}
STATE_OF = {fold(word): state.value for state, words in STATES.items() for word in words}
CONTRACT_FIELDS = {  # what a column of the sheet is called in a contract
    "title": "title",
    "counterparty": "counterparty_name",
    "contract_type": "contract_type",
    "amount": "amount",
    "amount_excl_tax": "amount_excl_tax",
    "currency": "currency",
    "signed_on": "signed_on",
    "in_force_on": "in_force_on",
    "expires_on": "expires_on",
    "department": "department",
    "owner": "owner",
    "counterparty_number": "counterparty_number",
    "old_reference": "old_reference",
    "project_number": "project_number",
    "order_number": "order_number",
    **{name: name for name in ("originals", "duplicates", "originals_back", "original_holder", "place", "binder")},
    "remarks": "remarks",
    "number": "number_on_paper",
}
KEPT = {"title", "counterparty", "contract_type", "currency", "department", "owner", "number"}  # never emptied by a row


class Lookup:
    """The people, departments and companies that the rows of a sheet may name."""

    def __init__(self, sheet: SheetImport, by: User) -> None:
        self.unit = sheet.unit
        self.by = by
        self.filename, self.is_historical = sheet.filename, sheet.is_historical
        self.names = Names(sheet, by)
        self.ours = {fold(c.name): c for c in Company.objects.ours().select_related("unit")}
        self.types = {fold(str(choice.label)): choice.value for choice in ContractType}
        self.types |= {fold(choice.value.removesuffix("合同")): choice.value for choice in ContractType}
        is_asked = any(is_custom(name) for name in sheet.columns)
        self.customs = {one.name: one for one in CustomField.objects.open(today())} if is_asked else {}

    def unit_of(self, values: dict[str, Value]) -> Department | None:
        """Return the legal unit that the row's own company stands for, else the one chosen for the whole sheet."""
        ours = self.ours.get(fold(_text(values, "our_company")))
        return ours.unit if ours and ours.unit else self.unit

    def problems(self, row: int, values: dict[str, Value]) -> list[CellProblem]:
        """Return what stands against registering the row: no legal unit."""
        if self.unit_of(values) is None:
            return [CellProblem(row, "", "intake.unit_unknown", _text(values, "our_company"))]
        return []

    def remarks(
        self, row: int, values: dict[str, Value], headings: Sequence[str], columns: dict[str, int]
    ) -> list[CellProblem]:
        """Return what a person should know of the row though it can be registered: names nobody knows."""
        unit, said = self.unit_of(values), []
        for name, known in (("owner", self.names.person), ("department", self.names.department)):
            text = _text(values, name)
            if text and unit is not None and known(text, unit) is None:
                said.append(CellProblem(row, headings[columns[name]], f"intake.{name}_unmapped", text[:80]))
        kind = _text(values, "contract_type")
        if kind and fold(kind) not in self.types:
            said.append(CellProblem(row, headings[columns["contract_type"]], "intake.type_unknown", kind[:80]))
        state = _text(values, "state")
        if state and self.is_historical and fold(state) not in STATE_OF:
            said.append(CellProblem(row, headings[columns["state"]], "intake.state_unknown", state[:80]))
        fitting = self.custom_values(values)
        for name in [name for name in values if is_custom(name) and name not in fitting]:
            said.append(CellProblem(row, headings[columns[name]], "intake.custom_unfit", _text(values, name)[:80]))
        return said

    def custom_values(self, values: dict[str, Value]) -> dict[str, Stored]:
        """Return by name what the row says for custom fields; what a field cannot be stays a cell of the row."""
        found: dict[str, Stored] = {}
        for name in [name for name in values if name in self.customs]:
            field = self.customs[name]
            try:
                value = field.stored(_text(values, name), self.currency_of(values))
            except Refused:
                continue
            if value is not None and field.fits(self.type_of(values)):
                found[name] = value
        return found

    def type_of(self, values: dict[str, Value]) -> str:
        """Return the type of contract that the row names."""
        return self.types.get(fold(_text(values, "contract_type")), ContractType.OTHER)

    def currency_of(self, values: dict[str, Value]) -> str:
        """Return the currency that the row names."""
        currency = _text(values, "currency")
        return CURRENCIES.get(currency.lower(), currency.upper()[:3])

    def past(self, row: int, values: dict[str, Value]) -> PastValues | None:
        """历史登记: return what the row says of a past contract, with the row as its voucher; None where none are."""
        if not self.is_historical:
            return None
        voucher = gettext("台账「%(file)s」第 %(row)d 行") % {"file": self.filename[:200], "row": row}
        why = gettext("历史合同随台账导入")
        return PastValues(state=STATE_OF.get(fold(_text(values, "state")), ""), voucher=voucher, why=why)

    def contract_values(self, values: dict[str, Value]) -> ContractValues:
        """Return the row as the values of a contract; whom nobody knows the keeper stands in for (see ``Names``)."""
        unit = self.unit_of(values)
        owner, department = self.names.belonging(_text(values, "owner"), _text(values, "department"), unit)
        return ContractValues(
            title=_text(values, "title") or title_for(values),
            unit=unit,
            department=department,
            owner=owner,
            counterparty_name=_text(values, "counterparty"),
            number_on_paper=_text(values, "number"),
            number_is_ours=True if _text(values, "number") else None,
            counterparty_number=_text(values, "counterparty_number"),
            contract_type=self.type_of(values),
            currency=self.currency_of(values),
            amount=cast("Decimal | None", values.get("amount")),
            amount_excl_tax=cast("Decimal | None", values.get("amount_excl_tax")),
            signed_on=_day(values, "signed_on"),
            in_force_on=_day(values, "in_force_on"),
            expires_on=_day(values, "expires_on"),
            old_reference=_text(values, "old_reference"),
            project_number=_text(values, "project_number"),
            order_number=_text(values, "order_number"),
            originals=_count(values, "originals"),
            duplicates=_count(values, "duplicates"),
            originals_back=_count(values, "originals_back"),
            original_holder=_text(values, "original_holder"),
            place=_text(values, "place"),
            binder=_text(values, "binder"),
            remarks=_text(values, "remarks"),
            custom=self.custom_values(values),
        )


def title_for(values: dict[str, Value]) -> str:
    """Return what a contract without a name is called: by its customer and number, which is all that is known."""
    return " ".join(part for part in (_text(values, "counterparty"), _text(values, "number"), "合同") if part)[:300]


def typed(values: dict[str, str]) -> dict[str, Value]:
    """Return the values of a row as they were before they were written down (see ``LedgerRow.values``)."""
    found: dict[str, Value] = {}
    for name, text in values.items():
        if name in ("signed_on", "in_force_on", "expires_on"):
            found[name] = dt.date.fromisoformat(text)
        elif name in COUNTS:
            found[name] = int(text)
        else:
            found[name] = Decimal(text) if name in ("amount", "amount_excl_tax") else text
    return found


def _text(values: dict[str, Value], name: str) -> str:
    return str(values.get(name, ""))


def _day(values: dict[str, Value], name: str) -> dt.date | None:
    return cast("dt.date | None", values.get(name))


def _count(values: dict[str, Value], name: str) -> int | None:
    return cast("int | None", values.get(name))
