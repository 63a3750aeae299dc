"""清除的表单: why, what else goes with it, and whether the name goes too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qidang.accounts.capabilities import may
from qidang.intake.copies import copies
from qidang.intake.models import Arrival, State
from qidang.web.forms import QuietForm

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.contracts.models import Version

MEMBERS = 50


class ClearingForm(QuietForm):
    """误传清除."""

    why = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("写清怎么传错的，例如“工资表误传”；不要抄写里面的内容"),
    )
    also = forms.MultipleChoiceField(
        label=gettext_lazy("一并清除"), required=False, widget=forms.CheckboxSelectMultiple
    )
    name = forms.BooleanField(
        label=gettext_lazy("文件名也清除"),
        required=False,
        help_text=gettext_lazy("文件名本身说出了内容时选它；操作日志里收件时的名称改不了"),
    )

    def __init__(self, user: User, main: Arrival | Version, *args: Any, **kwargs: Any) -> None:
        self.things: dict[str, Arrival | Version] = {}
        initial: list[str] = []
        self.held = copies(main.blob.sha256, user)
        labels = dict(self._choices(user, main, initial))
        super().__init__(*args, initial={"also": initial}, **kwargs)
        if labels:
            self.fields["also"].choices = list(labels.items())  # type: ignore[attr-defined]
        else:
            del self.fields["also"]

    def _choices(self, user: User, main: Arrival | Version, initial: list[str]) -> list[tuple[str, str]]:
        """Return the copies that the person could clear, those that hold the very bytes chosen beforehand."""
        found = []
        for one in (*self.held.arrivals, *self.held.around):
            if one != main:
                words = _("里面含有它的「%(name)s」") if one in self.held.around else _("同样的文件「%(name)s」")
                found.append(self._choice(one, words, initial))
        for version in self.held.versions:
            if version != main and may(user, "contract.edit", version.document.contract):
                found.append(self._choice(version, _("合同里的文件「%(name)s」"), initial))
        if isinstance(main, Arrival):
            members = Arrival.objects.visible_to(user).filter(parent=main).exclude(state=State.CLEARED)
            for one in members.select_related("batch", "blob")[:MEMBERS]:
                found.append(self._choice(one, _("里面的「%(name)s」（已另存一份）"), []))
        return found

    def _choice(self, one: Arrival | Version, words: str, initial: list[str]) -> tuple[str, str]:
        key = f"{one.ledger_kind}:{one.uid}"
        self.things[key] = one
        initial.append(key)
        return key, words % {"name": one.filename}

    @property
    def others(self) -> list[Arrival | Version]:
        """The copies that were chosen."""
        return [self.things[key] for key in self.cleaned_data.get("also", ())]

    @property
    def hides_name(self) -> bool:
        """Whether the name goes too."""
        return bool(self.cleaned_data["name"])
