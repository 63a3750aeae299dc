"""Forms of 归档 and 撤销归档."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qidang.holdings.models import RetentionRule
from qidang.web.forms import QuietForm


def _rules() -> list[tuple[str, Any]]:
    return [(rule.code, f"{rule} ({rule.code})") for rule in RetentionRule.objects.filter(is_active=True)]


class FilingForm(QuietForm):
    """归档: what goes into the 档号."""

    year = forms.IntegerField(
        label=_("年度"), min_value=1949, max_value=2200, widget=forms.NumberInput({"class": "num"})
    )
    retention = forms.ChoiceField(label=_("保管期限"), choices=_rules)
    org = forms.CharField(
        label=_("机构"), max_length=3, required=False, help_text=_("承办部门的三位代码，没有可以不填")
    )


class UnfilingForm(QuietForm):
    """撤销归档: two people and a reason."""

    why = forms.CharField(label=_("撤销原因"), max_length=500, widget=forms.Textarea({"rows": 3}))
    second = forms.CharField(
        label=_("第二人用户名"),
        max_length=150,
        help_text=_("另一位有撤销权限的人在此确认"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("第二人密码"), max_length=256, strip=False, widget=forms.PasswordInput({"autocomplete": "off"})
    )
