"""Forms of the archive."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qidang.holdings.models import Record, RetentionRule
from qidang.kit.clock import today
from qidang.web.forms import QuietForm


def _years() -> list[tuple[str, Any]]:
    now = today().year
    return [("", _("全部年度")), *((str(year), str(year)) for year in range(now, now - 20, -1))]


def _rules() -> list[tuple[str, Any]]:
    return [("", _("全部期限")), *((rule.code, str(rule)) for rule in RetentionRule.objects.all())]


class RecordFilter(QuietForm):
    """档案库的筛选."""

    q = forms.CharField(label=_("档号、题名、文号"), required=False, max_length=100)
    year = forms.ChoiceField(label=_("年度"), choices=_years, required=False)
    retention = forms.ChoiceField(label=_("保管期限"), required=False)
    state = forms.ChoiceField(
        label=_("状态"), choices=[("", _("在馆")), ("cancelled", _("已撤销")), ("all", _("全部状态"))], required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = self.fields["retention"]
        assert isinstance(rules, forms.ChoiceField)
        rules.choices = _rules()  # once: a callable would ask the database at every look

    def narrow(self, records: QuerySet[Record]) -> QuerySet[Record]:
        """Return the records that the cleaned filters let through."""
        wanted = self.cleaned_data
        found = Q()
        if words := wanted["q"]:
            found &= Q(reference__icontains=words) | Q(title__icontains=words) | Q(document_number__icontains=words)
        if wanted["year"]:
            found &= Q(year=int(wanted["year"]))
        if wanted["retention"]:
            found &= Q(retention__code=wanted["retention"])
        if wanted["state"] != "all":
            found &= Q(is_cancelled=wanted["state"] == "cancelled")
        return records.filter(found)


class RetentionForm(QuietForm):
    """新增保管期限."""

    years = forms.IntegerField(label=_("年数"), min_value=1, max_value=99)
    name_zh = forms.CharField(label=_("中文名称"), max_length=40, required=False)
    name_en = forms.CharField(label=_("英文名称"), max_length=40, required=False)


class RetentionChangeForm(QuietForm):
    """修改保管期限."""

    name_zh = forms.CharField(label=_("中文名称"), max_length=40)
    name_en = forms.CharField(label=_("英文名称"), max_length=40)
    is_active = forms.BooleanField(label=_("可选用"), required=False)


class ManyForm(QuietForm):
    """批量归档: year and 机构 are each contract's own; the retention is one for all."""

    retention = forms.ChoiceField(label=_("保管期限"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = self.fields["retention"]
        assert isinstance(rules, forms.ChoiceField)
        rules.choices = [(rule.code, f"{rule} ({rule.code})") for rule in RetentionRule.objects.filter(is_active=True)]
