"""表单字段: what people type, understood: 2026.3.5 and 今天+30, 12.5万元, 13 %, 1,200 台."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qidang.kit.amounts import parse_amount
from qidang.kit.clock import today
from qidang.kit.dates import parse_date
from qidang.kit.exact import PRECISE
from qidang.web.templatetags.trade import bare


def is_finer(number: Decimal, places: int) -> bool:
    """Say whether ``number`` has more than ``places`` decimal places, however long it is."""
    scaled = number.scaleb(places, PRECISE)
    return bool(scaled != scaled.to_integral_value(context=PRECISE))


class WrittenField(forms.CharField):
    """A field that shows a value in one way and understands several; changed is what reads otherwise than shown."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Say whether ``data`` differs from how ``initial`` is shown."""
        shown = self.prepare_value(initial)
        return ("" if shown is None else str(shown)) != ("" if data is None else str(data).strip())


class DayField(WrittenField):
    """日期: 2026-03-05, 2026.3.5, 2026年3月5日, 今天+30; cleaned to a date or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 32} | kwargs)
        self.widget.attrs |= {"placeholder": "2026.3.5", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """Show a date as YYYY-MM-DD."""
        return value.isoformat() if isinstance(value, dt.date) else value

    def clean(self, value: Any) -> Any:
        """Return the date that is written, or None; refuse what is none."""
        written = super().clean(value.isoformat() if isinstance(value, dt.date) else value)
        if not written:
            return None
        day = parse_date(written, today())
        if day is None:
            raise ValidationError(_("看不懂这个日期，请写成 2026-03-05、2026.3.5 或 今天+30"), "date")
        return day


class AmountField(WrittenField):
    """金额: 1,234.50, 12.5万元; cleaned to Decimal (元) or None. ``words`` names where the 大写 is shown."""

    def __init__(self, *, words: str = "", **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 40} | kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "num"}
        self.words = words
        if words:
            self.widget.attrs["data-words"] = words

    def prepare_value(self, value: Any) -> Any:
        """Show an amount with two places and thousands."""
        return f"{value:,.2f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        """Return the amount that is written, or None; refuse what is none or finer than 分."""
        written = super().clean(value)
        if not written:
            return None
        amount = parse_amount(written)
        if amount is None:
            raise ValidationError(_("看不懂这个金额，请写成 1234.50 或 12.5万元"), "amount")
        if is_finer(amount, 2):
            raise ValidationError(_("金额最多到分"), "cents")
        return amount


class PercentField(WrittenField):
    """税率: 13, 13% or 0.13; cleaned to a rate (0.13) or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 12} | kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "placeholder": "13%"}

    def prepare_value(self, value: Any) -> Any:
        """Show a rate as a percentage."""
        return f"{(value * 100).normalize():f}%" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        """Return the rate; a number of 1 or more is taken as a percentage."""
        written = super().clean(value)
        if not written:
            return None
        try:
            rate = Decimal(written.rstrip("%％ "))
        except InvalidOperation as error:
            raise ValidationError(_("看不懂这个税率，请写成 13% 或 0.13"), "rate") from error
        if not rate.is_finite():
            raise ValidationError(_("看不懂这个税率，请写成 13% 或 0.13"), "rate")
        return self.bounded(rate / 100 if rate >= 1 or written.endswith(("%", "％")) else rate)

    def bounded(self, rate: Decimal) -> Decimal:
        """Return the rate, refused outside of 0 to 100 %."""
        if not 0 <= rate < 1:
            raise ValidationError(_("税率应在 0 到 100% 之间"), "rate")
        return rate


class ShareField(PercentField):
    """比例: 30, 30% or 0.3 of a payment plan; cleaned to a rate (0.3). More than 100 % is the person's word."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["placeholder"] = "30%"

    def bounded(self, rate: Decimal) -> Decimal:
        """Return the rate where its column can hold it: six places."""
        if not 0 <= rate < 1000 or is_finer(rate, 6):
            raise ValidationError(_("比例最多写到小数点后四位"), "rate")
        return rate


class CountField(forms.IntegerField):
    """份数: a whole number, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "min_value": 0, "max_value": 9999} | kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "class": "num"}


class NumberField(WrittenField):
    """数量 or 单价: 1,200 or 3.5; cleaned to Decimal or None, refused where it is finer than ``places``."""

    def __init__(self, *, places: int, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 40} | kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "num"}
        self.places = places

    def prepare_value(self, value: Any) -> Any:
        """Show a number with thousands and without the noughts behind it."""
        return bare(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        """Return the number that is written, or None."""
        written = super().clean(value)
        if not written:
            return None
        number = parse_amount(written)
        if number is None:
            raise ValidationError(_("看不懂这个数，请写成 1200 或 3.5"), "number")
        if is_finer(number, self.places):
            raise ValidationError(_("最多写到小数点后 %(places)s 位"), "places", {"places": self.places})
        return number
