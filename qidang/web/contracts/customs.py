"""自定义字段 on the pages of contracts: in forms, on the contract's page, as columns and filters of the register."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qidang.accounts.models import User
from qidang.contracts.choices import ContractType, FieldKind
from qidang.contracts.custom_filters import EXACT, FROM, RANGED, TO
from qidang.contracts.models import Company, Contract, CustomField
from qidang.contracts.models.custom_fields import PREFIX
from qidang.contracts.models.custom_kinds import Stored, text_of
from qidang.kit.clock import today
from qidang.kit.refusal import Refused
from qidang.web.fields import DayField
from qidang.web.forms import dress
from qidang.web.lists.columns import Column
from qidang.web.templatetags.trade import bare, chip, money

SUGGEST = {
    "list": "companies",
    "autocomplete": "off",
    "hx-get": reverse_lazy("contracts:companies"),
    "hx-trigger": "input delay:200ms",
    "hx-target": "#companies",
}
LONG = 40  # characters: longer ones take the whole width
NUMERIC = (FieldKind.NUMBER, FieldKind.MONEY)


def fields_for(contract: Contract | None = None) -> list[CustomField]:
    """Return the fields that a form offers: all in use for a new contract; those of its type, and what it holds."""
    every = CustomField.objects.all()
    if contract is None:
        return list(every.open(today()))
    day, kind = today(), contract.contract_type
    return [one for one in every if one.key in contract.custom or (one.is_open(day) and one.fits(kind))]


class Customs:
    """The custom fields of one form, checked as their contract will check them."""

    def __init__(self, form: forms.Form, *, by: User, contract: Contract | None = None) -> None:
        self.form, self.contract = form, contract
        self.fields = fields_for(contract)
        is_asked = any(one.kind == FieldKind.PERSON for one in self.fields)
        people = User.objects.visible_to(by).active().select_related("department") if is_asked else ()
        self.people = {str(one.uid): one for one in people}
        for one in self.fields:
            form.fields[one.name] = made = self._made(one)
            dress(made)
            if contract is not None:
                form.initial[one.name] = _started(one, contract)

    def check(self, given: dict[str, Any]) -> None:
        """Say beside each field what is wrong with it."""
        for one in self.fields:
            wrong = self._wrong(one, given)
            if wrong:
                self.form.add_error(one.name, wrong)

    def values(self) -> dict[str, Any]:
        """Return what the form gives for each field, by name; "" where nothing."""
        return {one.name: self._value(one, self.form.cleaned_data) for one in self.fields}

    def sections(self) -> list[tuple[str, list[tuple[forms.BoundField, bool]], str]]:
        """Return (title, [(field, is wide)], type of contract) for each type that has fields."""
        found = []
        for kind in dict.fromkeys(one.contract_type for one in self.fields):
            label = ContractType(kind).label if kind else ""
            title = _("自定义字段（%(type)s）") % {"type": label} if kind else _("自定义字段")
            bound = [(self.form[one.name], False) for one in self.fields if one.contract_type == kind]
            found.append((title, bound, kind))
        return found

    def _made(self, one: CustomField) -> forms.Field:
        made = _control(one, self._choices(one))
        made.is_needed = one.is_required  # type: ignore[attr-defined]  # only for the type of contract that is chosen
        return made

    def _choices(self, one: CustomField) -> list[tuple[str, str]]:
        """What the field offers, and what the contract has, though it is offered no more or out of reach."""
        people = [(uid, person.name) for uid, person in self.people.items()]
        offered = people if one.kind == FieldKind.PERSON else [(word, word) for word in one.options]
        held = _started(one, self.contract)
        if held and held not in dict(offered) and self.contract:
            offered.append((held, text_of(self.contract.custom[one.key])))
        return offered

    def _value(self, one: CustomField, given: dict[str, Any]) -> Any:
        value = given.get(one.name)
        return self.people.get(value, value) if one.kind == FieldKind.PERSON and isinstance(value, str) else value

    def _wrong(self, one: CustomField, given: dict[str, Any]) -> str:
        kind, value = given.get("contract_type", ""), self._value(one, given)
        stands = self.contract is not None and one.key in self.contract.custom
        if value in (None, ""):
            is_needed = one.is_required and one.fits(kind) and one.is_open(today()) and (stands or not self.contract)
            return _("请填写") if is_needed and one.name not in self.form.errors else ""
        if not one.fits(kind) and not stands:
            return _("只用于%(type)s") % {"type": ContractType(one.contract_type).label}
        try:
            one.stored(value, given.get("currency") or "CNY")
        except Refused as refusal:
            return str(refusal.values.get("problem", refusal.message))
        return ""


def _started(one: CustomField, contract: Contract | None) -> str:
    """Return what ``contract`` keeps as its control begins with it."""
    value: Stored | None = contract.custom.get(one.key) if contract else None
    if isinstance(value, bool):
        return "1" if value else "0"
    if one.kind == FieldKind.PERSON and isinstance(value, dict) and value.get("uid"):
        return value["uid"]
    return text_of(value)


def _control(one: CustomField, offered: Iterable[tuple[str, str]]) -> forms.Field:
    named: dict[str, Any] = {"label": one.label, "help_text": one.help_text, "required": False}
    match one.kind:
        case FieldKind.DATE:
            return DayField(**named)
        case FieldKind.CHOICE | FieldKind.PERSON:
            return forms.ChoiceField(choices=[("", "—"), *offered], **named)
        case FieldKind.YES_NO:
            return forms.ChoiceField(choices=[("", "—"), ("1", _("是")), ("0", _("否"))], **named)
        case FieldKind.CUSTOMER:
            return forms.CharField(max_length=200, widget=forms.TextInput(SUGGEST), **named)
        case FieldKind.MONEY | FieldKind.NUMBER:
            attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "num"}
            return forms.CharField(max_length=40, widget=forms.TextInput(attrs), **named)
    return forms.CharField(max_length=1000, **named)


def facts_of(contract: Contract, by: User) -> list[tuple[str, str | SafeString, bool, str]]:
    """Return (label, value, is wide, name) of what the contract keeps, and of what it should.

    A customer leads to its page where the reader may open that; otherwise its name stands as the contract has it.
    """
    fields = [one for one in CustomField.objects.all() if one.key in contract.custom or _is_due(one, contract)]
    uids = [value["uid"] for value in contract.custom.values() if isinstance(value, dict) and value.get("uid")]
    known = {str(uid) for uid in Company.objects.visible_to(by).filter(uid__in=uids).values_list("uid", flat=True)}
    found: list[tuple[str, str | SafeString, bool, str]] = []
    for one in fields:
        value = contract.custom.get(one.key)
        shown = chip("soon", _("必填，未填")) if value is None else _shown(one, value, known)
        found.append((one.label, shown, len(text_of(value)) > LONG, one.name))
    return found


def custom_labels(names: Iterable[str]) -> dict[str, str]:
    """Return the labels of the custom fields among ``names``, by name."""
    uids = [name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)]
    return {one.name: one.label for one in CustomField.objects.filter(uid__in=uids)} if uids else {}


def _is_due(one: CustomField, contract: Contract) -> bool:
    return one.is_required and one.is_open(today()) and one.fits(contract.contract_type)


def _shown(one: CustomField, value: Stored, known: Iterable[str] = ()) -> str | SafeString:
    if isinstance(value, dict) and one.kind == FieldKind.CUSTOMER and value["uid"] in known:
        return format_html('<a href="{}">{}</a>', reverse("companies:show", args=[value["uid"]]), value["name"])
    if isinstance(value, dict) and "amount" in value:
        return money(Decimal(value["amount"]), value["currency"])
    return bare(Decimal(text_of(value))) if one.kind == FieldKind.NUMBER else text_of(value)


def columns(fields: Sequence[CustomField]) -> list[Column]:
    """Return a column for each field; two of one name are told apart by their types of contract."""
    labels = [one.label for one in fields]
    return [_column(one, is_alone=labels.count(one.label) == 1) for one in fields]


def _column(one: CustomField, *, is_alone: bool) -> Column:
    label = one.label if is_alone else f"{one.label}（{one.get_contract_type_display() or _('全部类型')}）"
    classes = "right num tight extra" if one.kind in NUMERIC else "clip-narrow clip extra"
    return Column(one.name, label, _cell(one), _words(one), classes, one.name)


def _words(one: CustomField) -> Callable[[Contract], str]:
    def words(contract: Contract) -> str:
        value = contract.custom.get(one.key)
        return "" if value is None else str(_shown(one, value))

    return words


def _cell(one: CustomField) -> Callable[[Contract], Any]:
    """Return what Excel gets: numbers and days as such; an amount in another currency than its contract's as text."""

    def cell(contract: Contract) -> Any:
        value = contract.custom.get(one.key)
        if value is None or isinstance(value, bool):
            return text_of(value)
        if isinstance(value, dict):
            return Decimal(value["amount"]) if value.get("currency") == contract.currency else text_of(value)
        if one.kind == FieldKind.NUMBER:
            return Decimal(value)
        return dt.date.fromisoformat(value) if one.kind == FieldKind.DATE else value

    return cell


