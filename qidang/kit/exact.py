"""Exact numbers: a scaled bigint in the database, ``Decimal`` in Python.

Django's DecimalField on SQLite sums as float; these sum as integers on every database. Sum, Min and Max come out as
exact Decimals; an Avg would come out scaled: divide a Sum by a Count instead.
"""

from decimal import Context, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

if TYPE_CHECKING:
    _BigInteger = models.BigIntegerField[Any, Any]
else:  # the stubs know type parameters, Django itself does not
    _BigInteger = models.BigIntegerField

PRECISE = Context(prec=100)  # the default context would round at 28 digits
BIGGEST = 2**63 - 1


class ExactField(_BigInteger):
    """A decimal number with a fixed number of ``places``; more places than that are refused, never rounded."""

    places = 2

    def _scaled(self, value: Any) -> int | None:
        if value is None:
            return None
        number = self.to_python(value)
        if not number.is_finite():
            raise ValidationError(f"{value} is not a number")
        scaled = number.scaleb(self.places, PRECISE)
        if scaled != scaled.to_integral_value(context=PRECISE):
            raise ValidationError(f"{value} has more than {self.places} decimal places")
        if abs(scaled) > BIGGEST:
            raise ValidationError(f"{value} is too large")
        return int(scaled)

    def to_python(self, value: Any) -> Any:
        """Return ``value`` as Decimal or None; raise ValidationError where it is no number."""
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except InvalidOperation as error:
            raise ValidationError(f"{value!r} is not a number") from error

    def get_prep_value(self, value: Any) -> Any:
        """Return the scaled integer that the database keeps."""
        return self._scaled(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        """Return the Decimal for what the database kept; a SUM arrives here too."""
        return None if value is None else Decimal(int(value)).scaleb(-self.places)

    def value_to_string(self, obj: models.Model) -> str:
        """Return the value as a plain decimal string, for serialisation."""
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        """Offer a decimal form field instead of an integer one."""
        from django import forms  # noqa: PLC0415  (forms are not needed where only the model is)

        options: dict[str, Any] = {"form_class": forms.DecimalField, "decimal_places": self.places} | kwargs
        return models.Field.formfield(self, **options)


class MoneyField(ExactField):
    """金额: two places (分)."""

    places = 2


class PriceField(ExactField):
    """单价: six places (standards.md §4, DECIMAL(18,6))."""

    places = 6


class QuantityField(ExactField):
    """数量: four places (standards.md §4, DECIMAL(18,4))."""

    places = 4


class RateField(ExactField):
    """Rates such as 税率, six places; 13 % is 0.13."""

    places = 6
