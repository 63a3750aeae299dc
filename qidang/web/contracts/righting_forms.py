"""Forms of what sets a registration right or keeps it as it is: 保全, 撤销登记."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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

    why = forms.CharField(label=_("撤销原因"), max_length=500, widget=forms.Textarea({"rows": 3}))
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
