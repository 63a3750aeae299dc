"""检索: ``find`` answers a person's query: hits with page, snippet and boxes, the total, five facets.

Rights stand in the query itself, so totals and facets count only what the person may see; each hit of the page is
checked once more against the database. Whoever calls records ``search.run`` in the chain ``reads``, without the words.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch

from qidang.accounts.capabilities import require
from qidang.accounts.models import Department, User
from qidang.contracts.models import Company, Contract, Document
from qidang.intake.models import Arrival
from qidang.intake.texts import paper_of
from qidang.kit.refusal import Refused
from qidang.search import engine, following, gathering, index, language, matching, names, rights
from qidang.search.analysis import fold
from qidang.search.engine import Answer, Filters, Question
from qidang.search.excerpts import Excerpt, File, excerpt

MOST_SHOWN = 10_000
DEEPEST = 1_000_000
BEHIND = 50  # acts not yet indexed, from which on a search says so


@dataclass(frozen=True)
class Hit:
    """One thing found: a contract, or an arrival that waits (待登记); the other one is None."""

    uid: UUID
    contract: Contract | None
    arrival: Arrival | None
    score: float
    excerpt: Excerpt

    @property
    def is_waiting(self) -> bool:
        """待登记."""
        return self.arrival is not None

    @property
    def title(self) -> str:
        """合同名称, or what was read of it, or the name of the file."""
        if self.contract is not None:
            return self.contract.title
        return (self.arrival.title or self.arrival.filename) if self.arrival else ""

    @property
    def number(self) -> str:
        """合同编号, of an arrival as read."""
        if self.contract is not None:
            return self.contract.number or self.contract.number_on_paper
        return self.arrival.number_read if self.arrival else ""


@dataclass(frozen=True)
class FacetValue:
    """``value`` goes into ``filters``, ``label`` on the screen."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Results:
    """``problems`` says why results may not be complete (no index yet, catching up)."""

    total: int = 0
    hits: list[Hit] = field(default_factory=list)
    facets: dict[str, list[FacetValue]] = field(default_factory=dict)
    took_ms: float = 0.0
    problems: list[Refused] = field(default_factory=list)


def find(
    user: User,
    text: str,
    *,
    filters: Filters | None = None,
    sort: str = "relevance",
    descending: bool = True,
    offset: int = 0,
    limit: int = 20,
) -> Results:
    """Find what ``user`` may see; ``sort`` is relevance, date, amount or expiry.

    ``filters`` maps year, type, customer, department, status to chosen facet values.
    Raises Refused ``search.…`` for a query that cannot be read, naming the place, and ``accounts.not_allowed``.
    """
    require(user, "search.use")
    started = time.perf_counter()
    tree = language.parse(text)
    order = "date" if sort == "relevance" and not language.wanted(tree) else sort
    answer, problems = _answer(
        user, tree, filters or {}, order, descending, min(max(offset, 0), DEEPEST), min(max(limit, 0), MOST_SHOWN)
    )
    hits = _checked(user, answer, _needles(tree))
    return Results(
        total=answer.total - (len(answer.hits) - len(hits)),
        hits=hits,
        facets=_labelled(answer.facets),
        took_ms=(time.perf_counter() - started) * 1000,
        problems=problems,
    )


def suggest(user: User, prefix: str, limit: int = 8) -> list[Contract]:
    """Return contracts whose number, title or company contains ``prefix``, for the box in the top bar."""
    folded = fold(prefix)[: matching.LONGEST_WORD]
    searcher = index.searcher()
    if searcher is None or len(folded) < 2:
        return []
    fields = [(matching.SHOULD, matching.grams(name, folded)) for name in matching.BOOSTS]
    found = matching.every([(matching.MUST, matching.every(fields)), *rights.filter_for(user)])
    places = searcher.search(found, limit * 2, count=False).hits
    uids = [searcher.doc(place)["uid"][0] for _, place in places]
    known = {str(one.uid): one for one in Contract.objects.visible_to(user).filter(uid__in=uids)}
    return [known[uid] for uid in uids if uid in known][:limit]


