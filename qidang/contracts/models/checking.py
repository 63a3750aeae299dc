"""Values are checked against their columns before a database sees them, and refused by the field's own name."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext

from qidang.kit.exact import ExactField
from qidang.kit.refusal import Refused

LARGEST = 2**63 - 1


def cleaned(field: Any, value: Any, row: models.Model) -> Any:
    """Return ``value`` as ``field`` of ``row`` holds it; refuses ``contract.bad_value``."""
    try:
        value = field.clean(value.strip() if isinstance(value, str) else value, row)
        if isinstance(field, ExactField) and value is not None and abs(field.get_prep_value(value)) > LARGEST:
            raise ValidationError(f"{value:.6e}")
    except ValidationError as error:
        problem = gettext("；").join(error.messages)
        raise Refused("contract.bad_value", field=str(field.verbose_name), problem=problem) from error
    return value


def check(row: models.Model) -> None:
    """Clean every plain, editable column of ``row`` in place; relations are the database's to check."""
    for field in row._meta.concrete_fields:
        if not field.is_relation and not field.primary_key and field.editable:
            setattr(row, field.attname, cleaned(field, getattr(row, field.attname), row))
