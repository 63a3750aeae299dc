"""合同台账: the register, 50 rows at a time, filtered, sorted and totalled, within what the reader may see.

Pages are found by key, not by offset: blank values come last in either direction, so a page is read from one sort
index in one or two queries; totals and count are one more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import CharField, Count, Exists, F, FilteredRelation, OrderBy, OuterRef, Q, QuerySet, Sum
from django.http import QueryDict
from django.utils.http import urlencode

from qidang.accounts.models import Department, User
from qidang.contracts.choices import GONE, ContractType, FilingStatus, Status
from qidang.contracts.custom_filters import Wanted, wanted
from qidang.contracts.models import Contract, CustomField, NumberClash
from qidang.contracts.models.sets import lacking_originals
from qidang.kit import clock
from qidang.kit.amounts import parse_amount
from qidang.kit.dates import parse_date
from qidang.kit.ids import parse_uid
from qidang.kit.text import fold

PAGE = 50
FEW = 2000
LONGEST_TEXT = 100  # characters; every word of it is one more condition
SORTS = (
    "registered_at",
    "signed_on",
    "expires_on",
    "amount",
    "number",
    "title",
    "counterparty_name",
    "updated_at",
)
DEFAULT_SORT = "-registered_at"
CUSTOM_KEY: Any = CharField(null=True)  # what a custom field sorts by, beside the columns of the table
SHOWN_WITH = ("unit", "department", "owner", "counterparty")
CLASHING = Exists(NumberClash.objects.standing().filter(contract=OuterRef("pk"))) | Exists(
    NumberClash.objects.standing().filter(rival=OuterRef("pk"))
)


@dataclass(frozen=True, slots=True)
class Filters:
    """筛选. Every one that is set narrows; ``text`` looks into number, paper numbers, title and counterparty,
    ``kept`` into where and with whom the originals are; ``customs`` are what is asked of custom fields."""

    text: str = ""
    year: int | None = None
    contract_type: str = ""
    status: str = ""
    filing: str = ""
    unit: int | None = None
    department: int | None = None
    owner: int | None = None
    company: UUID | None = None
    currency: str = ""
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    signed_from: dt.date | None = None
    signed_to: dt.date | None = None
    expires_within: int | None = None
    missing_scan: bool = False
    missing_originals: bool = False
    kept: str = ""
    unchecked: bool = False
    historical: str = ""
    numbered: str = ""
    customs: tuple[Wanted, ...] = ()

    @classmethod
    def parsed(cls, query: QueryDict, *, today: dt.date, customs: Sequence[CustomField] = ()) -> Filters:
        """Return the filters that a page's address names; what cannot be understood is left out."""
        readers: dict[str, Callable[[str], Any]] = {
            "text": lambda text: text[:LONGEST_TEXT],
            "year": _whole,
            "unit": _whole,
            "department": _whole,
            "owner": _whole,
            "expires_within": _whole,
            "company": parse_uid,
            "amount_from": _money,
            "amount_to": _money,
            "signed_from": lambda text: parse_date(text, today),
            "signed_to": lambda text: parse_date(text, today),
            "missing_scan": _is_yes,
            "missing_originals": _is_yes,
            "kept": lambda text: text[:LONGEST_TEXT],
            "unchecked": _is_yes,
        }
        named: dict[str, Any] = {}
        for one in fields(cls):
            text = query.get(one.name, "").strip() if one.name != "customs" else ""
            value = readers.get(one.name, str)(text) if text else None
            if value not in (None, ""):
                named[one.name] = value
        return cls(**named, customs=tuple(wanted(query, customs)))

    def query(self) -> str:
        """Return these filters as the query part of an address, without what is not set."""
        asked = {name: text for one in self.customs for name, text in one.names().items()}
        return urlencode({name: _written(value) for name, value in self.set_ones().items()} | asked)

    def set_ones(self) -> dict[str, Any]:
        """Return the filters that are set, by name; not what is asked of custom fields."""
        return {
            one.name: value
            for one in fields(self)
            if one.name != "customs" and (value := getattr(self, one.name)) not in (None, "", False)
        }

    def condition(self, today: dt.date) -> Q:
        """Return the condition on contracts that these filters set."""
        found = Q()
        for word in self.text.split():
            found &= Q(lookup__contains=fold(word))
        for name, value in self.set_ones().items():
            if name != "text":
                found &= self._one(name, value, today)
        for one in self.customs:
            found &= one.condition()
        return found

    def _one(self, name: str, value: Any, today: dt.date) -> Q:
        if name == "department":
            return Q(department__in=_below(value).values("pk"))
        if name == "numbered":
            return _numbered(value)
        if name == "historical":
            return ~Q(past_state="") if value == "1" else Q(past_state="")
        if name == "expires_within":
            return Q(expires_on__gte=today, expires_on__lte=today + dt.timedelta(days=min(value, 36500)))
        if name == "missing_originals":
            return Q(pk__in=Contract.objects.filter(lacking_originals(today)).order_by().values("pk"))
        if name == "kept":
            return Q(pk__in=_kept(value).values("pk"))
        if name == "unchecked":
            return Q(unchecked__gt=0)
        columns = {
            "filing": "filing_status",
            "company": "counterparty__uid",
            "amount_from": "amount__gte",
            "amount_to": "amount__lte",
            "signed_from": "signed_on__gte",
            "signed_to": "signed_on__lte",
            "missing_scan": "has_scan",
        }
        return Q(**{columns.get(name, name): False if name == "missing_scan" else value})


