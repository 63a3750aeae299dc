"""版式: how one person sees one list: which views are kept, which columns show, how close the rows stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import QueryDict

from qidang.web.answers import Asked
from qidang.web.lists.columns import Column, Words, chosen, in_wan
from qidang.web.models import SavedView

PAGING = ("after", "before", "page", "more")


@dataclass(frozen=True)
class Tab:
    """One saved view as a tab: a built-in one has no ``pk``."""

    name: Words
    query: str
    is_here: bool
    pk: int | None = None


@dataclass
class Arrangement:
    """What a list template needs besides its rows."""

    page: str
    columns: list[Column]
    all_columns: Sequence[Column]
    is_dense: bool
    in_wan: bool
    tabs: list[Tab]
    query: str
    sort: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def has_money(self) -> bool:
        """Whether any column shows money."""
        return any("money" in column.classes for column in self.all_columns)

    @property
    def is_saveable(self) -> bool:
        """Whether the present filters are not kept under any name yet."""
        return bool(self.query) and not any(tab.is_here for tab in self.tabs)


def views_of(request: Asked, page: str) -> list[SavedView]:
    """Return what the person keeps about ``page``; the session holds a copy, which saves a query a page."""
    copies: Any = request.session.get(f"list:{page}")
    if copies is None:
        kept = SavedView.objects.filter(user_id=request.user.pk, page=page)
        copies = list(kept.values("id", "name", "query", "columns", "is_dense", "in_wan"))
        request.session[f"list:{page}"] = copies
    return [SavedView(page=page, **copy) for copy in copies]


def settled(query: QueryDict) -> str:
    """Return the filters of a query string without paging and empty names, in a stable order."""
    pairs = [(name, value) for name, values in query.lists() for value in values if value and name not in PAGING]
    return urlencode(sorted(pairs))


def arrangement(
    request: Asked, page: str, columns: Sequence[Column], built_in: Sequence[tuple[Words, str]] = ()
) -> Arrangement:
    """Return how the person sees ``page``. ``built_in`` are (name, query) tabs that everybody has."""
    kept = views_of(request, page)
    last = next((view for view in kept if not view.name), SavedView())
    query = settled(request.GET)
    tabs = [Tab(name, given, _same(given, query)) for name, given in built_in]
    tabs += [Tab(view.name, view.query, _same(view.query, query), view.pk) for view in kept if view.name]
    here = next((view for view in kept if view.name and _same(view.query, query)), None)
    keys = (here.columns if here and here.columns else last.columns) or []
    return Arrangement(
        page=page,
        columns=in_wan(chosen(columns, keys)) if last.in_wan else chosen(columns, keys),
        all_columns=columns,
        is_dense=last.is_dense,
        in_wan=last.in_wan,
        tabs=tabs,
        query=query,
        sort=request.GET.get("sort", ""),
    )


def _same(one: str, other: str) -> bool:
    return sorted(parse_qsl(one)) == sorted(parse_qsl(other))
