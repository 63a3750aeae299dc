"""自定义字段: what a company keeps of its contracts besides the fields that every contract has.

Values stand in ``Contract.custom``, by the field's uid, whole and exact: the page, the rows of the register, exports
and the index read them with the contract's own row, without a query more. ``CustomValue`` repeats one key of each
value, for filters and sorts only: these need an index for each field, which a JSON column has on neither database. Keys
are text that sorts as the values do, so that one index serves every kind; they follow from the values and can be made
anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qidang.contracts.choices import ContractType, FieldKind
from qidang.contracts.models.custom_kinds import Stored, key_of, stored_as, text_of
from qidang.contracts.models.revisions import Change
from qidang.kit import rows
from qidang.kit.ids import Identified, parse_uid
from qidang.kit.refusal import Refused

if TYPE_CHECKING:
    from qidang.contracts.models.contract import Contract

PREFIX = "custom-"  # before the uid, wherever fields go by names: forms, addresses, revisions, sources, ledger sheets


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    """Custom fields."""

    def open(self, on: dt.date) -> CustomFieldQuerySet:
        """在用: the fields that new values may be given for on that day."""
        return self.filter(closed_at__isnull=True, active_from__lte=on)

    def named(self, names: Iterable[str]) -> dict[str, CustomField]:
        """Return the fields of these names, by name; refuses one that there is not."""
        uids = {name: parse_uid(name.removeprefix(PREFIX)) for name in names}
        found = {one.name: one for one in self.filter(uid__in=[uid for uid in uids.values() if uid])}
        unknown = next((name for name in uids if name not in found), None)
        if unknown is not None:
            raise Refused("contract.no_such_field", field=unknown)
        return found


class CustomField(Identified):
    """自定义字段 of one type of contract, or of all ("")."""

    ledger_kind = "custom_field"

    contract_type = models.CharField(_("合同类型"), max_length=16, choices=ContractType, blank=True)
    label = models.CharField(_("字段名称"), max_length=40)
    kind = models.CharField(_("字段类型"), max_length=10, choices=FieldKind)
    options = models.JSONField(pgettext_lazy("复数", "选项"), default=list, blank=True)
    help_text = models.CharField(_("填写说明"), max_length=200, blank=True)
    is_required = models.BooleanField(_("必填"), default=False)
    position = models.PositiveSmallIntegerField(_("顺序"), default=10)
    active_from = models.DateField(_("起用日期"))
    defined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    defined_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        ordering = ["contract_type", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract_type", "label"], condition=Q(closed_at__isnull=True), name="custom_field_once_by_name"
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True, closed_at__isnull=True)
                | Q(closed_by__isnull=False, closed_at__isnull=False),
                name="custom_field_closed_by_somebody_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def name(self) -> str:
        """What the field is called where fields go by names."""
        return f"{PREFIX}{self.uid}"

    @property
    def key(self) -> str:
        """What its value is called in ``Contract.custom``."""
        return str(self.uid)

    def is_open(self, on: dt.date) -> bool:
        """Whether new values may be given on that day."""
        return self.closed_at is None and self.active_from <= on

    def fits(self, contract_type: str) -> bool:
        """Whether contracts of that type have this field."""
        return self.contract_type in ("", contract_type)

    def stored(self, value: Any, currency: str) -> Stored | None:
        """Return ``value`` as contracts keep it, None where it is empty; refuses ``contract.bad_value``.

        ``value`` may be typed, or written as people write it. An amount that names no currency is in ``currency``.
        """
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            return stored_as(self.kind, value, currency=currency, options=self.options)
        except ValueError as error:
            raise Refused("contract.bad_value", field=self.label, problem=str(error)) from error


class CustomValue(models.Model):
    """The key by which the register filters and sorts by a value; the value itself stands in the contract."""

    contract = models.ForeignKey(
        "contracts.Contract", on_delete=models.PROTECT, related_name="custom_values", db_index=False
    )
    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="values_kept", db_index=False)
    key = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "field"], name="custom_value_once_per_field")]
        indexes = [models.Index(fields=["field", "key", "contract"], name="custom_value_by_key")]

    def __str__(self) -> str:
        return self.key


def is_custom(name: str) -> bool:
    """Whether this is the name of a custom field."""
    return name.startswith(PREFIX)


def custom_label(name: str) -> str:
    """Return the label of the custom field of that name; the name itself where there is none."""
    uid = parse_uid(name.removeprefix(PREFIX))
    found = CustomField.objects.filter(uid=uid).first() if uid else None
    return found.label if found else name


def custom_of(contract: Contract, name: str) -> Stored | None:
    """Return what ``contract`` keeps under the custom field of that name."""
    value: Stored | None = contract.custom.get(name.removeprefix(PREFIX))
    return value


def checked_values(given: Mapping[str, Any], contract: Contract, on: dt.date) -> dict[str, Stored]:
    """Return what was ``given`` by name as a new contract keeps it; refuses what is not for its type, or closed."""
    found: dict[str, Stored] = {}
    for name, field in (CustomField.objects.named(given) if given else {}).items():
        value = field.stored(given[name], contract.currency)
        if value is not None:
            _refuse_unfit(field, contract, on)
            found[field.key] = value
    return found


def refuse_incomplete(contract: Contract, on: dt.date) -> None:
    """Refuse a contract that a person registers without what its type requires."""
    required = CustomField.objects.open(on).filter(is_required=True, contract_type__in=("", contract.contract_type))
    absent = [field for field in required if field.key not in contract.custom]
    if absent:
        labels = gettext("、").join(field.label for field in absent)
        raise Refused("contract.lacking", fields=labels, names=[field.name for field in absent])


def set_custom(contract: Contract, name: str, value: Any, on: dt.date) -> Change | None:
    """Put ``value`` into ``contract``, inside its edit; return the change, None where it is none.

    A required value cannot be taken away; a closed field takes corrections of what stands, nothing new.
    """
    field = CustomField.objects.named([name])[name]
    old, new = contract.custom.get(field.key), field.stored(value, contract.currency)
    if old == new:
        return None
    if new is None and field.is_required and field.is_open(on) and field.fits(contract.contract_type):
        raise Refused("contract.lacking", fields=field.label, names=[name])
    if old is None:
        _refuse_unfit(field, contract, on)
    kept = {key: one for key, one in contract.custom.items() if key != field.key}
    contract.custom = kept if new is None else kept | {field.key: new}
    return Change(text_of(old), text_of(new), old is not None)


def lay_keys(contracts: Sequence[Contract]) -> None:
    """Write the keys of what ``contracts``, which have none yet, keep in custom fields."""
    keys = {key for contract in contracts for key in contract.custom}
    if keys:
        fields = {one.key: one for one in CustomField.objects.filter(uid__in=keys)}
        rows.insert_all([_value(one, fields[key]) for one in contracts for key in one.custom if key in fields])


def lay_keys_anew(contract: Contract, names: Collection[str]) -> None:
    """Write the keys of these custom fields, which an edit changed."""
    if names:
        fields = CustomField.objects.named(names).values()
        CustomValue.objects.filter(contract=contract, field__in=fields).delete()
        rows.insert_all([_value(contract, field) for field in fields if field.key in contract.custom])


def _value(contract: Contract, field: CustomField) -> CustomValue:
    return CustomValue(contract=contract, field=field, key=key_of(field.kind, contract.custom[field.key]))


def _refuse_unfit(field: CustomField, contract: Contract, on: dt.date) -> None:
    if not field.fits(contract.contract_type):
        raise Refused("custom_field.other_type", field=field.label, type=field.get_contract_type_display())
    if not field.is_open(on):
        raise Refused("custom_field.closed", field=field.label)
