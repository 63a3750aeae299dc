"""客户名单: filters and sorts, within what the reader may see."""

import datetime as dt

import pytest
from django.http import QueryDict

from qidang.accounts.models import User
from qidang.cast import Cast
from qidang.contracts.customers import CustomerFilters, Customers
from qidang.contracts.models import Company, CompanyCode
from qidang.contracts.tests.conftest import Registrar
from qidang.contracts.tests.test_companies import CODE
from qidang.kit import clock

pytestmark = pytest.mark.django_db
RUNNING, PAST, SUZHOU, NEW = "在履行有限公司", "已到期有限公司", "苏州客户有限公司", "没合同有限公司"


def listed(user: User, query: str = "", sort: str = "") -> list[str]:
    """Return the names of the list under a query."""
    customers = Customers(user, CustomerFilters.parsed(QueryDict(query)), sort)
    return list(customers.companies().filter(is_ours=False).order_by(*customers.order).values_list("name", flat=True))


@pytest.fixture
def companies(cast: Cast, registered: Registrar, our_company: Company) -> None:
    """Customers with and without codes, with contracts that run and that ended."""
    day = clock.today()
    Company.add(name=NEW, uscc=CODE, code="K9", by=cast.archivist)
    CompanyCode.add(Company.objects.get(name=NEW), "Erp", "1", by=cast.archivist)
    ahead = {"in_force_on": day, "expires_on": day + dt.timedelta(30)}
    registered(counterparty_name=RUNNING, signed_on=day, **ahead)
    registered(counterparty_name=PAST, signed_on=dt.date(2019, 5, 1), expires_on=dt.date(2020, 5, 1))
    registered(
        counterparty_name=SUZHOU, by="suzhou", signed_on=dt.date(2019, 5, 1), unit=cast.suzhou.department, **ahead
    )
    Company.objects.filter(name=PAST).update(uscc_failed="9132")


@pytest.mark.usefixtures("companies")
def test_the_list_is_narrowed_and_sorted(cast: Cast) -> None:
    everything = {RUNNING, PAST, SUZHOU, NEW}
    assert set(listed(cast.archivist)) == everything
    assert set(listed(cast.archivist, "uscc=missing")) == everything - {NEW}
    assert listed(cast.archivist, "uscc=failed") == [PAST]
    assert listed(cast.archivist, "erp=with") == [NEW]
    assert set(listed(cast.archivist, "erp=without")) == everything - {NEW}
    assert set(listed(cast.archivist, "open=1")) == {RUNNING, SUZHOU}
    assert set(listed(cast.archivist, "year=2019")) == {PAST, SUZHOU}
    assert listed(cast.archivist, "year=2019&open=1") == [SUZHOU]
    assert listed(cast.archivist, "q=没合同") == [NEW]
    assert listed(cast.archivist, "kind=ours") == []
    assert listed(cast.archivist, "uscc=x&erp=y&open=z&year=二〇&kind=w", "nothing") == sorted(everything)
    assert listed(cast.archivist, sort="-name") == sorted(everything, reverse=True)
    assert listed(cast.archivist, sort="-code")[0] == NEW


@pytest.mark.usefixtures("companies")
def test_contracts_that_the_reader_may_not_see_narrow_nothing(cast: Cast) -> None:
    assert set(listed(cast.salesperson)) == {RUNNING, PAST}
    Company.objects.filter(name=SUZHOU).update(added_by=cast.salesperson)
    assert set(listed(cast.salesperson)) == {RUNNING, PAST, SUZHOU}
    assert listed(cast.salesperson, "open=1") == [RUNNING]
    assert listed(cast.salesperson, "year=2019") == [PAST]


@pytest.mark.usefixtures("companies")
def test_own_companies_count_by_their_unit(cast: Cast, our_company: Company) -> None:
    filters = CustomerFilters(kind="ours", open="1")
    assert list(Customers(cast.archivist, filters).companies()) == [our_company]
    assert CustomerFilters.parsed(QueryDict(filters.query())) == filters
