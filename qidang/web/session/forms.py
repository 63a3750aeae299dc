"""Forms of signing in and of one's own password."""

from django import forms
from django.utils.translation import gettext_lazy as _

from qidang.web.forms import QuietForm


class SignInForm(QuietForm):
    """登录."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class PasswordForm(QuietForm):
    """修改密码."""

    old = forms.CharField(
        label=_("旧密码"), max_length=256, strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新密码"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("至少 10 个字符，含大小写字母、数字、符号中的三类；16 个字符以上不限。"),
    )
    again = forms.CharField(
        label=_("再输一遍新密码"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """Refuse a second writing that differs."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("两次输入的新密码不一样"), "differs")
        return again
