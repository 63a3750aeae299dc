"""检索页: one box, hits with their words marked, facets at the side."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from qidang.accounts.capabilities import may, require
from qidang.kit.refusal import Refused
from qidang.ledger import record_read
from qidang.search.engine import FACETS
from qidang.search.query import Hit, Results, find, suggest
from qidang.web.answers import Asked

ROWS = 20
DEEPEST = 10_000
RECENT = 8
LAST = "searches"  # the session's name for what the person looked for last
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


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """What the address asks for."""

    text: str
    chosen: dict[str, list[str]]
    sort: str
    is_rising: bool
    offset: int

    @classmethod
    def of(cls, request: Asked) -> Question:
        """Read it from the query string; what makes no sense falls back to the usual."""
        asked = request.GET
        sort, offset = asked.get("sort", ""), asked.get("offset", "0")
        return cls(
            text=asked.get("q", "").strip(),
            chosen={name: asked.getlist(name) for name in FACETS if asked.getlist(name)},
            sort=sort if sort in SORTS else "relevance",
            is_rising=asked.get("order") == "up",
            offset=min(int(offset), DEEPEST) if offset.isdecimal() and len(offset) < 7 else 0,
        )

    def answer(self, request: Asked) -> Results:
        """Find it; raises Refused ``search.…`` for a query that cannot be read."""
        return find(
            request.user,
            self.text,
            filters=self.chosen,
            sort=self.sort,
            descending=not self.is_rising,
            offset=self.offset,
            limit=ROWS,
        )


def page(request: Asked) -> HttpResponse:
    """检索页; without words it says what can be asked."""
    require(request.user, "search.use")
    question = Question.of(request)
    context: dict[str, Any] = {"question": question, "q": question.text, "sorts": SORTS, "last": _last(request)}
    if question.text or question.chosen:
        context |= _answered(request, question)
    return render(request, "search/page.html", context)


def suggestions(request: Asked) -> HttpResponse:
    """建议: contracts by number, title or company for what is being typed; before that, what was looked for last."""
    text = request.GET.get("q", "").strip()
    is_allowed = may(request.user, "search.use")
    found = suggest(request.user, text) if text and is_allowed else []
    last = [] if text else _last(request)
    return render(request, "search/suggestions.html", {"contracts": found, "q": text, "last": last})


@require_POST
def forget(request: Asked) -> HttpResponse:
    """清除: the last searches of this session."""
    request.session.pop(LAST, None)
    return redirect("search:page")


def _last(request: Asked) -> list[str]:
    words: list[str] = request.session.get(LAST, [])
    return words


def _remember(request: Asked, text: str) -> None:
    last = _last(request)
    if text and last[:1] != [text]:
        request.session[LAST] = [text[:200], *(one for one in last if one != text)][:RECENT]


def _answered(request: Asked, question: Question) -> dict[str, Any]:
    try:
        results = question.answer(request)
    except Refused as refusal:
        if not refusal.code.startswith("search."):
            raise
        return {"refusal": refusal}
    if not question.offset:
        record_read("search.run", by=request.user, details={"hits": results.total})
        _remember(request, question.text)
    after = question.offset + ROWS
    return {
        "results": results,
        "hits": [(hit, _address(hit, question.text)) for hit in results.hits],
        "facets": _facets(results, question.chosen),
        "before": max(question.offset - ROWS, 0) if question.offset else None,
        "after": after if after < min(results.total, DEEPEST) else None,
        "first": question.offset + 1,
        "last_shown": question.offset + len(results.hits),
    }


def _address(hit: Hit, text: str) -> str:
    """Return the address at which the hit's page is shown with the words marked."""
    query = QueryDict(mutable=True)
    query.update({"q": text, "page": str(hit.excerpt.page or 1)})
    if hit.arrival is not None:
        return reverse("intake:review", args=[hit.uid]) + "?" + query.urlencode()
    if hit.excerpt.sha256:
        return reverse("viewer:found", args=[hit.uid, hit.excerpt.sha256]) + "?" + query.urlencode()
    return reverse("contracts:show", args=[hit.uid])


def _facets(results: Results, chosen: dict[str, list[str]]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": title,
            "is_open": position < 3 or name in chosen,
            "values": [(value, value.value in chosen.get(name, [])) for value in results.facets.get(name, [])],
        }
        for position, (name, title) in enumerate(FACET_TITLES.items())
        if results.facets.get(name)
    ]
