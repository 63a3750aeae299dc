"""设置自定义字段: a field is defined for a type of contract, put right, closed and opened again; never deleted."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from qidang.accounts.capabilities import require
from qidang.accounts.models import User
from qidang.contracts.choices import FieldKind
from qidang.contracts.models import CustomField
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import record

MOST = 40  # open fields of one type: a form and the filters of the register hold no more
LONGEST_OPTION = 60
CHANGEABLE = ("label", "options", "help_text", "is_required", "position", "active_from")


@transaction.atomic
def define(
    *,
    by: User,
    label: str,
    kind: str,
    contract_type: str = "",
    options: Sequence[str] = (),
    help_text: str = "",
    is_required: bool = False,
    position: int = 10,
    active_from: dt.date | None = None,
) -> CustomField:
    """新增字段 for one type of contract, or for all (""); contracts registered before simply lack it."""
    require(by, "numbering.edit")
    field = CustomField(contract_type=contract_type, label=label.strip(), kind=kind, options=list(options))
    field.help_text, field.is_required, field.position = help_text.strip(), is_required, position
    field.active_from = active_from or clock.today()
    field.defined_by, field.defined_at = by, clock.now()
    if CustomField.objects.filter(contract_type=contract_type, closed_at__isnull=True).count() >= MOST:
        raise Refused("custom_field.too_many", count=MOST)
    _keep(field)
    record("custom_field.defined", field, by=by, details={"kind": kind, "contract_type": contract_type})
    return field


@transaction.atomic
def change(field: CustomField, changes: Mapping[str, Any], *, by: User) -> CustomField:
    """修改字段: its name, its options, help, order, whether it is required. Kind and type of contract stay.

    What contracts hold already stays as it is, though an option it chose is offered no more.
    """
    require(by, "numbering.edit")
    held = CustomField.objects.select_for_update().get(pk=field.pk)
    changed = sorted(name for name in CHANGEABLE if name in changes and changes[name] != getattr(held, name))
    for name in changed:
        setattr(held, name, changes[name])
    if changed:
        _keep(held)
        record("custom_field.changed", held, by=by, details={"fields": changed})
    return held


@transaction.atomic
def close(field: CustomField, *, by: User) -> CustomField:
    """停用字段: no new values; what contracts hold is still shown, found and exported."""
    require(by, "numbering.edit")
    held = CustomField.objects.select_for_update().get(pk=field.pk)
    if held.closed_at is not None:
        raise Refused("custom_field.closed", field=held.label)
    held.closed_by, held.closed_at = by, clock.now()
    held.save(update_fields=["closed_by", "closed_at"])
    record("custom_field.closed", held, by=by)
    return held


@transaction.atomic
def reopen(field: CustomField, *, by: User) -> CustomField:
    """恢复使用 of a closed field; refused while another one bears its name."""
    require(by, "numbering.edit")
    held = CustomField.objects.select_for_update().get(pk=field.pk)
    if held.closed_at is None:
        raise Refused("custom_field.open", field=held.label)
    held.closed_by = held.closed_at = None
    _keep(held)
    record("custom_field.reopened", held, by=by)
    return held


def _keep(field: CustomField) -> None:
    """Write the field, checked: it has a name that no other open one of its type bears, a choice has options."""
    if not field.label:
        raise Refused("custom_field.nameless")
    if field.kind not in FieldKind.values:
        raise Refused("contract.bad_value", field=field.label, problem=field.kind)
    words = [word.strip()[:LONGEST_OPTION] for word in field.options]
    field.options = list(dict.fromkeys(word for word in words if word)) if field.kind == FieldKind.CHOICE else []
    if field.kind == FieldKind.CHOICE and len(field.options) < 2:
        raise Refused("custom_field.without_options", field=field.label)
    try:
        with transaction.atomic():
            field.save()
    except IntegrityError as error:
        raise Refused("custom_field.name_taken", field=field.label) from error