@dataclass(frozen=True, slots=True)
class Total:
    """合计 of one currency: how many contracts, how many of them with an amount, and the sum."""

    currency: str
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Page:
    """一页: rows in order, totals and count over everything filtered, and the keys of the pages after and before."""

    rows: list[Contract]
    totals: list[Total]
    count: int
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """合同台账 as ``user`` sees it under ``filters``, sorted by one of SORTS, or by the name of one of ``customs``; "-"
    before it for downwards."""

    user: User
    filters: Filters = field(default_factory=Filters)
    sort: str = DEFAULT_SORT
    today: dt.date = field(default_factory=clock.today)
    customs: Sequence[CustomField] = ()

    @property
    def column(self) -> str:
        """The column that sorts; an unknown one falls back to the day of registration."""
        name = self.sort.removeprefix("-")
        if self._custom is not None:
            return "custom_key"
        return name if name in SORTS else DEFAULT_SORT.removeprefix("-")

    @property
    def is_down(self) -> bool:
        """Whether the sort runs downwards."""
        return self.sort.startswith("-")

    def contracts(self) -> QuerySet[Contract]:
        """Return everything filtered, unsorted; the withdrawn and the merged only where these are asked for."""
        if self.filters.status in GONE:
            among = Contract.objects.gone(self.user, self.filters.status)
        else:
            among = Contract.objects.visible_to(self.user)
        return among.filter(self.filters.condition(self.today)).order_by()

    def page(self, after: str = "", size: int = PAGE, before: str = "", *, totals: list[Total] | None = None) -> Page:
        """Return the page after the key ``after`` or before the key ``before`` (the first one without either).

        Two queries and the user's reach; one more where a page of many rows holds both valued and blank ones, and
        again where fewer rows than a page stand before ``before``. Who has the ``totals`` already gives them.
        """
        totals = self.totals() if totals is None else totals
        count = sum(total.count for total in totals)
        if not count:
            return Page([], totals, count)
        rows_from = self._few_rows if count <= FEW else self._rows
        if self._parsed(before)[1] and len(found := rows_from(before, size + 1, back=True)) >= size:
            rows = found[:size][::-1]
            earlier = self._key(rows[0]) if len(found) > size else ""
            return Page(rows, totals, count, self._key(rows[-1]), earlier)
        found = rows_from(after, size + 1)
        rows = found[:size]
        key = self._key(rows[-1]) if len(found) > size else ""
        earlier = self._key(rows[0]) if rows and self._parsed(after)[1] else ""
        return Page(rows, totals, count, key, earlier)

    def totals(self, selection: Iterable[UUID] | None = None) -> list[Total]:
        """Return the sums per currency of everything filtered, or of the selected uids among it."""
        chosen = self.contracts()
        if selection is not None:
            chosen = chosen.filter(uid__in=list(selection))
        sums = chosen.values("currency").annotate(count=Count("*"), amount=Sum("amount")).order_by("currency")
        return [Total(row["currency"], row["count"], row["amount"] or Decimal(0)) for row in sums]

    def all_rows(self, size: int = 1000) -> Iterator[Contract]:
        """Yield everything filtered in order, for an export; read ``size`` rows at a time."""
        rows = self._rows("", size)
        while rows:
            yield from rows
            rows = self._rows(self._key(rows[-1]), size) if len(rows) == size else []

    def _few_rows(self, key: str, size: int, *, back: bool = False) -> list[Contract]:
        """Return the next rows of a few, found one by one and sorted by their keys: quicker than any sort index.

        The planner cannot know that they are few; the inner limit keeps PostgreSQL from turning the subquery into a
        join of the whole table with itself.
        """
        few = self._keyed(Contract.objects.filter(pk__in=self.contracts().values("pk")[: FEW + 1]))
        falls = self.is_down != back
        blanks = {"nulls_first": True} if back else {"nulls_last": True}
        order = (OrderBy(F(self.column), descending=falls, **blanks), "-pk" if falls else "pk")
        keys = few.filter(self._beyond(key, back)).order_by(*order).values("pk")[:size]
        found = self._keyed(Contract.objects.filter(pk__in=keys)).annotate(is_clashing=CLASHING)
        return list(found.select_related(*SHOWN_WITH).order_by(*order))

    @property
    def _custom(self) -> CustomField | None:
        name = self.sort.removeprefix("-")
        return next((one for one in self.customs if one.name == name), None)

    def _keyed(self, found: QuerySet[Contract]) -> QuerySet[Contract]:
        """Join the key of the custom field that sorts, where one does."""
        if self._custom is None:
            return found
        join = FilteredRelation("custom_values", condition=Q(custom_values__field=self._custom.pk))
        return found.annotate(sorting=join, custom_key=F("sorting__key"))

    def _beyond(self, key: str, back: bool) -> Q:
        """Return the condition on the rows that come after the key, blank ones last; before it on the way back."""
        value, last = self._parsed(key)
        if not last:
            return Q()
        column, beyond = self.column, "lt" if self.is_down != back else "gt"
        blank, further = Q(**{f"{column}__isnull": True}), Q(**{f"pk__{beyond}": last})
        if value is None:
            return (~blank | further) if back else (blank & further)
        valued = Q(**{f"{column}__{beyond}": value}) | (Q(**{column: value}) & further)
        return valued if back or not self._field.null else valued | blank

    def _rows(self, key: str, size: int, *, back: bool = False) -> list[Contract]:
        """Return the next rows in order, those with a value first, then the blank ones; ``back`` goes the other way."""
        value, last = self._parsed(key)
        source = self._keyed(self.contracts()).select_related(*SHOWN_WITH).annotate(is_clashing=CLASHING)
        is_blank = bool(last) and value is None
        rows: list[Contract] = []
        for blank in (True, False) if back else (False, True):
            if (blank and not self._field.null) or len(rows) >= size:
                continue
            if last and blank != is_blank and blank == back:
                continue  # that part lies behind the key
            from_here = last if blank == is_blank else 0
            part = (
                self._without_value(source, from_here, back)
                if blank
                else self._with_value(source, value, from_here, back)
            )
            rows += part[: size - len(rows)]
        return rows

    def _with_value(self, found: QuerySet[Contract], value: Any, last: int, back: bool) -> QuerySet[Contract]:
        column, falls = self.column, self.is_down != back
        beyond = "lt" if falls else "gt"
        if self._field.null:
            found = found.filter(**{f"{column}__isnull": False})
        if last:
            here = Q(**{column: value}) & Q(**{f"pk__{beyond}": last})
            found = found.filter(**{f"{column}__{beyond}e": value}).filter(Q(**{f"{column}__{beyond}": value}) | here)
        sign = "-" if falls else ""
        return found.order_by(f"{sign}{column}", f"{sign}pk")

    def _without_value(self, source: QuerySet[Contract], last: int, back: bool) -> QuerySet[Contract]:
        falls = self.is_down != back
        found = source.filter(**{f"{self.column}__isnull": True})
        if last:
            found = found.filter(**{"pk__lt" if falls else "pk__gt": last})
        return found.order_by("-pk" if falls else "pk")

    @property
    def _field(self) -> Any:
        return CUSTOM_KEY if self._custom is not None else Contract._meta.get_field(self.column)

    def _key(self, row: Contract) -> str:
        value = getattr(row, self.column)
        return f"{row.pk}~{'' if value is None else _written(value)}~{'' if value is None else 'v'}"

    def _parsed(self, after: str) -> tuple[Any, int]:
        """Return (value, pk) of a page key; (None, 0) for the first page or a key that is none."""
        pk, _, rest = after.partition("~")
        text, _, mark = rest.rpartition("~")
        if not (pk.isascii() and pk.isdigit()):
            return None, 0
        if mark != "v":
            return None, int(pk)
        try:
            return self._field.to_python(text), int(pk)
        except (ValidationError, ValueError, TypeError, ArithmeticError):
            return None, 0


