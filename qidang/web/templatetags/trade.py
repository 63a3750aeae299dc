"""How the trade's things look on a page: icons, money, dates with the days left, chips, people."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qidang.kit.clock import today

register = template.Library()
SIGNS = {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$", "JPY": "JP¥", "GBP": "£"}
SOON = 30
LONG_FIGURES = re.compile(r"\d(?:[ -]?\d){10,}")  # an account, a phone, an identity card


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return the icon ``name``; with ``label`` it speaks, otherwise it is decoration."""
    address = f"{static('qidang/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.filter
def money(value: Decimal | None, currency: str = "CNY", in_wan: bool = False) -> str:
    """Return ¥1,234,567.89, or "" where there is no amount; ``in_wan`` gives ¥123.46万."""
    if value is None:
        return ""
    if in_wan:
        return f"{money(value / 10000, currency)}{_('万')}"
    return f"{'-' if value < 0 else ''}{SIGNS.get(currency, currency + ' ')}{abs(value):,.2f}"


@register.simple_tag
def total(value: Decimal | None, currency: str, in_wan: bool = False) -> str:
    """Return a sum in 元, or in 万元 where the person reads it so."""
    return money(value, currency, in_wan)


@register.filter
def day(value: dt.date | None) -> str:
    """Return the date as YYYY-MM-DD, or ""."""
    return value.isoformat() if value else ""


def days_words(on: dt.date, now: dt.date) -> str:
    """Return 剩余 12 天, 今天, or 已过 3 天."""
    left = (on - now).days
    if left > 0:
        return _("剩余 %(days)s 天") % {"days": left}
    return _("今天") if left == 0 else _("已过 %(days)s 天") % {"days": -left}


@register.filter
def days_left(on: dt.date | None) -> SafeString | str:
    """Return the days left as a small sign: quiet when far, orange within 30 days, red when past."""
    if on is None:
        return ""
    left = (on - today()).days
    mood = "late" if left < 0 else "soon" if left <= SOON else "calm"
    return format_html('<span class="days days-{}">{}</span>', mood, days_words(on, today()))


@register.simple_tag
def chip(tone: str, words: Any) -> SafeString:
    """Return a chip: ``tone`` is idle, busy, done, soon or late; the word always stands in it."""
    return format_html('<span class="chip chip-{}">{}</span>', tone, words)


@register.simple_tag
def person(user: Any) -> SafeString | str:
    """Return a person's name; department and number show on hovering."""
    if user is None:
        return ""
    who = " · ".join(part for part in (str(user.department or ""), user.employee_no or user.username) if part)
    return format_html('<span class="person" title="{}">{}</span>', who, user.name or user.username)


@register.simple_tag(takes_context=True)
def with_query(context: Any, **changes: Any) -> str:
    """Return the present query string with ``changes``; None takes a name out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_query(context: Any, name: str) -> str:
    """Return the query string that sorts by ``name``, turned round where it is sorted so already."""
    query = context["request"].GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query["sort"] = f"-{name}" if query.get("sort") == name else name
    return f"?{query.urlencode()}"


@register.simple_tag
def cells(columns: Any, row: Any) -> SafeString:
    """Return the cells of ``row``, one per column."""
    return SafeString("".join(column.cell(row) for column in columns))


@register.inclusion_tag("parts/field.html")
def field(bound: Any, wide: bool = False) -> dict[str, Any]:
    """Show a form field: label above, help under, its errors beside."""
    return {"field": bound, "wide": wide}


@register.filter
def bare(value: Decimal | None) -> str:
    """Return a quantity or price without the noughts behind it, with thousands: 1,200 or 3.5."""
    if value is None:
        return ""
    whole = value.normalize()
    return f"{whole:,f}"


@register.filter
def percent(value: Decimal | None) -> str:
    """Return a rate (0.3) as 30%."""
    return "" if value is None else f"{(value * 100).normalize():f}%"


@register.filter
def ending(value: str) -> str:
    """Return an account number with all but its last four digits hidden."""
    return f"**** {value[-4:]}" if len(value) > 4 else value


@register.filter
def shortened(text: str) -> str:
    """Return a text with long figures (accounts, phones) hidden but for their last four digits."""
    return LONG_FIGURES.sub(lambda found: ending(found[0]), text)


@register.simple_tag(takes_context=True)
def with_facet(context: Any, name: str, value: str) -> str:
    """Return the present query string with a facet's value taken in, or out where it is in; from the first page on."""
    query = context["request"].GET.copy()
    values = query.getlist(name)
    query.setlist(name, [one for one in values if one != value] if value in values else [*values, value])
    query.pop("offset", None)
    return f"?{query.urlencode()}"
