"""Forms of what sets a registration right or keeps it as it is: 保全 and its release."""

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
