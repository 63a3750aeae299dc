"""Forms of the custom fields: a new one, and what can be changed of one that there is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qidang.contracts.choices import ContractType, FieldKind
from qidang.web.fields import DayField
from qidang.web.forms import QuietForm


class FieldForm(QuietForm):
    """修改字段."""

    label = forms.CharField(label=_("字段名称"), max_length=40)
    options = forms.CharField(
        label=pgettext_lazy("复数", "选项"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("只用于选项类型，每行一个"),
        max_length=4000,
    )
    help_text = forms.CharField(label=_("填写说明"), max_length=200, required=False)
    is_required = forms.BooleanField(
        label=_("必填"), required=False, help_text=_("手工登记时必须填；台账和识读带进来的可以以后补")
    )
    position = forms.IntegerField(label=_("顺序"), min_value=0, max_value=999, initial=10, help_text=_("小的在前"))
    active_from = DayField(label=_("起用日期"), required=True)

    def clean_options(self) -> list[str]:
        """Return the options, a line each."""
        lines: str = self.cleaned_data["options"]
        return [line.strip() for line in lines.splitlines() if line.strip()]


class NewFieldForm(FieldForm):
    """新增字段: its type of contract and its kind are chosen once."""

    contract_type = forms.ChoiceField(
        label=_("合同类型"), choices=[("", _("全部类型")), *ContractType.choices], required=False
    )
    kind = forms.ChoiceField(label=_("字段类型"), choices=FieldKind, help_text=_("以后不能改"))
    field_order = ("contract_type", "label", "kind", "options", "help_text", "is_required", "position", "active_from")


def initial_of(field: Any) -> dict[str, Any]:
    """Return what the form shows of ``field``."""
    named = {name: getattr(field, name) for name in ("label", "help_text", "is_required", "position", "active_from")}
    return named | {"options": "\n".join(field.options)}
