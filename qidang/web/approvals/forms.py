"""Forms of approvals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from qidang.accounts.models import Role, User
from qidang.approvals.models import Request
from qidang.approvals.plan import Condition, Rule, Step, Target, Who
from qidang.contracts.choices import ContractType
from qidang.web.fields import AmountField, DayField
from qidang.web.forms import QuietForm, dress

RULES = (
    (Rule.ALL, _("会签（全部同意）")),
    (Rule.ANY, _("或签（一人同意）")),
    (Rule.RATIO, _("会签（按比例）")),
    (Rule.IN_TURN, _("依次审批")),
)
ACTS = (
    ("agree", _("同意")),
    ("back", _("驳回")),
    ("hand_on", _("转办")),
    ("add_before", _("前加签")),
    ("add_after", _("同意并后加签")),
)
NEED_PEOPLE = ("hand_on", "add_before", "add_after")
START = "start"


class SubmissionForm(QuietForm):
    """提交审批."""

    remark = forms.CharField(label=_("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class DecisionForm(QuietForm):
    """审批意见 and what follows from it."""

    act = forms.ChoiceField(label=_("处理"), choices=ACTS, initial="agree", widget=forms.RadioSelect)
    opinion = forms.CharField(
        label=_("意见"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    to = forms.ChoiceField(label=_("驳回到"), required=False)
    people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("转办或加签给"), to_field_name="uid", required=False
    )

    def __init__(self, *args: Any, approval: Request, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier = [(str(n), f"{n + 1} {step.name}") for n, step in enumerate(approval.steps) if n < approval.step]
        self.fields["to"].choices = [(START, _("提交人")), *earlier]  # type: ignore[attr-defined]
        self.fields["people"].queryset = User.objects.visible_to(by).active().exclude(pk=by.pk)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse what lacks a person or a reason."""
        given: dict[str, Any] = super().clean() or {}
        act, people = given.get("act"), list(given.get("people") or [])
        if act in NEED_PEOPLE and not people:
            self.add_error("people", _("请选择人员"))
        if act == "hand_on" and len(people) > 1:
            self.add_error("people", _("只能转办给一人"))
        if act == "back" and not given.get("opinion"):
            self.add_error("opinion", _("驳回须写明原因"))
        return given


class PeopleForm(QuietForm):
    """抄送."""

    people = forms.ModelMultipleChoiceField(User.objects.none(), label=_("抄送给"), to_field_name="uid")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = User.objects.visible_to(by).active().exclude(pk=by.pk)  # type: ignore[attr-defined]


class DeputyForm(QuietForm):
    """代理."""

    deputy = forms.ModelChoiceField(User.objects.none(), label=_("代理人"), to_field_name="uid")
    from_on = DayField(label=_("起始日期"), required=True)
    to_on = DayField(label=_("截止日期"), required=True)
    why = forms.CharField(label=_("原因"), max_length=200, required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = User.objects.visible_to(by).active().exclude(pk=by.pk)  # type: ignore[attr-defined]


class RouteForm(QuietForm):
    """流程: for which contracts, and who owns it."""

    name = forms.CharField(label=_("名称"), max_length=100)
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("流程负责人"), to_field_name="uid", help_text=_("找不到审批人时由其审批")
    )
    types = forms.MultipleChoiceField(
        label=_("合同类型"), choices=ContractType.choices, required=False, help_text=_("不选为全部类型")
    )
    at_least = AmountField(label=_("金额从"), help_text=_("人民币，含"))
    below = AmountField(label=_("金额到"), help_text=_("人民币，不含"))

    def __init__(self, *args: Any, by: User, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.visible_to(by).active()  # type: ignore[attr-defined]
        self.fields["name"].disabled = not is_new

    def condition(self) -> Condition:
        """Return the condition of the whole route."""
        given = self.cleaned_data
        return Condition(tuple(given["types"]), at_least=_said(given["at_least"]), below=_said(given["below"]))


class StepForm(QuietForm):
    """步骤: whom it asks, how many must agree, from which amount on."""

    name = forms.CharField(label=_("步骤名称"), max_length=60)
    people = forms.ModelMultipleChoiceField(User.objects.none(), label=_("人员"), to_field_name="uid", required=False)
    roles = forms.ModelMultipleChoiceField(Role.objects.all(), label=_("角色"), to_field_name="uid", required=False)
    manager = forms.IntegerField(label=_("承办人的第几级上级"), min_value=1, max_value=10, required=False)
    head = forms.BooleanField(label=_("承办部门负责人"), required=False)
    rule = forms.ChoiceField(label=_("多人时"), choices=RULES)
    ratio = forms.IntegerField(label=_("同意比例 %"), min_value=1, max_value=100, initial=100, required=False)
    at_least = AmountField(label=_("金额达到才需要"), help_text=_("人民币，空为总是需要"))
    needs_opinion = forms.BooleanField(label=_("必须写意见"), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = User.objects.visible_to(by).active()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a step that asks nobody."""
        given: dict[str, Any] = super().clean() or {}
        if not any(given.get(name) for name in ("people", "roles", "manager", "head")):
            self.add_error("people", _("请选择这一步由谁审批"))
        return given

    def step(self) -> Step:
        """Return the step."""
        given = self.cleaned_data
        targets = [Target(Who.PERSON, str(one.uid)) for one in given["people"]]
        targets += [Target(Who.ROLE, str(one.uid)) for one in given["roles"]]
        targets += [Target(Who.MANAGER, str(given["manager"]))] if given["manager"] else []
        targets += [Target(Who.HEAD)] if given["head"] else []
        return Step(
            name=given["name"].strip(),
            targets=tuple(targets),
            rule=Rule(given["rule"]),
            ratio=given["ratio"] or 100,
            needs_opinion=given["needs_opinion"],
            condition=Condition(at_least=_said(given["at_least"])),
        )


def shown(step: Step) -> dict[str, Any]:
    """Return a step as the initial values of its form."""
    by: dict[Who, list[str]] = {}
    for target in step.targets:
        by.setdefault(target.who, []).append(target.value)
    return {
        "name": step.name,
        "people": by.get(Who.PERSON, []),
        "roles": by.get(Who.ROLE, []),
        "manager": int(by[Who.MANAGER][0]) if Who.MANAGER in by else None,
        "head": Who.HEAD in by,
        "rule": step.rule,
        "ratio": step.ratio,
        "at_least": amount(step.condition.at_least),
        "needs_opinion": step.needs_opinion,
    }


class StepRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """步骤 in order; an empty row at the end is no step."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Dress what a set of forms adds."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("删除这一步")
        form.fields["ORDER"].label = _("次序")
        dress(form.fields["ORDER"])

    def steps(self) -> list[Step]:
        """Return the steps as they stand in order."""
        kept = [form for form in self.ordered_forms if form.has_changed() or form.initial]
        return [form.step() for form in kept]


Steps = formset_factory(StepForm, formset=StepRows, extra=1, can_order=True, can_delete=True, max_num=30)


def _said(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount)


def amount(said: str) -> Decimal | None:
    """Return the amount of a condition; None where it has none."""
    return Decimal(said) if said else None
