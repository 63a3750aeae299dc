"""字段快照: what a contract says in some fields, to compare two of them and to put it back as it was."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext

from qidang.accounts.models import User
from qidang.contracts.choices import Relation
from qidang.contracts.models import Contract, CustomField, FieldSource, Revision, terms
from qidang.contracts.models.custom_fields import PREFIX, custom_of, is_custom, lay_keys_anew
from qidang.contracts.models.custom_kinds import text_of
from qidang.contracts.models.revisions import written
from qidang.contracts.models.terms import ROWS
from qidang.contracts.values import InstalmentValues, LineItemValues, PartyValues
from qidang.kit import clock

VALUES: dict[str, Any] = {"parties": PartyValues, "line_items": LineItemValues, "instalments": InstalmentValues}
LINKS = ("company_id", "counterparty")  # follow the merge of companies, not what was written


def same(one: Contract, other: Contract, names: Iterable[str]) -> bool:
    """Return whether both say the same in these fields."""
    return all(_bare(one, name) == _bare(other, name) for name in names)


def says(contract: Contract, names: Iterable[str]) -> bool:
    """Return whether the contract says anything in one of these fields."""
    return any(_raw(contract, name) not in (None, "", []) for name in names)


def value_of(contract: Contract, name: str) -> Any:
    """Return a field as ``Contract.edit`` takes it."""
    if name not in ROWS:
        return getattr(contract, name)
    kind = VALUES[name]
    rows = ROWS[name]._default_manager.filter(contract=contract).order_by("no")
    return tuple(kind(**{field: getattr(row, field) for field in kind.__dataclass_fields__}) for row in rows)


def in_words(contract: Contract, name: str, user: User) -> str:
    """Return a field as a revision writes it; of the relation what it is to which contract, where ``user`` may see."""
    if name in ROWS:
        return terms.in_words(list(ROWS[name]._default_manager.filter(contract=contract).order_by("no")))
    if name == "relation" and contract.parent_id:
        seen = Contract.objects.visible_to(user).filter(pk=contract.parent_id).first()
        return f"{Relation(contract.relation).label} {seen or ''}".strip()
    return _written(contract, name)


def labels(names: Iterable[str]) -> str:
    """Return the names of fields as people read them."""
    return gettext("、").join(Contract.label_of(name) for name in names)


def customs_of(one: Contract, other: Contract) -> list[str]:
    """Return the names of the custom fields in which one of them says anything, in the order of the form."""
    keys = {*one.custom, *other.custom}
    return [field.name for field in CustomField.objects.filter(uid__in=keys)] if keys else []


def take_customs(contract: Contract, other: Contract, names: Collection[str], *, by: User, why: str) -> None:
    """Write what ``other`` keeps in these custom fields, inside an act that locked the contract."""
    _lay_fields(contract, {name: custom_of(other, name) for name in names}, by=by, why=why)


def taken_of(contract: Contract, names: Collection[str]) -> str:
    """Return what the contract says in these fields, and who said so, as JSON."""
    sources = contract.field_sources.filter(field__in=names)
    kept = {"fields": {name: _raw(contract, name) for name in names}, "sources": [_row(one) for one in sources]}
    return json.dumps(kept, ensure_ascii=False, default=str)


def put_back(contract: Contract, snapshot: str, *, by: User, why: str) -> None:
    """Set the fields of a snapshot as they were, with their revisions; inside an act that locked the contract."""
    kept = json.loads(snapshot)
    _lay_fields(contract, kept["fields"], by=by, why=why)
    _lay_sources(contract, list(kept["fields"]), kept["sources"])


def take_sources(contract: Contract, other: Contract, names: Collection[str], documents: Collection[int]) -> None:
    """Let the sources of these fields be as ``other`` tells them; evidence only on papers that are the contract's."""
    rows = []
    for one in other.field_sources.filter(field__in=names).select_related("version"):
        row = _row(one)
        if one.version is not None and one.version.document_id not in documents:
            row |= {"version_id": None, "page": None, "start": None, "end": None, "box": None}
        rows.append(row)
    _lay_sources(contract, names, rows)


def _lay_fields(contract: Contract, raws: dict[str, Any], *, by: User, why: str) -> None:
    common = {"contract": contract, "edit_version": contract.edit_version, "at": clock.now(), "by": by, "why": why}
    for name, raw in raws.items():
        old = _written(contract, name)
        if name in ROWS:
            _lay_rows(contract, ROWS[name], raw)
        elif is_custom(name):
            rest = {key: one for key, one in contract.custom.items() if f"{PREFIX}{key}" != name}
            contract.custom = rest if raw is None else rest | {name.removeprefix(PREFIX): raw}
        else:
            field: Any = Contract._meta.get_field(name)
            setattr(contract, field.attname, _python(field, raw))
        if (new := _written(contract, name)) != old:
            Revision.objects.create(**common, field=name, old=old, new=new)
    lay_keys_anew(contract, [name for name in raws if is_custom(name)])


def _raw(contract: Contract, name: str) -> Any:
    if is_custom(name):
        return custom_of(contract, name)
    if name not in ROWS:
        field: Any = Contract._meta.get_field(name)
        return getattr(contract, field.attname)
    return [_row(row) for row in ROWS[name]._default_manager.filter(contract=contract).order_by("no")]


def _bare(contract: Contract, name: str) -> Any:
    """Return a field without the links to companies, which follow these."""
    if name in LINKS:
        return None
    raw = _raw(contract, name)
    return [{key: value for key, value in row.items() if key not in LINKS} for row in raw] if name in ROWS else raw


def _row(row: models.Model) -> dict[str, Any]:
    outside = ("id", "contract", "account_index")
    return {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in outside
    }


def _written(contract: Contract, name: str) -> str:
    if is_custom(name):
        return text_of(custom_of(contract, name))
    if name in ROWS:
        return terms.in_words(list(ROWS[name]._default_manager.filter(contract=contract).order_by("no")))
    return written(getattr(contract, name))


def _python(field: Any, raw: Any) -> Any:
    return field.target_field.to_python(raw) if field.is_relation else field.to_python(raw)


def _lay_rows(contract: Contract, kind: Any, rows: Iterable[dict[str, Any]]) -> None:
    kind._default_manager.filter(contract=contract).delete()
    kind._default_manager.bulk_create([_made(kind, contract, row) for row in rows])


def _lay_sources(contract: Contract, names: Collection[str], rows: Iterable[dict[str, Any]]) -> None:
    FieldSource.objects.filter(contract=contract, field__in=names).delete()
    FieldSource.objects.bulk_create([_made(FieldSource, contract, row) for row in rows])
    contract.unchecked = contract.field_sources.unchecked().count()


def _made(kind: Any, contract: Contract, row: dict[str, Any]) -> Any:
    columns = {field.attname: field for field in kind._meta.concrete_fields}
    return kind(contract=contract, **{name: _python(columns[name], value) for name, value in row.items()})