def _answer(
    user: User, tree: language.Node, filters: Filters, order: str, descending: bool, offset: int, limit: int
) -> tuple[Answer, list[Refused]]:
    matched = matching.match(tree, names.known())  # first of all: a wrong query is refused with or without an index
    searcher = index.searcher()
    if searcher is None:
        return Answer(), [Refused("search.no_index")]
    permitted, problems = _permitted(user, index.state(searcher).seq)
    if permitted is None:
        return Answer(), problems
    found = matching.every([(matching.MUST, matched), *permitted])
    ranked = matching.ranked(found, language.wanted(tree))
    return engine.ask(searcher, Question(found, ranked, filters, order, descending, offset, limit)), problems


def _permitted(user: User, position: int) -> tuple[list[matching.Part] | None, list[Refused]]:
    """Return the filter of what ``user`` may find now; None where it cannot be told before the index catches up."""
    behind = following.head() - position
    problems = [Refused("search.behind", acts=behind)] if behind >= BEHIND else []
    permitted = rights.filter_for(user)
    if behind <= 0:
        return permitted, problems
    hidden = rights.hidden(position)
    if hidden is None:
        return (permitted if rights.sees_everything(user) else None), problems
    return [*permitted, *rights.without(hidden)], problems


def needles_of(text: str) -> list[str]:
    """Return the folded words that a query asks for, as they are to be marked; none where it cannot be read."""
    try:
        return _needles(language.parse(text))
    except Refused:
        return []


def _needles(tree: language.Node) -> list[str]:
    return list(dict.fromkeys(needle for word in language.wanted(tree) if (needle := fold(word))))


def _checked(user: User, answer: Answer, needles: Sequence[str]) -> list[Hit]:
    """Return the hits that the database, too, lets ``user`` see, in their order."""
    uids = [uid for _, uid in answer.hits]
    documents = Prefetch("documents", Document.objects.prefetch_related("versions__blob"))
    related = Contract.objects.visible_to(user).select_related("counterparty", "department", "owner")
    contracts = {str(one.uid): one for one in related.filter(uid__in=uids).prefetch_related(documents)}
    rest = [uid for uid in uids if uid not in contracts] if answer.arrivals else []
    waiting = gathering.waiting().visible_to(user).filter(uid__in=rest).select_related("batch")
    arrivals = {str(one.uid): one for one in waiting} if rest else {}
    return [
        _hit(contracts.get(uid), arrivals.get(uid), score, needles)
        for score, uid in answer.hits
        if uid in contracts or uid in arrivals
    ]


def _hit(contract: Contract | None, arrival: Arrival | None, score: float, needles: Sequence[str]) -> Hit:
    if contract is not None:
        files = [_file(version.filename, version.blob.sha256) for version in gathering.current(contract)]
        return Hit(contract.uid, contract, None, score, excerpt(files, gathering.heading(contract), needles))
    assert arrival is not None
    files = [_file(arrival.filename, arrival.sha256)]
    head = [text for text in (arrival.number_read, arrival.title, arrival.filename) if text]
    return Hit(arrival.uid, None, arrival, score, excerpt(files, head, needles))


def _file(name: str, sha256: str) -> File:
    """Return a file as it was read; without pages where its text is gone for the moment."""
    paper = paper_of(sha256)
    return File(name, sha256, paper.pages if paper else [])


def _labelled(facets: dict[str, list[tuple[str, int]]]) -> dict[str, list[FacetValue]]:
    labels: dict[str, dict[str, str]] = {"status": names.status_labels(), "type": names.type_labels()}
    for name, rows in (("department", Department.objects.all()), ("customer", Company.objects.all())):
        keys = [int(value) for value, _ in facets.get(name, [])]
        labels[name] = {str(one.pk): str(one) for one in rows.filter(pk__in=keys)} if keys else {}
    return {
        name: [FacetValue(value, labels.get(name, {}).get(value, value), count) for value, count in values]
        for name, values in facets.items()
    }
