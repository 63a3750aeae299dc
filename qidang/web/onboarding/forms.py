"""Forms and filters of 导入项目."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qidang.accounts.capabilities import may
from qidang.accounts.models import Department, User
from qidang.intake.columns import LABELS
from qidang.intake.comparing import INTO
from qidang.intake.models import (
    DifferenceState,
    MatchClash,
    MatchState,
    MatchSure,
    MatchWay,
    Project,
    Winner,
)
from qidang.intake.models.arrival import State
from qidang.kit.text import fold
from qidang.web.forms import QuietForm, dress


class ProjectForm(QuietForm):
    """A project to be begun."""

    name = forms.CharField(label=_("项目名称"), max_length=120)
    unit = forms.ModelChoiceField(
        Department.objects.units().active(),
        label=_("签约主体"),
        required=False,
        empty_label="—",
        help_text=_("表里没有写我方主体的行归它"),
    )
    department = forms.ModelChoiceField(Department.objects.none(), label=_("归属部门"), required=False, empty_label="—")
    is_historical = forms.BooleanField(label=_("历史合同：签订与审批在本系统之前"), required=False)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["placeholder"] = _("例如 2015–2024 历史合同")
        if not may(user, "contract.enter_history"):
            del self.fields["is_historical"]
        field, unit = self.fields["department"], self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.initial = Department.objects.visible_to(user).active(), user.department_id
        unit.initial = user.department.unit_id if user.department else None


class HourField(forms.TimeField):
    """An hour of the day, 20:00; the browser's own control."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), required=False, **kwargs)


class SettingsForm(QuietForm):
    """谁说了算 by column, and the hours of reading."""

    reads_from = HourField(label=_("识读时段，从"))
    reads_until = HourField(label=_("到"))

    def __init__(self, project: Project, data: Any = None) -> None:
        hours = {"reads_from": project.reads_from, "reads_until": project.reads_until}
        super().__init__(data, initial=hours)
        for name in INTO:
            field = forms.ChoiceField(
                label=str(LABELS[name]), choices=Winner.choices, required=False, initial=project.winner(name)
            )
            dress(field)
            self.fields[f"wins_{name}"] = field

    @property
    def columns(self) -> list[forms.BoundField]:
        """The choices by column."""
        return [self[f"wins_{name}"] for name in INTO]

    def values(self) -> dict[str, Any]:
        """Return what ``projects.arrange`` takes."""
        cleaned = self.cleaned_data
        wins = {name: cleaned[f"wins_{name}"] for name in INTO if cleaned[f"wins_{name}"]}
        hours: dict[str, dt.time | None] = {name: cleaned[name] for name in ("reads_from", "reads_until")}
        return {"wins": wins, **hours}


class LedgerForm(QuietForm):
    """One more ledger."""

    file = forms.FileField(label=_("台账文件（.xlsx .xls .csv）"))


class FolderForm(QuietForm):
    """One more folder of the server."""

    path = forms.CharField(
        label=_("服务器上的文件夹"), max_length=500, help_text=_("例如 /mnt/合同扫描；文件留在原处，只读不动")
    )


def _choices(everything: Any, among: Any) -> list[tuple[str, Any]]:
    return [("", everything), *among.choices]


class Filter(QuietForm):
    """What all filters share: words, and how they narrow."""

    q = forms.CharField(label=_("查找"), required=False, max_length=100, widget=forms.TextInput({"type": "search"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = _("文件、编号、客户")

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that the filters let through."""
        wanted = self.cleaned_data
        for name in self.fields:
            if name != "q" and wanted[name]:
                rows = rows.filter(**{name: wanted[name]})
        return rows.filter(self.about(wanted["q"].strip())) if wanted["q"].strip() else rows

    def about(self, words: str) -> Q:
        """Return the condition for rows in which the words stand."""
        raise NotImplementedError


class MatchFilter(Filter):
    """Matches: where they stand, how sure, by what, what speaks against them."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=_choices(_("全部状态"), MatchState))
    sure = forms.ChoiceField(label=_("把握"), required=False, choices=_choices(_("全部把握"), MatchSure))
    way = forms.ChoiceField(label=_("依据"), required=False, choices=_choices(_("全部依据"), MatchWay))
    clashes__contains = forms.ChoiceField(label=_("疑点"), required=False, choices=_choices(_("有无疑点"), MatchClash))

    def about(self, words: str) -> Q:
        """File names and paths, numbers and customers of rows."""
        key = fold(words)
        rows = Q(row__number_key__contains=key) | Q(row__counterparty_key__contains=key)
        return Q(arrival__filename__icontains=words) | Q(arrival__path__icontains=words) | rows


class RowFilter(Filter):
    """Rows of the ledger without a scan."""

    def about(self, words: str) -> Q:
        """Numbers and customers."""
        return Q(number_key__contains=fold(words)) | Q(counterparty_key__contains=fold(words))


class FileFilter(Filter):
    """Files without a row."""

    STATES = (State.WAITING, State.READING, State.TO_REVIEW, State.DUPLICATE, State.REFUSED)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), *((one.value, one.label) for one in STATES)]
    )

    def about(self, words: str) -> Q:
        """Names, paths, what was read."""
        found = Q(filename__icontains=words) | Q(path__icontains=words)
        return found | Q(title__icontains=words) | Q(number_read__icontains=words)


class DifferenceFilter(Filter):
    """Differences: which field, what became of them."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=_choices(_("全部状态"), DifferenceState))
    field = forms.ChoiceField(
        label=_("栏目"), required=False, choices=lambda: [("", _("全部栏目")), *((name, LABELS[name]) for name in INTO)]
    )

    def about(self, words: str) -> Q:
        """Both values, the file, the row's number."""
        found = Q(in_sheet__icontains=words) | Q(in_paper__icontains=words)
        return found | Q(match__arrival__filename__icontains=words) | Q(match__row__number_key__contains=fold(words))


class DrawForm(QuietForm):
    """抽样: by formula, or with a size that is given."""

    expected = forms.FloatField(label=_("预计差错率（%）"), min_value=0.1, max_value=50, initial=2)
    margin = forms.FloatField(label=_("允许误差（±%）"), min_value=0.1, max_value=20, initial=2)
    limit = forms.FloatField(label=_("差错率上限（%）"), min_value=0, max_value=50, initial=2)
    size = forms.IntegerField(
        label=_("样本量"), required=False, min_value=1, max_value=100_000, help_text=_("不填就按公式算")
    )
    seed = forms.IntegerField(
        label=_("随机种子"), required=False, min_value=0, max_value=2**31 - 1, help_text=_("不填就随机取，都会留存")
    )

    def values(self) -> dict[str, Any]:
        """Return what ``sampling.draw`` takes: shares instead of percentages."""
        cleaned = self.cleaned_data
        shares = {name: cleaned[name] / 100 for name in ("expected", "margin", "limit")}
        return {**shares, "size": cleaned["size"], "seed": cleaned["seed"]}
