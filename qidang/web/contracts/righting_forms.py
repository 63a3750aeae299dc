"""Forms of what sets a registration right or keeps it as it is: 保全, 撤销登记, 合并, 移动, 改认."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qidang.contracts.choices import Relation
from qidang.contracts.joining import Difference
from qidang.contracts.models import Company
from qidang.web.contracts.customs import SUGGEST
from qidang.web.contracts.facts import label_of
from qidang.web.forms import QuietForm


class HoldForm(QuietForm):
    """保全: at whose word, and why."""

    holder = forms.CharField(
        label=_("提出人"), max_length=200, help_text=_("例如 法务部、某法院、案号，解除时找得到人")
    )
    why = forms.CharField(label=_("保全原因"), max_length=500, widget=forms.Textarea({"rows": 3}))


class ReleaseForm(QuietForm):
    """解除保全, with the reason."""

    why = forms.CharField(label=_("解除原因"), max_length=500)


class WithdrawalForm(QuietForm):
    """撤销登记: why, and whether what came in for it waits again, where something did."""

    why = forms.CharField(label=pgettext_lazy("登记", "撤销原因"), max_length=500, widget=forms.Textarea({"rows": 3}))
    papers = forms.ChoiceField(
        label=_("收到的文件"),
        choices=[("back", _("退回待登记，重新核对")), ("stay", _("留在这份登记里"))],
        initial="back",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, arrivals: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not arrivals:
            del self.fields["papers"]

    @property
    def papers_back(self) -> bool:
        """Whether the arrivals wait again."""
        return self.cleaned_data.get("papers") == "back"


class MoveForm(QuietForm):
    """移动文件: to which contract, and why."""

    number = forms.CharField(label=_("移到哪份合同"), max_length=128, help_text=_("合同编号、纸面编号或对方编号"))
    why = forms.CharField(label=_("移动原因"), max_length=500)


class RelinkForm(QuietForm):
    """改认公司: which name means which company, and why."""

    name = forms.ChoiceField(label=_("合同上的名称"))
    company = forms.CharField(
        label=_("实际对应的公司"),
        max_length=200,
        help_text=_("公司全称、别名或统一社会信用代码"),
        widget=forms.TextInput(SUGGEST),
    )
    why = forms.CharField(label=_("改认原因"), max_length=500)
    edit_version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, names: Sequence[str], among: QuerySet[Company], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["name"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [(name, name) for name in names]
        self.among = among

    def clean_company(self) -> Company:
        """Return the one company that is meant, among those that the person may see."""
        text = self.cleaned_data["company"].strip()
        found = list((self.among.filter(uscc=text.upper()) | self.among.filter(name=text))[:2])
        found = found or list(self.among.matching(text)[:2])  # type: ignore[attr-defined]
        if not found:
            raise ValidationError(_("没有这家公司，请先在客户中新增，或核对名称"), "unknown")
        if len(found) > 1:
            raise ValidationError(_("有几家公司同名，请改用统一社会信用代码"), "ambiguous")
        company: Company = found[0]
        return company


class RelationForm(QuietForm):
    """关联合同: below which contract, as what, and why."""

    number = forms.CharField(
        label=_("上级合同"), max_length=128, required=False, help_text=_("框架、主合同或销售合同的编号")
    )
    relation = forms.ChoiceField(label=_("这份合同是它的"), choices=Relation)
    why = forms.CharField(label=_("原因"), max_length=500)


class JoinForm(QuietForm):
    """合并登记: in each field that differs which one wins, why, and what the person looked at."""

    why = forms.CharField(label=_("合并原因"), max_length=500)
    kept_version = forms.IntegerField(widget=forms.HiddenInput())
    gone_version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, differences: Sequence[Difference], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [one.name for one in differences]
        for one in differences:
            self.fields[self.choice(one.name)] = forms.ChoiceField(
                label=label_of(one.name),
                choices=[("kept", _("保留的")), ("gone", _("并入的"))],
                initial="gone" if one.is_lacking else "kept",
                widget=forms.RadioSelect,
            )

    @staticmethod
    def choice(name: str) -> str:
        """Return what the choice in a field is called in the form."""
        return f"choice_{name}"

    @property
    def taken(self) -> list[str]:
        """The fields in which the gone one wins."""
        return [name for name in self.names if self.cleaned_data[self.choice(name)] == "gone"]

    @property
    def seen(self) -> tuple[int, int]:
        """The edit versions of both that the person looked at."""
        return self.cleaned_data["kept_version"], self.cleaned_data["gone_version"]
