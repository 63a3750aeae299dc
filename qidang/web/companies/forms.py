"""Forms of companies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qidang.accounts.models import Department, User
from qidang.web.forms import QuietForm


class CompanyForm(QuietForm):
    """客户或我方签约主体."""

    name = forms.CharField(label=_("名称"), max_length=200)
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
    code = forms.CharField(label=_("代码"), max_length=32, required=False)
    address = forms.CharField(label=_("地址"), max_length=300, required=False)
    is_ours = forms.BooleanField(label=_("我方签约主体"), required=False)
    unit = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("法人单位"),
        to_field_name="uid",
        required=False,
        help_text=_("仅我方主体填写"),
    )
    remarks = forms.CharField(label=_("备注"), required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("unit", Department.objects.visible_to(by).active().units())


class EditCompanyForm(CompanyForm):
    """修改: with the version that the person saw, and the reason."""

    edit_version = forms.IntegerField(widget=forms.HiddenInput())
    why = forms.CharField(label=_("修改原因"), max_length=300, required=False)

    def changes(self) -> dict[str, Any]:
        """Return the fields that the person changed, by name."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name not in ("edit_version", "why")}


class AliasForm(QuietForm):
    """别名."""

    name = forms.CharField(label=_("别名"), max_length=200)
