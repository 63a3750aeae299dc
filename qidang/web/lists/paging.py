"""翻页: 50 rows at a time by the place of the last one, so that page 1,000 costs what page 1 does."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

SIZE = 50


@dataclass
class Sheet:
    """One page of rows and the marks of the pages behind and before it ("" where there is none)."""

    rows: list[Any]
    after: str = ""
    before: str = ""


def mark(row: Any, order: tuple[str, ...]) -> str:
    """Return the place of ``row`` in ``order`` as an opaque word for the URL."""
    values = [getattr(row, name.lstrip("-")) for name in order]
    packed = json.dumps(values, cls=DjangoJSONEncoder, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def unmark(word: str, order: tuple[str, ...], model: type[Model]) -> list[Any] | None:
    """Return the place in ``order`` among rows of ``model`` that ``word`` names; None where it names none."""
    try:
        written = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        fields = [model._meta.get_field(name.lstrip("-")) for name in order]
        values = [field.to_python(value) for field, value in zip(fields, written, strict=True)]  # type: ignore[union-attr]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        return None
    return None if None in values else values


def beyond(order: tuple[str, ...], values: list[Any], backwards: bool) -> Q:
    """Return the condition for rows behind (or, ``backwards``, before) ``values`` in ``order``."""
    condition, same = Q(pk__in=[]), Q()
    for name, value in zip(order, values, strict=True):
        column = name.lstrip("-")
        falls = name.startswith("-") != backwards
        condition |= same & Q(**{f"{column}__{'lt' if falls else 'gt'}": value})
        same &= Q(**{column: value})
    return condition


def sheet(request: HttpRequest, rows: QuerySet[Any], order: tuple[str, ...], size: int = SIZE) -> Sheet:
    """Return the page of ``rows`` that ``after`` or ``before`` in the URL names; ``order`` must hold no nulls
    and end in a unique column. One query."""
    backwards = "before" in request.GET
    place = unmark(request.GET.get("before" if backwards else "after", ""), order, rows.model)
    if place is None:
        found = list(rows.order_by(*order)[: size + 1])
        return Sheet(found[:size], after=mark(found[size - 1], order) if len(found) > size else "")
    turned = tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)
    asked = rows.filter(beyond(order, place, backwards)).order_by(*(turned if backwards else order))
    found = list(asked[: size + 1])
    has_more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Sheet([])
    return Sheet(
        found,
        after=mark(found[-1], order) if backwards or has_more else "",
        before=mark(found[0], order) if not backwards or has_more else "",
    )