class Asked:
    """The custom fields in the filter row: those of the chosen type and of all types, and those that are asked for."""

    def __init__(self, form: forms.Form, fields: Sequence[CustomField]) -> None:
        self.form, kind = form, form.data.get("contract_type", "")
        asked = {name.removesuffix(FROM).removesuffix(TO) for name, value in form.data.items() if value}
        self.is_asked = any(one.name in asked for one in fields)
        self.fields = [one for one in fields if one.name in asked or (one.is_open(today()) and one.fits(kind))]
        for one in self.fields:
            for end, made in _filters(one):
                form.fields[one.name + end] = made
                dress(made)

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return (label, the field or both ends of its span)."""
        return [(one.label, [self.form[one.name + end] for end, _made in _filters(one)]) for one in self.fields]


def _filters(one: CustomField) -> list[tuple[str, forms.Field]]:
    if one.kind in RANGED:
        from_, to = pgettext("筛选", "%(field)s自"), pgettext("筛选", "%(field)s至")
        return [
            (end, forms.CharField(label=word % {"field": one.label}, required=False, max_length=40))
            for end, word in ((FROM, from_), (TO, to))
        ]
    if one.kind in EXACT:
        yes_no = [("1", _("是")), ("0", _("否"))]
        choices = yes_no if one.kind == FieldKind.YES_NO else [(word, word) for word in one.options]
        return [("", forms.ChoiceField(label=one.label, choices=[("", _("不限")), *choices], required=False))]
    return [("", forms.CharField(label=one.label, required=False, max_length=100))]
