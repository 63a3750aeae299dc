"""字段类型: what each kind of custom field takes, how its values are kept, told and sorted.

Kept values are JSON: texts, choices, days (ISO) and numbers (plain decimals) as strings, yes and no as booleans; an
amount with its currency, a person or a customer with the name that was written and the uid where one bears it.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from qidang.accounts.models import User
from qidang.contracts.choices import FieldKind
from qidang.contracts.models.companies import Company
from qidang.kit.amounts import parse_amount
from qidang.kit.clock import today
from qidang.kit.dates import parse_date
from qidang.kit.exact import PRECISE
from qidang.kit.text import fold

Stored = str | bool | dict[str, str]
LONGEST_TEXT = 1000
LONGEST_KEY = 200
LARGEST = Decimal(10) ** 15
ABOVE_ALL = 10**22  # moves every number above zero: digits of one length sort as numbers do, in any collation
PLACES = 6
YES, NO = ("1", "是", "有", "√", "y", "yes", "true"), ("0", "否", "无", "×", "n", "no", "false")
_CODE = re.compile(r"\s*([A-Z]{3})\s*")


def stored_as(kind: str, value: Any, *, currency: str, options: Sequence[str]) -> Stored:
    """Return ``value`` as contracts keep it; raise ValueError, with words for people, where it cannot be one."""
    if kind == FieldKind.MONEY:
        return _money(value, currency)
    if kind == FieldKind.CHOICE:
        return _choice(value, options)
    return READERS[FieldKind(kind)](value)


def text_of(value: Stored | None) -> str:
    """Return a kept value as people write it: 1234.50 CNY, 2026-03-05, 是, a name."""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, dict):
        return f"{value['amount']} {value['currency']}" if "amount" in value else value.get("name", "")
    return value or ""


def key_of(kind: str, value: Stored) -> str:
    """Return the text by which a kept value is found and sorted; see ``number_key`` for numbers."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dict) and "amount" in value:
        return number_key(Decimal(value["amount"])) + value["currency"]
    text = text_of(value)
    if kind == FieldKind.NUMBER:
        return number_key(Decimal(text))
    return text if kind == FieldKind.DATE else fold(text)[:LONGEST_KEY]


def number_key(number: Decimal) -> str:
    """Return 23 digits that sort as numbers do, of ``number`` to six places."""
    return str(int(number.scaleb(PLACES, PRECISE)) + ABOVE_ALL).zfill(23)


def _text(value: Any) -> str:
    text = str(value).strip()
    if len(text) > LONGEST_TEXT:
        raise ValueError(gettext("最多 %(count)d 个字") % {"count": LONGEST_TEXT})
    return text


def _number(value: Any) -> str:
    return plain(_exact(value, PLACES))


def _exact(value: Any, places: int) -> Decimal:
    number = value if isinstance(value, Decimal) else parse_amount(str(value))
    if number is None or not number.is_finite() or abs(number) >= LARGEST:
        raise ValueError(gettext("看不懂这个数，请写成 1200 或 3.5"))
    scaled = number.scaleb(places, PRECISE)
    if scaled != scaled.to_integral_value(context=PRECISE):
        raise ValueError(gettext("最多写到小数点后 %(places)s 位") % {"places": places})
    return number


def plain(number: Decimal) -> str:
    """Return a number without exponent and needless noughts."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text


def _money(value: Any, currency: str) -> dict[str, str]:
    if isinstance(value, dict):
        value, currency = value.get("amount", ""), value.get("currency", currency)
    if isinstance(value, str) and (code := _CODE.search(value.upper())) and "RMB" not in value.upper():
        value, currency = _CODE.sub("", value.upper()), code[1]
    return {"amount": f"{_exact(value, 2):.2f}", "currency": currency}


def _day(value: Any) -> str:
    day = value if isinstance(value, dt.date) else parse_date(str(value), today())
    if day is None:
        raise ValueError(gettext("看不懂这个日期，请写成 2026-03-05、2026.3.5 或 今天+30"))
    return day.isoformat()


def _choice(value: Any, options: Sequence[str]) -> str:
    found = next((one for one in options if fold(one) == fold(str(value))), None)
    if found is None:
        raise ValueError(gettext("不在选项里：%(value)s") % {"value": str(value)[:40]})
    return found


def _is_yes(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in (*YES, *NO):
        raise ValueError(gettext("请写是或否"))
    return word in YES


def _person(value: Any) -> dict[str, str]:
    if isinstance(value, dict):
        return value
    if not isinstance(value, User):
        name = str(value).strip()[:100]
        known = list(User.objects.active().filter(name=name)[:2])
        if len(known) != 1:
            return {"uid": "", "name": name}
        value = known[0]
    return {"uid": str(value.uid), "name": value.name}


def _customer(value: Any) -> dict[str, str]:
    """A name that one company bears leads to it; one that none or several bear stays a name."""
    if isinstance(value, dict):
        return value
    if isinstance(value, Company):
        return {"uid": str(value.uid), "name": value.name}
    name = str(value).strip()[:200]
    known = Company.objects.called(name)
    return {"uid": str(known[0].uid) if len(known) == 1 else "", "name": name}


READERS: dict[FieldKind, Callable[[Any], Stored]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _day,
    FieldKind.YES_NO: _is_yes,
    FieldKind.PERSON: _person,
    FieldKind.CUSTOMER: _customer,
}
