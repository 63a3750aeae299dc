"""Forms of companies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qidang.accounts.models import Department, User
from qidang.contracts.choices import NameKind
from qidang.contracts.models.contacts import LONGEST_NOTE
from qidang.kit.clock import today
from qidang.web.fields import DayField
from qidang.web.forms import QuietForm


def _years() -> list[tuple[str, Any]]:
    now = today().year
    return [("", _("全部年度")), *((str(year), str(year)) for year in range(now + 1, now - 20, -1))]


class CustomerFilter(QuietForm):
    """What the address of the list of companies can say; ``contracts.customers`` reads the same names."""

    q = forms.CharField(label=_("名称、代码或电话"), required=False, max_length=100)
    uscc = forms.ChoiceField(
        label=_("信用代码"),
        choices=[("", _("信用代码不限")), ("missing", _("缺信用代码")), ("failed", _("信用代码校验不符"))],
        required=False,
    )
    erp = forms.ChoiceField(
        label=_("ERP 代码"),
        choices=[("", _("ERP 代码不限")), ("with", _("有 ERP 代码")), ("without", _("没有 ERP 代码"))],
        required=False,
    )
    open = forms.ChoiceField(label=_("往来"), choices=[("", _("合同不限")), ("1", _("有未结合同"))], required=False)
    year = forms.ChoiceField(label=_("合同年度"), choices=_years, required=False)

    @property
    def is_more(self) -> bool:
        """Whether what stands behind 更多 is open."""
        return any(self.data.get(name) for name in ("more", "erp", "year"))


class CompanyForm(QuietForm):
    """客户或我方签约主体."""

    name = forms.CharField(label=_("名称"), max_length=200)
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
    code = forms.CharField(label=_("代码"), max_length=32, required=False)
    address = forms.CharField(label=_("地址"), max_length=300, required=False)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
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

    APART = ("edit_version", "renamed_on", "why")
    edit_version = forms.IntegerField(widget=forms.HiddenInput())
    renamed_on = DayField(label=_("更名日期"), help_text=_("公司确实更名时填写，原名称留作曾用名；只是改正错字则不填"))
    why = forms.CharField(label=_("修改原因"), max_length=300, required=False)

    def changes(self) -> dict[str, Any]:
        """Return the fields that the person changed, by name."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name not in self.APART}


class AliasDaysForm(QuietForm):
    """名称的类别与起止: what is not known stays open."""

    kind = forms.ChoiceField(label=_("类别"), choices=NameKind.choices, initial=NameKind.ALIAS, required=False)
    from_on = DayField(label=_("起用日期"))
    until_on = DayField(label=_("停用日期"), help_text=_("停用后只用来认出旧合同"))
    why = forms.CharField(label=_("修改原因"), max_length=300, required=False)

    def clean_kind(self) -> str:
        """What is not said is an alias."""
        return self.cleaned_data["kind"] or str(NameKind.ALIAS)


class AliasForm(AliasDaysForm):
    """新增别名、曾用名、简称."""

    why = None  # type: ignore[assignment]
    name = forms.CharField(label=_("名称"), max_length=200)
    field_order = ("name", "kind", "from_on", "until_on")


class CodeForm(QuietForm):
    """外部系统代码."""

    system = forms.CharField(label=_("系统"), max_length=32, help_text=_("如 ERP、CRM、金税"))
    code = forms.CharField(label=_("代码"), max_length=64)


class ContactForm(QuietForm):
    """联系人."""

    name = forms.CharField(label=_("姓名"), max_length=64)
    title = forms.CharField(label=_("职务"), max_length=64, required=False)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False, help_text=_("加密保存，可按完整号码查找"))
    email = forms.EmailField(label=_("邮箱"), max_length=128, required=False)
    remarks = forms.CharField(label=_("备注"), max_length=300, required=False)


class EditContactForm(ContactForm):
    """修改联系人: with the version that the person saw."""

    edit_version = forms.IntegerField(widget=forms.HiddenInput())


class MergeForm(QuietForm):
    """合并: where both have a code, and not the same one, a reason and the gone one's code once more."""

    why = forms.CharField(label=_("合并原因"), max_length=300, required=False)
    uscc_again = forms.CharField(
        label=_("重新输入被并入公司的信用代码"),
        max_length=32,
        required=False,
        help_text=_("请对照它的营业执照逐字输入"),
    )

    def __init__(self, *args: Any, second_look: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("why", "uscc_again"):
            self.fields[name].required = second_look
        if not second_look:
            del self.fields["uscc_again"]


class UndoingForm(QuietForm):
    """撤销合并: the reason."""

    why = forms.CharField(label=_("撤销原因"), max_length=300)


class NoteForm(QuietForm):
    """备注."""

    text = forms.CharField(label=_("备注"), max_length=LONGEST_NOTE, widget=forms.Textarea({"rows": 3}))


class EditNoteForm(NoteForm):
    """修改备注: with the version that the person saw."""

    edit_version = forms.IntegerField(widget=forms.HiddenInput())


class RemovalForm(QuietForm):
    """移除: the reason."""

    why = forms.CharField(label=_("移除原因"), max_length=300)
