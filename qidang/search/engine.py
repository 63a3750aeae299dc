"""What the index is asked for one query: the hits of a page, their total, and the five facets."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import tantivy

from qidang.search.matching import MUST, any_of, every
from qidang.search.papers import ARRIVAL

FACETS = {  # name: (field of the index, how many values are shown)
    "year": ("year", 30),
    "type": ("type", 12),
    "customer": ("customer_key", 12),
    "department": ("department", 30),
    "status": ("status", 12),
}
ORDERS = {"date": "signed", "amount": "amount", "expiry": "expires"}
_beside = ThreadPoolExecutor(2, "search")  # Tantivy lets go of the interpreter: counting runs beside ranking
Filters = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Answer:
    """``hits`` are (score, uid) of the page asked for; ``arrivals`` is how many of ``total`` wait for review."""

    total: int = 0
    arrivals: int = 0
    hits: list[tuple[float, str]] = field(default_factory=list)
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """``found`` is what must match with rights; ``ranked`` the same with what gives the order of relevance."""

    found: tantivy.Query
    ranked: tantivy.Query
    filters: Filters = field(default_factory=dict)
    order: str = ""
    is_descending: bool = True
    offset: int = 0
    limit: int = 20


def ask(searcher: tantivy.Searcher, question: Question) -> Answer:
    """Answer ``question`` from one committed state."""
    narrowing = {name: _filter(name, chosen) for name, chosen in question.filters.items() if chosen}
    found, free = narrowed(question.found, narrowing), set(FACETS) - set(narrowing)
    counting = _beside.submit(searcher.aggregate, found, {"kind": _terms("kind", 3), **_facets(free)})
    hits = _page(searcher, question, narrowing) if question.limit else []
    counted = counting.result()
    for name in narrowing:
        others = {other: query for other, query in narrowing.items() if other != name}
        counted |= searcher.aggregate(narrowed(question.found, others), _facets({name}))
    kinds = {bucket["key"]: int(bucket["doc_count"]) for bucket in counted["kind"]["buckets"]}
    return Answer(
        total=sum(kinds.values()),
        arrivals=kinds.get(ARRIVAL, 0),
        hits=hits,
        facets={name: _values(counted[name]) for name in FACETS},
    )


def narrowed(query: tantivy.Query, narrowing: Mapping[str, tantivy.Query]) -> tantivy.Query:
    """Return ``query`` under the chosen facet values."""
    return every([(MUST, query), *((MUST, chosen) for chosen in narrowing.values())])


def _page(searcher: tantivy.Searcher, question: Question, narrowing: Mapping[str, tantivy.Query]) -> list[Any]:
    ordered = question.order in ORDERS
    found = searcher.search(
        narrowed(question.found if ordered else question.ranked, narrowing),
        question.limit,
        count=False,
        offset=question.offset,
        order_by_field=ORDERS[question.order] if ordered else None,
        order=tantivy.Order.Desc if question.is_descending or not ordered else tantivy.Order.Asc,
    )
    return [(0.0 if ordered else float(score), searcher.doc(place)["uid"][0]) for score, place in found.hits]


def _filter(name: str, chosen: Sequence[str]) -> tantivy.Query:
    column, _ = FACETS[name]
    if name not in ("type", "status"):
        return any_of(column, [int(value) for value in chosen if value.isdecimal()])
    return any_of(column, list(chosen))


def _facets(names: set[str]) -> dict[str, Any]:
    return {name: _terms(*FACETS[name]) for name in names}


def _terms(column: str, size: int) -> dict[str, Any]:
    return {"terms": {"field": column, "size": size, "segment_size": 10_000}}


def _values(facet: dict[str, Any]) -> list[tuple[str, int]]:
    buckets = facet["buckets"]
    return [
        (str(int(bucket["key"])) if isinstance(bucket["key"], float) else str(bucket["key"]), int(bucket["doc_count"]))
        for bucket in buckets
    ]
