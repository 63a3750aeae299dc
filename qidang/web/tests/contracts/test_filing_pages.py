"""归档, 撤销归档, 待归档, 档案库."""

import pytest
from pytest_django import DjangoAssertNumQueries

from qidang.cast import PASSWORD, Cast
from qidang.contracts.models import Contract
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db
PLACE: dict[str, str | int] = {"year": 2026, "retention": "D30", "org": "HDX"}


def test_the_archivist_files_and_the_code_is_the_one_previewed(cast: Cast, visit: Visit, contract: Contract) -> None:
    client = visit(cast.archivist)
    told = client.get(f"/contracts/{contract.uid}/filing/preview/", PLACE).content.decode()
    assert client.post(f"/contracts/{contract.uid}/filing/", PLACE).status_code == 302
    contract.refresh_from_db()
    assert contract.reference == told
    assert told in client.get("/holdings/").content.decode()


def test_a_contract_is_not_filed_twice(cast: Cast, visit: Visit, contract: Contract) -> None:
    client = visit(cast.archivist)
    client.post(f"/contracts/{contract.uid}/filing/", PLACE)
    answer = client.post(f"/contracts/{contract.uid}/filing/", PLACE)
    assert answer.status_code == 409
    assert "filing.filed_already" in answer.content.decode()


def test_a_filing_is_undone_by_two_people(cast: Cast, visit: Visit, contract: Contract) -> None:
    client = visit(cast.archivist)
    client.post(f"/contracts/{contract.uid}/filing/", PLACE)
    page = f"/contracts/{contract.uid}/unfiling/"
    alone = client.post(page, {"why": "归错了", "second": "archivist", "password": PASSWORD})
    assert alone.status_code == 409
    assert "filing.second_person" in alone.content.decode()
    both = client.post(page, {"why": "归错了", "second": "second_archivist", "password": PASSWORD})
    assert both.status_code == 302
    contract.refresh_from_db()
    assert contract.reference == ""


def test_what_waits_for_filing_is_listed_for_the_archivist_alone(cast: Cast, visit: Visit, contract: Contract) -> None:
    assert contract.title in visit(cast.archivist).get("/holdings/to-file/").content.decode()
    assert visit(cast.salesperson).get("/holdings/to-file/").status_code == 403


def test_the_records_fit_the_query_budget(
    cast: Cast, visit: Visit, make_contract: MakeContract, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = visit(cast.archivist)
    for number in range(3):
        made = make_contract(paper=f"正文{number}".encode())
        client.post(f"/contracts/{made.uid}/filing/", PLACE)
    client.get("/holdings/")
    with django_assert_max_num_queries(6):
        client.get("/holdings/")
