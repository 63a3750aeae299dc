"""核对的表单: what was read, to be confirmed or put right, beside its evidence."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qidang.accounts.models import Department, User
from qidang.contracts.choices import ContractType, OurRole
from qidang.contracts.from_reading import DATES, MONEY, PLAIN, SURE, Proposal
from qidang.contracts.values import ContractValues, Said
from qidang.intake.models import Batch
from qidang.reading.paper import Extraction, Found
from qidang.web.contracts.forms import CURRENCIES, offer_currency
from qidang.web.fields import AmountField, DayField
from qidang.web.forms import QuietForm
from qidang.web.viewer.sheet import Mark

EVIDENCE = {into: name for name, into in (PLAIN | MONEY | DATES).items()} | {
    "contract_type": "contract_type",
    "currency": "currency",
}
SIDES = ("seller", "buyer", "party_a", "party_b")
NUMBER_CHOICES = [("rule", _("按规则发号")), ("ours", _("用纸上的")), ("theirs", _("是对方的"))]
READ: tuple[str, ...] = ("title", "counterparty_name", "our_role", "contract_type", "number_on_paper", "amount")
READ += ("currency", "signed_on", "in_force_on", "expires_on", "delivery_on", "sign_place")


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A field of the form with what was read for it; ``surety`` is sure, unsure, lacking or nothing to say."""

    field: forms.BoundField
    found: Found | None
    surety: str

    @property
    def is_worked_out(self) -> bool:
        """推算: concluded from other places, so that no words of its own can be shown."""
        return self.found is not None and _is_worked_out(self.found)


class ReviewForm(QuietForm):
    """登记信息."""

    title = forms.CharField(label=_("合同名称"), max_length=300)
    counterparty_name = forms.CharField(label=_("客户/相对方"), max_length=200)
    unit = forms.ModelChoiceField(Department.objects.units().active(), label=_("签约主体"), empty_label="—")
    our_role = forms.ChoiceField(label=_("我方角色"), choices=[("", "—"), *OurRole.choices], required=False)
    contract_type = forms.ChoiceField(label=_("合同类型"), choices=ContractType.choices)
    number_on_paper = forms.CharField(label=_("合同编号"), max_length=128, required=False)
    number_choice = forms.ChoiceField(label=_("编号处理"), choices=NUMBER_CHOICES, widget=forms.RadioSelect)
    amount = AmountField(label=_("含税金额"), words="words-amount")
    currency = forms.ChoiceField(label=_("币种"), choices=CURRENCIES)
    signed_on = DayField(label=_("签订日期"))
    in_force_on = DayField(label=_("生效日期"))
    expires_on = DayField(label=_("到期日期"))
    delivery_on = DayField(label=_("交付日期"))
    sign_place = forms.CharField(label=_("签订地点"), max_length=200, required=False)
    department = forms.ModelChoiceField(Department.objects.none(), label=_("签约部门"), required=False, empty_label="—")
    owner = forms.ModelChoiceField(User.objects.none(), label=_("负责人"), required=False, empty_label="—")
    remarks = forms.CharField(label=_("备注"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self,
        user: User,
        proposal: Proposal | None,
        extraction: Extraction | None,
        data: Any = None,
        *,
        batch: Batch,
        title: str = "",
    ) -> None:
        super().__init__(data, initial=_initial(user, batch, proposal, title))
        offer_currency(self, self.initial["currency"])
        self.proposal = proposal
        self.extraction = extraction or Extraction()
        self.choose("department", Department.objects.open_to(user, "contract.create").active())
        self.choose("owner", User.objects.visible_to(user).active())

    def rows(self) -> Iterator[Row]:
        """Yield each field with its evidence and how sure it is."""
        confidence = self.proposal.confidence if self.proposal else {}
        for field in self:
            known = confidence.get(field.name)
            surety = "" if known is None else "sure" if known >= SURE else "unsure"
            if field.field.required and not self.initial.get(field.name):
                surety = "lacking"
            yield Row(field, self.evidence_of(field.name), surety)

    def evidence_of(self, name: str) -> Found | None:
        """Return what was read for the form's field ``name``."""
        if name == "counterparty_name":
            wanted = self.initial.get(name)
            sides = [self.extraction.fields.get(key) for key in SIDES]
            return next((one for one in sides if one is not None and one.value == wanted), None)
        return self.extraction.fields.get(EVIDENCE.get(name, ""))

    def marks(self) -> list[Mark]:
        """Return the places of all evidence, named by the form's fields; what was worked out stands nowhere."""
        found = [(name, self.evidence_of(name)) for name in self.fields]
        return [
            Mark(one.page, one.start, one.end, one.box, name) for name, one in found if one and not _is_worked_out(one)
        ]

    def values(self) -> ContractValues:
        """Return what is to be registered: what was read, with everything as the person has it now."""
        read = self.proposal.values if self.proposal else ContractValues(title="")
        named = dict(self.cleaned_data)
        choice = named.pop("number_choice")
        number = named.pop("number_on_paper")
        named |= {"number_on_paper": number, "number_is_ours": choice == "ours" and bool(number)}
        if choice == "theirs":
            named["counterparty_number"] = number
        return dataclasses.replace(read, **named)

    def heard(self, values: ContractValues) -> dict[str, Said]:
        """Return the evidence of what the person left as it was read; what this form does not show nobody has seen."""
        return self.proposal.heard(values, looked_at=self.fields) if self.proposal else {}


def _is_worked_out(found: Found) -> bool:
    return found.derived or len(found.raw.strip()) < 2


def _initial(user: User, batch: Batch, proposal: Proposal | None, title: str) -> dict[str, Any]:
    """What stands in the form at first: the contract is for who took it in and the department it came to."""
    keeper, department = batch.keeper or user, batch.department or (batch.keeper or user).department
    initial: dict[str, Any] = {"currency": "CNY", "number_choice": "rule", "title": title}
    initial |= {
        "department": department.pk if department and department.is_active else None,
        "owner": keeper.pk,
        "contract_type": ContractType.OTHER,
    }
    initial["unit"] = department.unit_id if department else None
    if proposal is None:
        return initial
    read = proposal.values
    initial |= {name: value for name in READ if (value := getattr(read, name))}
    if read.unit is not None:
        initial["unit"] = read.unit.pk
    if read.number_on_paper:
        initial["number_choice"] = "ours"
    return initial
