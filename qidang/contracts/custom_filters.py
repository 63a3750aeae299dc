"""按自定义字段筛选: what an address of the register asks of a custom field, as a condition on contracts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from qidang.contracts.choices import FieldKind
from qidang.contracts.models import CustomField, CustomValue
from qidang.contracts.models.custom_kinds import key_of, number_key, stored_as
from qidang.kit.text import fold

RANGED = (FieldKind.NUMBER, FieldKind.MONEY, FieldKind.DATE)
EXACT = (FieldKind.CHOICE, FieldKind.YES_NO)
SMALLEST = Decimal("0.000001")
LONGEST = 100  # characters; every word of it is one more condition
FROM, TO = "-from", "-to"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of one field: words or a choice, or a span from ``low`` to ``high``; "" asks nothing."""

    field: CustomField
    text: str = ""
    low: str = ""
    high: str = ""

    def condition(self) -> Q:
        """Return the condition on contracts; what cannot be understood asks nothing."""
        keys = self._keys()
        return Q() if keys is None else Q(pk__in=CustomValue.objects.filter(keys, field=self.field).values("contract"))

    def names(self) -> dict[str, str]:
        """Return what is asked as parts of an address."""
        parts = {self.field.name: self.text, self.field.name + FROM: self.low, self.field.name + TO: self.high}
        return {name: text for name, text in parts.items() if text}

    def _keys(self) -> Q | None:
        if self.field.kind in RANGED:
            return self._span()
        if self.field.kind in EXACT:
            key = self._key(self.text)
            return None if key is None else Q(key=key)
        found = Q()
        for word in self.text[:LONGEST].split():
            found &= Q(key__contains=fold(word))
        return found or None

    def _span(self) -> Q | None:
        low, high = self._key(self.low), self._key(self.high)
        found = Q(key__gte=low) if low else Q()
        if high and self.field.kind == FieldKind.MONEY:  # the currency stands behind the digits
            return found & Q(key__lt=number_key(Decimal(_number(self.field, self.high)) + SMALLEST))
        if high:
            return found & Q(key__lte=high)
        return found or None

    def _key(self, text: str) -> str | None:
        if not text.strip():
            return None
        if self.field.kind in (FieldKind.NUMBER, FieldKind.MONEY):
            number = _number(self.field, text)
            return number_key(Decimal(number)) if number else None
        try:
            value = stored_as(self.field.kind, text, currency="", options=self.field.options)
        except ValueError:
            return fold(text) if self.field.kind == FieldKind.CHOICE else None  # an option that is offered no more
        return key_of(self.field.kind, value)


def wanted(query: Mapping[str, str], fields: Sequence[CustomField]) -> Iterator[Wanted]:
    """Yield what an address asks of ``fields``."""
    for field in fields:
        one = Wanted(field, *(query.get(field.name + end, "").strip()[:LONGEST] for end in ("", FROM, TO)))
        if one.names():
            yield one


def _number(field: CustomField, text: str) -> str:
    """Return the number that is written, "" where it is none; the currency of an amount does not matter here."""
    try:
        value = stored_as(field.kind, text, currency="", options=())
    except ValueError:
        return ""
    return value["amount"] if isinstance(value, dict) else str(value)
