"""客户名单: the companies that a reader sees, filtered and sorted; the address of the list names both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from qidang.accounts.models import User
from qidang.contracts.dealings import OPEN
from qidang.contracts.models import Company, CompanyCode, Contract

SORTS = {"name": "name_key", "uscc": "uscc", "code": "code", "added": "added_at"}
LONGEST_TEXT = 100
ERP = "erp"


@dataclass(frozen=True, slots=True)
class CustomerFilters:
    """筛选. ``uscc``: missing or failed; ``erp``: with or without a code in the ERP; ``year``: of a signing."""

    q: str = ""
    kind: str = ""
    uscc: str = ""
    erp: str = ""
    open: str = ""
    year: int | None = None

    @classmethod
    def parsed(cls, query: QueryDict) -> CustomerFilters:
        """Return the filters that an address names; what cannot be understood is left out."""
        readers: dict[str, Callable[[str], Any]] = {
            "q": lambda text: text[:LONGEST_TEXT],
            "kind": lambda text: text if text in ("ours", "theirs") else "",
            "uscc": lambda text: text if text in ("missing", "failed") else "",
            "erp": lambda text: text if text in ("with", "without") else "",
            "open": lambda text: "1" if text == "1" else "",
            "year": lambda text: int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None,
        }
        return cls(**{one.name: readers[one.name](query.get(one.name, "").strip()) for one in fields(cls)})

    def query(self) -> str:
        """Return these filters as the query part of an address."""
        named = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode({name: value for name, value in named.items() if value})


@dataclass(frozen=True, slots=True)
class Customers:
    """客户名单 as ``user`` sees it under ``filters``, sorted by one of SORTS ("-" before it for downwards)."""

    user: User
    filters: CustomerFilters = field(default_factory=CustomerFilters)
    sort: str = ""

    @property
    def order(self) -> tuple[str, str]:
        """The columns that sort; an unknown name falls back to the company's name."""
        sign = "-" if self.sort.startswith("-") else ""
        column = SORTS.get(self.sort.removeprefix("-"))
        return (f"{sign}{column}", f"{sign}id") if column else ("name_key", "id")

    def companies(self) -> QuerySet[Company]:
        """Return everything filtered, unsorted."""
        given, found = self.filters, Company.objects.visible_to(self.user)
        if given.q:
            found = found.filter(pk__in=Company.objects.holding(given.q, self.user).values("pk"))
        if given.kind:
            found = found.filter(is_ours=given.kind == "ours")
        if given.uscc:
            found = found.filter(uscc="") if given.uscc == "missing" else found.exclude(uscc_failed="")
        if given.erp:
            coded = Q(pk__in=CompanyCode.objects.filter(system_key=ERP).values("company"))
            found = found.filter(coded if given.erp == "with" else ~coded)
        return found.filter(self._dealing()).order_by()

    def _dealing(self) -> Q:
        """Return the condition on companies with which there are such contracts, within what the reader may see."""
        if not (self.filters.open or self.filters.year):
            return Q()
        contracts = Contract.objects.visible_to(self.user)
        if self.filters.open:
            contracts = contracts.filter(status__in=OPEN)
        if self.filters.year:
            contracts = contracts.filter(year=self.filters.year)
        theirs = Q(pk__in=contracts.exclude(counterparty=None).values("counterparty"))
        return theirs | Q(is_ours=True, unit__in=contracts.values("unit"))