def choices() -> dict[str, Any]:
    """Return what the filter row offers for the closed lists."""
    return {
        "contract_type": ContractType.choices,
        "status": [one for one in Status.choices if one[0] not in GONE],
        "filing": FilingStatus.choices,
    }


def _below(pk: int) -> QuerySet[Department]:
    top = Department.objects.filter(pk=pk).values("path")[:1]
    return Department.objects.filter(path__startswith=top)


def _kept(words: str) -> QuerySet[Contract]:
    """Return the contracts whose place, holder or binder holds every word; found in an index of these three."""
    found = Contract.objects.order_by()
    for word in words.split():
        found = found.filter(Q(place__icontains=word) | Q(original_holder__icontains=word) | Q(binder__icontains=word))
    return found


def _is_yes(text: str) -> bool:
    return text in ("1", "true", "on")


def _numbered(value: str) -> Q:
    """编号: none at all, one on paper only, or one that another contract bears too."""
    if value == "clash":
        standing = NumberClash.objects.standing()
        return Q(pk__in=standing.values("contract")) | Q(pk__in=standing.values("rival"))
    return Q(number="") & (~Q(number_on_paper="") if value == "paper" else Q(number_on_paper=""))


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _money(text: str) -> Decimal | None:
    amount = parse_amount(text)
    return None if amount is None or abs(amount) >= 10**15 else round(amount, 2)


def _written(value: Any) -> str:
    if value is True:
        return "1"
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
