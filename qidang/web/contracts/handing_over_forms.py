"""Forms of the hand-over of originals (移交原件)."""

import base64
import binascii
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qidang.contracts.originals import LARGEST_SIGNATURE, is_signature
from qidang.web.fields import CountField, DayField
from qidang.web.forms import QuietForm

HEAD = "data:image/png;base64,"


class HandoverForm(QuietForm):
    """移交原件: how many, from whom to whom, when, why; the receiver signs or confirms."""

    count = CountField(label=_("份数"), required=True, min_value=1)
    comes_back = forms.TypedChoiceField(
        label=_("哪一种交接"),
        choices=[("", _("我方内部移交或交出")), ("1", _("对方交回，计入已收回份数"))],
        coerce=bool,
        empty_value="",
        required=False,
        widget=forms.RadioSelect,
    )
    giver = forms.CharField(label=_("移交人"), max_length=64)
    receiver = forms.CharField(label=_("接收人"), max_length=64)
    on = DayField(label=_("交接日期"), required=True)
    place = forms.CharField(label=_("交接后的存放位置"), max_length=200, required=False, help_text=_("不填就不变"))
    why = forms.CharField(label=_("事由"), max_length=500, help_text=_("例如 归档、盖章、开标、对方盖章寄回"))
    is_confirmed = forms.BooleanField(label=_("接收人当面核对份数并确认接收（不在页面上签字时勾选）"), required=False)
    signature = forms.CharField(required=False, widget=forms.HiddenInput(), max_length=LARGEST_SIGNATURE * 4 // 3 + 64)

    def clean_signature(self) -> bytes:
        """Return the picture that the page drew; nothing where nobody signed."""
        text = self.cleaned_data["signature"]
        if not text:
            return b""
        try:
            picture = base64.b64decode(text.removeprefix(HEAD), validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError(_("签名图像无法使用，请清除后重签"), "signature") from error
        if not text.startswith(HEAD) or not is_signature(picture):
            raise ValidationError(_("签名图像无法使用，请清除后重签"), "signature")
        return picture

    def clean(self) -> dict[str, Any]:
        """Ask for the receiver's signature or confirmation."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("signature") and not given.get("is_confirmed") and "signature" not in self.errors:
            self.add_error("is_confirmed", _("请接收人签字，或勾选当面确认"))
        given["comes_back"] = bool(given.get("comes_back"))
        return given


class SlipForm(QuietForm):
    """补附签收单: the scanned paper."""

    file = forms.FileField(label=_("签收单"), help_text=_("扫描件或照片"))
