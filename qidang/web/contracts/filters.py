"""The filter row of the register: the usual ones open, the rest behind 更多."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qidang.accounts.capabilities import may
from qidang.accounts.models import Department, User
from qidang.contracts.choices import GONE, ContractType, FilingStatus, Status
from qidang.contracts.models import CustomField
from qidang.kit.clock import today
from qidang.web.contracts.customs import Asked
from qidang.web.contracts.forms import CURRENCIES
from qidang.web.fields import AmountField, DayField
from qidang.web.forms import QuietForm

BEHIND = (
    *("year", "department", "owner", "unit", "currency", "amount_from", "amount_to", "expires_within"),
    *("filing", "missing_scan", "missing_originals", "kept", "unchecked", "historical", "numbered"),
)
STATUSES = [(status.value, status.label) for status in Status if status not in GONE]
HISTORICAL = [("", _("不限")), ("1", _("历史登记")), ("0", _("不是历史登记"))]
NUMBERED = [("", _("不限")), ("none", _("无编号")), ("paper", _("只有纸面编号")), ("clash", _("编号冲突"))]
WITHIN = [("", _("不限")), ("7", _("7 天内")), ("30", _("30 天内")), ("90", _("90 天内"))]


def _any(word: Any, choices: Any) -> list[tuple[str, Any]]:
    return [("", word), *choices]


def _years() -> list[tuple[str, Any]]:
    now = today().year
    return [("", _("不限")), *((str(year), str(year)) for year in range(now + 1, now - 15, -1))]


class RegisterFilter(QuietForm):
    """What the address of the register can say; ``contracts.register.Filters`` reads the same names."""

    text = forms.CharField(label=_("编号、名称、客户"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("合同状态"), choices=_any(_("全部状态"), STATUSES), required=False)
    contract_type = forms.ChoiceField(
        label=_("合同类型"), choices=_any(_("全部类型"), ContractType.choices), required=False
    )
    signed_from = DayField(label=_("签订自"))
    signed_to = DayField(label=_("签订至"))
    filing = forms.ChoiceField(label=_("归档"), choices=_any(_("不限"), FilingStatus.choices), required=False)
    missing_scan = forms.ChoiceField(label=_("扫描件"), choices=[("", _("不限")), ("1", _("缺扫描件"))], required=False)
    missing_originals = forms.ChoiceField(
        label=pgettext_lazy("纸", "原件"), choices=[("", _("不限")), ("1", _("缺原件"))], required=False
    )
    kept = forms.CharField(label=_("原件位置"), required=False, max_length=100)
    unchecked = forms.ChoiceField(label=_("核对"), choices=[("", _("不限")), ("1", _("未核"))], required=False)
    numbered = forms.ChoiceField(label=_("编号"), choices=NUMBERED, required=False)
    historical = forms.ChoiceField(label=_("历史登记"), choices=HISTORICAL, required=False)
    year = forms.ChoiceField(label=_("年度"), choices=_years, required=False)
    department = forms.ChoiceField(label=_("部门"), required=False)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("承办人"), required=False)
    unit = forms.ChoiceField(label=_("我方主体"), required=False)
    currency = forms.ChoiceField(label=_("币种"), choices=_any(_("不限"), CURRENCIES), required=False)
    amount_from = AmountField(label=_("金额自"))
    amount_to = AmountField(label=_("金额至"))
    expires_within = forms.ChoiceField(label=_("到期"), choices=WITHIN, required=False)

    def __init__(self, *args: Any, by: User, fields: Sequence[CustomField] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customs = Asked(self, fields)
        self.is_more = self.customs.is_asked or any(self.data.get(name) for name in ("more", *BEHIND))
        if may(by, "contract.withdraw"):
            status = self.fields["status"]
            assert isinstance(status, forms.ChoiceField)
            gone = [(one.value, one.label) for one in GONE]
            status.choices = _any(_("全部状态"), [*STATUSES, *gone])
        if self.is_more:
            self._offer(list(Department.objects.visible_to(by)))
            owner = self.fields["owner"]
            assert isinstance(owner, forms.ModelChoiceField)
            owner.queryset = User.objects.visible_to(by).active()

    def _offer(self, departments: list[Department]) -> None:
        """Offer departments in office and all legal units, from one list."""
        offered = {
            "department": [one for one in departments if one.is_active],
            "unit": [one for one in departments if one.parent_id is None],
        }
        for name, among in offered.items():
            chooser = self.fields[name]
            assert isinstance(chooser, forms.ChoiceField)
            chooser.choices = _any("—", [(str(one.pk), one.name) for one in among])
