"""How the addresses of a viewer's pages are written."""

from typing import Any

from django import template

from qidang.web.viewer.sheet import Sheet

register = template.Library()


@register.simple_tag(takes_context=True)
def page_query(context: Any, sheet: Sheet, number: int) -> str:
    """Return the present query string, showing page ``number`` of this sheet's paper."""
    query = context["request"].GET.copy()
    query[sheet.query] = str(number)
    return "?" + str(query.urlencode())
