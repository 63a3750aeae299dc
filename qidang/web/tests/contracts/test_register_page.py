"""合同台账."""

import io
from decimal import Decimal

import openpyxl
import pytest
from pytest_django import DjangoAssertNumQueries

from qidang.cast import Cast
from qidang.ledger import Entry
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db
HTML_BUDGET = 80 * 1024
QUERY_BUDGET = 7  # five of its own, and session and person


def test_the_register_lists_what_the_person_may_see(cast: Cast, visit: Visit, make_contract: MakeContract) -> None:
    make_contract(title="华东的合同")
    make_contract(by=cast.rival, title="华南的合同")
    page = visit(cast.salesperson).get("/contracts/").content.decode()
    assert "华东的合同" in page
    assert "华南的合同" not in page


def test_who_may_read_no_contract_is_refused(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.outsider).get("/contracts/")
    assert answer.status_code == 403
    assert "accounts.not_allowed" in answer.content.decode()


def test_fifty_rows_fit_the_budgets(
    cast: Cast, visit: Visit, make_contract: MakeContract, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(52):
        make_contract(title=f"第{number}份伺服驱动器及控制系统采购合同")
    client = visit(cast.salesperson)
    client.get("/contracts/")
    with django_assert_max_num_queries(QUERY_BUDGET):
        answer = client.get("/contracts/?status=IN_FORCE&contract_type=买卖合同&signed_from=2026.1.1&more=1")
    assert len(answer.content) <= HTML_BUDGET
    assert answer.content.decode().count("<tr data-glance") == 50
    assert 'rel="next"' in answer.content.decode()


def test_a_fresh_address_leads_back_and_keeps_filters_and_total(
    cast: Cast, visit: Visit, make_contract: MakeContract
) -> None:
    for number in range(105):
        make_contract(title=f"第{number}份合同")
    client = visit(cast.salesperson)
    pages = ["/contracts/?sort=title"]
    for _step in range(2):
        after = client.get(pages[-1]).context["sheet"].after
        pages.append(f"/contracts/?sort=title&after={after}")
    last = visit(cast.salesperson).get(pages[-1])
    assert len(last.context["sheet"].rows) == 5
    back = client.get(f"/contracts/?sort=title&before={last.context['sheet'].before}")
    assert [one.pk for one in back.context["sheet"].rows] == [
        one.pk for one in client.get(pages[1]).context["sheet"].rows
    ]
    assert "共 <b>105</b> 份" in back.content.decode()
    assert 'rel="prev"' in back.content.decode()


def test_totals_stand_per_currency(cast: Cast, visit: Visit, make_contract: MakeContract) -> None:
    make_contract(amount=Decimal("1000000.10"))
    make_contract(amount=Decimal("234567.79"))
    make_contract(amount=Decimal("99.00"), currency="USD")
    page = visit(cast.salesperson).get("/contracts/").content.decode()
    assert "¥1,234,567.89" in page
    assert "US$99.00" in page


def test_money_is_read_in_ten_thousands_by_who_likes_it_so(
    cast: Cast, visit: Visit, make_contract: MakeContract
) -> None:
    make_contract(amount=Decimal("1234567.89"))
    client = visit(cast.salesperson)
    client.post("/lists/contracts/columns/", {"column": ["amount"], "money": "wan", "next": "/contracts/"})
    assert client.get("/contracts/").content.decode().count("¥123.46万") == 2


def test_the_export_holds_exactly_the_columns_and_rows_shown(
    cast: Cast, visit: Visit, make_contract: MakeContract
) -> None:
    make_contract(title="=SUM(A1)", amount=Decimal("88.88"))
    make_contract(title="另一份", amount=None)
    client = visit(cast.salesperson)
    client.post("/lists/contracts/columns/", {"column": ["amount"], "next": "/contracts/"})
    answer = client.get("/contracts/export/?text=SUM")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [rows[0], rows[1][1:]] == [("合同编号", "合同名称", "合同金额"), ("'=SUM(A1)", 88.88)]
    assert len(rows) == 2
    assert Entry.objects.filter(act="register.exported").exists()


def test_chosen_rows_are_exported_alone(cast: Cast, visit: Visit, make_contract: MakeContract) -> None:
    chosen = make_contract(title="选中的")
    make_contract(title="没选的")
    answer = visit(cast.salesperson).post("/contracts/export/", {"pick": [str(chosen.uid)]})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["选中的"]


def test_a_view_is_kept_under_a_name_and_dropped_again(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    client.get("/contracts/")
    client.post("/lists/contracts/views/", {"name": "大单", "query": "amount_from=1000000", "next": "/contracts/"})
    page = client.get("/contracts/?amount_from=1000000").content.decode()
    assert "大单" in page
    assert "大单" not in visit(cast.colleague).get("/contracts/").content.decode()
    drop = page.split("/lists/contracts/views/")[-1].split("/")[0]
    client.post(f"/lists/contracts/views/{drop}/drop/", {"next": "/contracts/"})
    assert "大单" not in client.get("/contracts/").content.decode()
