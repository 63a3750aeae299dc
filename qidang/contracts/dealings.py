"""往来: what one company's contracts come to, within what the reader may see: by year and currency, never across."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from qidang.contracts.choices import Status
from qidang.contracts.models import Company, Contract
from qidang.contracts.register import Register, Total

OPEN = (Status.IN_FORCE, Status.PENDING)
VOID, RUNNING, PAST = 0, 1, 2


@dataclass(frozen=True, slots=True)
class YearSum:
    """One year's contracts in one currency: how many and how much; void ones are counted apart and never added."""

    year: int
    currency: str
    count: int = 0
    amount: Decimal = Decimal(0)
    running: int = 0
    running_amount: Decimal = Decimal(0)
    void: int = 0


@dataclass(frozen=True, slots=True)
class Dealings(Register):
    """The contracts with ``company``, or, where it is one of ours, those of its legal unit."""

    company: Company | None = None

    def contracts(self) -> QuerySet[Contract]:
        """Return the contracts with the company that the reader may see, unsorted."""
        assert self.company is not None
        return Register.contracts(self).filter(of_company(self.company))

    def sums(self) -> list[YearSum]:
        """Return the sums by year (newest first) and currency; one query."""
        standing = Case(
            When(status=Status.VOID, then=Value(VOID)),
            When(status__in=OPEN, then=Value(RUNNING)),
            default=Value(PAST),
            output_field=IntegerField(),
        )
        rows = (
            self.contracts()
            .values("year", "currency")
            .annotate(standing=standing)
            .values("year", "currency", "standing")
        )
        found = rows.annotate(count=Count("*"), amount=Sum("amount")).order_by("-year", "currency")
        cells: dict[tuple[int, str], dict[int, tuple[int, Decimal]]] = {}
        for row in found:
            cell = cells.setdefault((row["year"], row["currency"]), {})
            cell[row["standing"]] = (row["count"], row["amount"] or Decimal(0))
        return [_summed(year, currency, cell) for (year, currency), cell in cells.items()]


def of_company(company: Company) -> Q:
    """Return the condition on contracts that makes them ``company``'s."""
    return Q(unit=company.unit_id) if company.is_ours and company.unit_id else Q(counterparty=company.pk)


def _summed(year: int, currency: str, cell: dict[int, tuple[int, Decimal]]) -> YearSum:
    none = (0, Decimal(0))
    running, running_amount = cell.get(RUNNING, none)
    past, past_amount = cell.get(PAST, none)
    void, _ = cell.get(VOID, none)
    return YearSum(year, currency, running + past, running_amount + past_amount, running, running_amount, void)


def by_currency(sums: Iterable[YearSum]) -> list[YearSum]:
    """Return ``sums`` over all years, one per currency."""
    found: dict[str, list[YearSum]] = {}
    for one in sums:
        found.setdefault(one.currency, []).append(one)
    return [
        YearSum(
            0,
            currency,
            sum(one.count for one in years),
            sum((one.amount for one in years), Decimal(0)),
            sum(one.running for one in years),
            sum((one.running_amount for one in years), Decimal(0)),
            sum(one.void for one in years),
        )
        for currency, years in sorted(found.items())
    ]


def totals(sums: Iterable[YearSum]) -> list[Total]:
    """Return ``sums`` as the totals of a register page, void contracts counted too."""
    return [Total(one.currency, one.count + one.void, one.amount) for one in by_currency(sums)]
