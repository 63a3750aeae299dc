"""Exact numbers: what goes in comes out, and sums lose nothing."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from qidang.kit.exact import ExactField, MoneyField, PriceField, QuantityField, RateField

FIELDS = [MoneyField(), PriceField(), QuantityField(), RateField()]
scaled = st.integers(-(2**63) + 1, 2**63 - 1)


@given(st.sampled_from(FIELDS), scaled)
def test_every_number_comes_back_as_it_went(field: ExactField, number: int) -> None:
    value = Decimal(number).scaleb(-field.places)
    kept = field.get_prep_value(value)
    assert kept == number
    assert field.from_db_value(kept, None, connection) == value


@pytest.mark.parametrize(
    "value", ["0.001", "1.00000000000000000000000000000000001", "NaN", "Infinity", "十元", "1e40", Decimal(2) ** 63]
)
def test_what_cannot_be_kept_exactly_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        MoneyField().get_prep_value(value)


def test_nothing_stays_nothing() -> None:
    assert MoneyField().get_prep_value(None) is None
    assert MoneyField().from_db_value(None, None, connection) is None
    assert MoneyField().to_python(None) is None


def test_a_form_offers_as_many_places_as_the_field_keeps() -> None:
    field = PriceField().formfield()
    assert isinstance(field, forms.DecimalField) and field.decimal_places == 6


@pytest.mark.django_db
@isolate_apps("qidang.ledger")
def test_ten_thousand_amounts_sum_to_the_cent() -> None:
    class Bill(models.Model):
        amount = MoneyField()

        class Meta:
            app_label = "ledger"

        def __str__(self) -> str:
            return str(self.amount)

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE ledger_bill (id bigint PRIMARY KEY, amount bigint)")
    bills: models.QuerySet[Bill] = models.QuerySet(Bill)
    bills.bulk_create(Bill(pk=number, amount=Decimal("0.10")) for number in range(10_000))
    bills.filter(pk=7).update(amount=Decimal("1234567890123.45"))
    found = bills.aggregate(total=models.Sum("amount"), most=models.Max("amount"))
    assert found == {"total": Decimal("1234567891123.35"), "most": Decimal("1234567890123.45")}
    assert bills.filter(amount__gt=Decimal("0.10")).count() == 1
