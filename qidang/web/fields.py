"""表单字段: what people type, understood: 2026.3.5 and 今天+30, 12.5万元, 13 %."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qidang.kit.amounts import parse_amount
from qidang.kit.clock import today
from qidang.kit.dates import parse_date


class DayField(forms.CharField):
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


class AmountField(forms.CharField):
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
        if amount != amount.quantize(Decimal("0.01")):
            raise ValidationError(_("金额最多到分"), "cents")
        return amount


class PercentField(forms.CharField):
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
        rate = rate / 100 if rate >= 1 or written.endswith(("%", "％")) else rate
        if not 0 <= rate < 1:
            raise ValidationError(_("税率应在 0 到 100% 之间"), "rate")
        return rate
