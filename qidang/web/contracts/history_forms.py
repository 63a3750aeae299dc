"""Forms of 补登历史合同."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qidang.contracts.choices import PastState
from qidang.contracts.models import Contract, Document
from qidang.web.fields import DayField
from qidang.web.forms import QuietForm


class ManyHistoryForm(QuietForm):
    """批量补登历史合同: one voucher and reason for all, each contract's state by its dates or one for all."""

    state = forms.ChoiceField(
        label=_("补登状态"),
        choices=[("", _("按日期（已过到期日的为已到期，其余为履行中）")), *PastState.choices],
        required=False,
    )
    since_on = DayField(label=_("自何日起"), help_text=_("不清楚可以不填"))
    voucher = forms.CharField(
        label=_("凭证"), max_length=300, help_text=_("依据哪份文件；纸质的写存放处，例如 2016 年合同台账，档案室 A3 柜")
    )
    why = forms.CharField(label=_("补登原因"), max_length=500, widget=forms.Textarea({"rows": 2}))


class HistoryForm(ManyHistoryForm):
    """补登历史合同; one of its own papers can be the voucher."""

    document = forms.ModelChoiceField(
        Document.objects.none(), label=_("本合同的文件作凭证"), required=False, empty_label="—"
    )
    field_order = ("state", "since_on", "document", "voucher", "why")

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser, voucher = self.fields["document"], self.fields["voucher"]
        assert isinstance(chooser, forms.ModelChoiceField)
        chooser.queryset = contract.documents.all()
        voucher.required = False

    def clean(self) -> dict[str, Any]:
        """One of the two vouches."""
        given = super().clean() or self.cleaned_data
        if not given.get("voucher") and not given.get("document"):
            self.add_error("voucher", _("请选本合同的一份文件，或写明依据哪份文件"))
        return given


class TakeBackForm(QuietForm):
    """撤销补登, with the reason."""

    why = forms.CharField(label=_("撤销原因"), max_length=500)
