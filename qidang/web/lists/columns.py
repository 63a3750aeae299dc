"""列: what a list can show of one row, on the screen and in Excel."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from qidang.web.templatetags.trade import money

Words = str | Promise


@dataclass(frozen=True)
class Column:
    """One column: ``value`` gives what Excel gets, ``shown`` what the screen gets (text where it is None).

    ``classes`` are the cell's CSS classes; ``sort`` is the name by which the list can be sorted, "" for never.
    """

    key: str
    label: Words
    value: Callable[[Any], Any]
    shown: Callable[[Any], str | SafeString] | None = None
    classes: str = ""
    sort: str = ""
    is_default: bool = False
    is_fixed: bool = False

    @property
    def down(self) -> str:
        """The name of the sort from high to low."""
        return f"-{self.sort}"

    def cell(self, row: Any) -> SafeString:
        """Return the cell of ``row`` as HTML."""
        inner = self.shown(row) if self.shown else _text(self.value(row))
        if "first" in self.classes:
            return format_html('<th scope="row" class="{}">{}</th>', self.classes, inner)
        if "clip" in self.classes:
            return format_html('<td class="{}" title="{}">{}</td>', self.classes, self.value(row), inner)
        if "named" in self.classes and inner:  # on a phone the cell says what it is
            return format_html('<td class="{}" data-label="{}">{}</td>', self.classes, self.label, inner)
        return format_html('<td class="{}">{}</td>', self.classes, inner)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def chosen(columns: Sequence[Column], keys: Sequence[str]) -> list[Column]:
    """Return the columns to show: the fixed ones and those in ``keys``; the default ones where none is chosen."""
    if not keys:
        return [column for column in columns if column.is_fixed or column.is_default]
    return [column for column in columns if column.is_fixed or column.key in keys]


def in_wan(columns: Sequence[Column]) -> list[Column]:
    """Return ``columns`` with money shown in 万元; Excel still gets 元."""
    return [replace(column, shown=_shown_in_wan(column)) if "money" in column.classes else column for column in columns]


def _shown_in_wan(column: Column) -> Callable[[Any], str]:
    return lambda row: money(column.value(row), row.currency, True)
