"""来源: the small mark beside a value of a contract that tells who said it, and where."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from qidang.contracts.choices import Source
from qidang.contracts.models import FieldSource

register = template.Library()
ICONS = {Source.READ: {"icon": "scan"}, Source.LEDGER_SHEET: {"icon": "table"}, Source.PERSON: {"icon": "user"}}


@register.inclusion_tag("contracts/source.html", takes_context=True)
def source(context: Any, name: str) -> dict[str, Any]:
    """Show where the value of the field ``name`` comes from; nothing where nobody knows."""
    row: FieldSource | None = context.get("sources", {}).get(name)
    if row is None:
        return {"row": None}
    may_check = row.checked_at is None and context["may"]["edit"] and not context["is_over"]
    place = reverse("viewer:show", args=[row.version.uid]) if row.version else ""
    where: dict[str, str | int] = {"page": row.page or 1, "field": name}
    return {
        "row": row,
        "icon": ICONS[Source(row.source)]["icon"],
        "told": told(row),
        "place": f"{place}?{urlencode(where)}" if place else "",
        "sure": None if row.confidence is None else round(row.confidence * 100),
        "may_check": may_check,
    }


def told(row: FieldSource) -> str:
    """Return the source in one line, for whom hovers or listens: 机读 · “…” · 第 2 页 · 未核."""
    words = [str(Source(row.source).label)]
    words += [_("“%(raw)s”") % {"raw": row.raw}] if row.raw else []
    words += [_("第 %(n)s 页") % {"n": row.page}] if row.page else []
    words += [_("未核") if row.checked_at is None else _("已核")]
    return " · ".join(words)
