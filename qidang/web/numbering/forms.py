"""Forms of the number rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qidang.accounts.models import Department, User
from qidang.contracts.choices import ContractType
from qidang.web.fields import DayField
from qidang.web.forms import QuietForm


class RuleForm(QuietForm):
    """新增编号规则."""

    unit = forms.ModelChoiceField(Department.objects.none(), label=_("我方主体"), to_field_name="uid", empty_label=None)
    contract_type = forms.ChoiceField(
        label=_("合同类型"), choices=[("", _("全部类型")), *ContractType.choices], required=False
    )
    pattern = forms.CharField(
        label=_("编号格式"),
        max_length=100,
        initial="{unit}-{type}-{year}-{serial:4}",
        widget=forms.TextInput({"class": "num", "spellcheck": "false"}),
        help_text=_(
            "可用 {unit} 主体代码、{dept} 部门代码、{type} 类型代码、{year} 年、{month} 月、{serial:4} 四位流水"
        ),
    )
    from_on = DayField(label=_("起用日期"), required=True)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("unit", Department.objects.visible_to(by).active().units())


class EndForm(QuietForm):
    """停用编号规则."""

    on = DayField(label=_("最后一天"), required=True)


class VoidNumberForm(QuietForm):
    """编号作废."""

    number = forms.CharField(label=_("编号"), max_length=128)
    why = forms.CharField(label=_("原因"), max_length=500)
