"""检索页: one box, hits with their words marked, facets at the side."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qidang.accounts.capabilities import require
from qidang.kit.refusal import Refused
from qidang.ledger import record_read
from qidang.search.engine import FACETS
from qidang.search.query import Hit, Results, find, suggest
from qidang.web.answers import Asked

ROWS = 20
DEEPEST = 10_000
SORTS = {
    "relevance": _("相关度"),
    "date": _("签订日期"),
    "amount": _("金额"),
    "expiry": _("到期日期"),
}
FACET_TITLES = {
    "year": _("年份"),
    "type": _("类型"),
    "customer": _("客户"),
    "department": _("部门"),
    "status": _("状态"),
}


def page(request: Asked) -> HttpResponse:
    """检索页; without words it says what can be asked."""
    require(request.user, "search.use")
    text = request.GET.get("q", "").strip()
    chosen = {name: request.GET.getlist(name) for name in FACETS if request.GET.getlist(name)}
    context: dict[str, Any] = {"q": text, "sorts": SORTS, "sort": _sort(request), "chosen": chosen}
    if text or chosen:
        offset = _offset(request)
        results, refusal = _found(request, text, chosen, offset)
        context |= {
            "results": results,
            "refusal": refusal,
            "hits": [(hit, _address(hit, text)) for hit in results.hits] if results else [],
            "facets": _facets(results, chosen) if results else [],
            "before": offset - ROWS if offset else None,
            "after": offset + ROWS if results and offset + ROWS < min(results.total, DEEPEST) else None,
            "first": offset + 1,
        }
    template = "search/page.html#found" if request.headers.get("HX-Target") == "found" else "search/page.html"
    return render(request, template, context)


def suggestions(request: Asked) -> HttpResponse:
    """建议: what the top bar offers while somebody types: contracts by number, title or company."""
    text = request.GET.get("q", "").strip()
    found = suggest(request.user, text) if text else []
    return render(request, "search/suggestions.html", {"contracts": found, "q": text})


def _found(
    request: Asked, text: str, chosen: dict[str, list[str]], offset: int
) -> tuple[Results | None, Refused | None]:
    try:
        sort = _sort(request)
        results = find(
            request.user,
            text,
            filters=chosen,
            sort=sort,
            descending=request.GET.get("order") != "up",
            offset=offset,
            limit=ROWS,
        )
    except Refused as refusal:
        if not refusal.code.startswith("search."):
            raise
        return None, refusal
    record_read("search.run", by=request.user, details={"hits": results.total})
    return results, None


def _sort(request: Asked) -> str:
    sort = request.GET.get("sort", "relevance")
    return sort if sort in SORTS else "relevance"


def _offset(request: Asked) -> int:
    text = request.GET.get("offset", "0")
    return min(int(text), DEEPEST) if text.isdecimal() and len(text) < 7 else 0


def _address(hit: Hit, text: str) -> str:
    """Return the address at which the hit's page is shown with the words marked."""
    number = hit.excerpt.page or 1
    if hit.arrival is not None:
        return reverse("intake:review", args=[hit.uid]) + f"?page={number}"
    if hit.excerpt.sha256:
        query = QueryDict(mutable=True)
        query.update({"q": text, "page": str(number)})
        return reverse("viewer:found", args=[hit.uid, hit.excerpt.sha256]) + "?" + query.urlencode()
    return reverse("contracts:show", args=[hit.uid])


def _facets(results: Results, chosen: dict[str, list[str]]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": title,
            "values": [(value, value.value in chosen.get(name, [])) for value in results.facets.get(name, [])],
        }
        for name, title in FACET_TITLES.items()
        if results.facets.get(name)
    ]
