"""合同台账: pages, totals and filters, within what the reader may see."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from qidang.accounts.models import User
from qidang.cast import Cast
from qidang.contracts import register as room
from qidang.contracts.models import Contract
from qidang.contracts.register import SORTS, Filters, Register
from qidang.contracts.tests.conftest import CUSTOMER, PaperMaker, Registrar

TODAY = dt.date(2026, 6, 30)


@pytest.fixture
def seven(registered: Registrar) -> list[Contract]:
    """Seven contracts: two without an amount, two currencies, one without a signing day."""
    amounts = ["100.10", "250000.00", None, "100.10", "99.99", None, "7.00"]
    return [
        registered(
            title=f"合同{no}",
            amount=None if amount is None else Decimal(amount),
            currency="USD" if no == 4 else "CNY",
            signed_on=None if no == 5 else dt.date(2020 + no, 1, 1),
        )
        for no, amount in enumerate(amounts)
    ]


def walked(register: Register, size: int) -> list[str]:
    """Return the titles of all pages of ``size``."""
    titles: list[str] = []
    page = register.page(size=size)
    titles += [row.title for row in page.rows]
    while page.after:
        page = register.page(page.after, size=size)
        titles += [row.title for row in page.rows]
    return titles


def walked_back(register: Register, size: int) -> list[list[str]]:
    """Return the titles of all pages of ``size``, from the last one back to the first, in order."""
    page = register.page(size=size)
    while page.after:
        page = register.page(page.after, size=size)
    pages = [[row.title for row in page.rows]]
    while page.before:
        page = register.page(before=page.before, size=size)
        pages.insert(0, [row.title for row in page.rows])
    return pages


def reader(name: str = "archivist") -> User:
    """Return a fresh user object."""
    return User.objects.get(username=name)


@pytest.mark.parametrize("column", SORTS)
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("few", [0, 2000])
def test_paging_gives_every_row_once_in_one_order_with_the_blanks_last(
    seven: list[Contract], monkeypatch: pytest.MonkeyPatch, column: str, sign: str, few: int
) -> None:
    monkeypatch.setattr(room, "FEW", few)
    register = Register(reader(), sort=f"{sign}{column}", today=TODAY)
    whole = walked(register, 50)
    assert sorted(whole) == sorted(contract.title for contract in seven)
    assert walked(register, 2) == walked(register, 3) == whole == [row.title for row in register.all_rows(2)]
    if column == "amount":
        assert set(whole[-2:]) == {"合同2", "合同5"}


@pytest.mark.parametrize("column", SORTS)
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 6, 7])
def test_paging_back_gives_the_pages_one_came_by(seven: list[Contract], column: str, sign: str, size: int) -> None:
    register = Register(reader(), sort=f"{sign}{column}", today=TODAY)
    whole = walked(register, 50)
    assert walked_back(register, size) == [whole[at : at + size] for at in range(0, 7, size)]


def test_where_less_than_a_page_stands_before_the_first_page_comes_whole(seven: list[Contract]) -> None:
    register = Register(reader(), sort="title", today=TODAY)
    third = register.page(size=3, after=register.page(size=2).after)
    assert [row.title for row in third.rows] == ["合同2", "合同3", "合同4"]
    first = register.page(size=3, before=third.before)
    assert [row.title for row in first.rows] == ["合同0", "合同1", "合同2"]
    assert first.before == ""
    assert first.count == 7


def test_totals_are_exact_and_apart_by_currency_for_all_and_for_a_selection(seven: list[Contract]) -> None:
    register = Register(reader(), today=TODAY)
    page = register.page(size=2)
    assert page.count == 7
    assert [(one.currency, one.count, one.amount) for one in page.totals] == [
        ("CNY", 6, Decimal("250207.20")),
        ("USD", 1, Decimal("99.99")),
    ]
    chosen = register.totals(selection=[seven[0].uid, seven[3].uid])
    assert [(one.currency, one.count, one.amount) for one in chosen] == [("CNY", 2, Decimal("200.20"))]


def test_a_selection_counts_nothing_that_the_reader_may_not_see(cast: Cast, seven: list[Contract]) -> None:
    assert Register(reader("rival"), today=TODAY).totals(selection=[seven[0].uid]) == []
    assert Register(reader("rival"), today=TODAY).page() == room.Page([], [], 0)


def test_each_filter_narrows(cast: Cast, registered: Registrar, a_paper: PaperMaker) -> None:
    wanted = registered(
        title="轴承采购 ＡＢ",
        number_on_paper="BH-77/甲",
        amount=Decimal("5000"),
        currency="EUR",
        contract_type="承揽合同",
        signed_on=dt.date(2025, 2, 3),
        expires_on=TODAY + dt.timedelta(days=30),
        counterparty_name="无锡远帆机械有限公司",
        paper=a_paper(kind="SCAN"),
    )
    other = registered(by="rival", paper=a_paper("b"))
    other.mark_filed("QMJ·2026-D30-1")
    narrowing = [
        Filters(text="轴承"),
        Filters(text="ab 远帆"),
        Filters(text="bh-77/甲"),
        Filters(year=2025),
        Filters(contract_type="承揽合同"),
        Filters(filing="UNFILED"),
        Filters(department=cast.department("sales_east").pk),
        Filters(owner=cast.salesperson.pk),
        Filters(company=wanted.counterparty.uid if wanted.counterparty else None),
        Filters(currency="EUR"),
        Filters(amount_to=Decimal("5000")),
        Filters(signed_to=dt.date(2025, 12, 31)),
        Filters(expires_within=30),
    ]
    for filters in narrowing:
        assert [row.pk for row in Register(reader(), filters, today=TODAY).page().rows] == [wanted.pk], filters
    for filters in (Filters(missing_scan=True), Filters(filing="FILED"), Filters(amount_from=Decimal("5000.01"))):
        assert [row.pk for row in Register(reader(), filters, today=TODAY).page().rows] == [other.pk], filters
    both = Filters(department=cast.department("sales").pk, unit=cast.department("qmj").pk)
    assert Register(reader(), both, today=TODAY).page().count == 2
    assert Register(reader(), Filters(expires_within=29), today=TODAY).page().count == 0
    assert Register(reader(), Filters(text="%"), today=TODAY).page().count == 0


def test_filters_go_into_an_address_and_come_back(cast: Cast) -> None:
    filters = Filters(
        text="轴承 阀门",
        year=2025,
        amount_from=Decimal("10000"),
        signed_from=dt.date(2025, 1, 2),
        missing_scan=True,
        company=cast.salesperson.uid,
    )
    assert Filters.parsed(QueryDict(filters.query()), today=TODAY) == filters


def test_what_an_address_says_wrongly_is_left_out() -> None:
    query = QueryDict("year=MMXX&amount_from=1.5万&signed_from=2025.1.2&owner=-1&company=x&missing_scan=no")
    assert Filters.parsed(query, today=TODAY) == Filters(amount_from=Decimal("15000"), signed_from=dt.date(2025, 1, 2))


def test_an_amount_finer_or_larger_than_money_never_breaks_the_page(cast: Cast) -> None:
    for text in ("1.239", "9" * 30, "99999999999999999"):
        filters = Filters.parsed(QueryDict(f"amount_from={text}&expires_within=999999999"), today=TODAY)
        assert Register(reader(), filters, today=TODAY).page().count == 0


@pytest.mark.parametrize("after", ["x", "1", "1~~", "9~abc~v", "~~v", "99999999999999999999~1~v", "3~2020-13-99~v"])
def test_a_page_key_that_is_none_never_breaks_the_page(seven: list[Contract], after: str) -> None:
    for sort in ("-amount", "signed_on", "title"):
        Register(reader(), sort=sort, today=TODAY).page(after)
        Register(reader(), sort=sort, today=TODAY).page(before=after)


def test_an_unknown_sort_falls_back_to_the_day_of_registration(seven: list[Contract]) -> None:
    assert walked(Register(reader(), sort="password", today=TODAY), 50)[0] == "合同0"


def test_a_page_asks_four_questions_at_most(cast: Cast, seven: list[Contract]) -> None:
    user = reader("manager")
    with CaptureQueriesContext(connection) as asked:
        page = Register(user, Filters(year=2022, text=CUSTOMER), "-amount", TODAY).page()
        assert [(str(row.unit), str(row.owner), str(row.counterparty)) for row in page.rows]
    assert len(asked) <= 4
