"""自定义字段的页: defined, filled in, shown, filtered, sorted, exported; who may not is refused."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from qidang.cast import Cast
from qidang.contracts.defining import close, define
from qidang.contracts.models import Company, Contract, CustomField
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db
Define = Callable[..., CustomField]
NEW = {"label": "质保期", "kind": "TEXT", "contract_type": "买卖合同", "position": "10", "active_from": "2026.1.1"}


@pytest.fixture
def field(cast: Cast) -> Define:
    """Define a field for all types by the archivist."""

    def make(label: str = "质保期", kind: str = "TEXT", **changes: Any) -> CustomField:
        return define(by=cast.archivist, label=label, kind=kind, active_from=dt.date(2020, 1, 1), **changes)

    return make


def values(cast: Cast, **changes: str) -> dict[str, str]:
    """Return what the registration form sends."""
    usual = {"title": "数控车床买卖合同", "counterparty_name": "澄湖机电有限公司", "contract_type": "买卖合同"}
    usual |= {"kind": "SALE", "secrecy": "INTERNAL", "unit": str(cast.department("qmj").uid), "currency": "CNY"}
    usual |= {"file_kind": "SCAN"}
    for rows in ("parties", "line_items", "instalments"):
        usual |= {f"{rows}-TOTAL_FORMS": "0", f"{rows}-INITIAL_FORMS": "0"}
    return usual | changes


def test_fields_are_defined_changed_closed_and_opened_again(cast: Cast, visit: Visit) -> None:
    client = visit(cast.archivist)
    assert "还没有自定义字段" in client.get("/custom-fields/").content.decode()
    answer = client.post("/custom-fields/", NEW | {"kind": "CHOICE", "options": "一年\n\n三年 "}, follow=True)
    assert "一年、三年" in answer.content.decode()
    one = CustomField.objects.get()
    client.post(f"/custom-fields/{one.uid}/", NEW | {"label": "质量保证期", "options": "一年\n两年"})
    one.refresh_from_db()
    assert (one.label, one.options, one.kind) == ("质量保证期", ["一年", "两年"], "CHOICE")
    client.post(f"/custom-fields/{one.uid}/closing/")
    assert "已停用" in client.get("/custom-fields/").content.decode()
    assert client.post(f"/custom-fields/{one.uid}/closing/").status_code == 409
    client.post(f"/custom-fields/{one.uid}/reopening/")
    assert "在用" in client.get("/custom-fields/").content.decode()


def test_a_name_that_is_taken_is_refused_on_the_page(cast: Cast, visit: Visit, field: Define) -> None:
    field(contract_type="买卖合同")
    answer = visit(cast.archivist).post("/custom-fields/", NEW)
    assert answer.status_code == 409
    assert "custom_field.name_taken" in answer.content.decode()
    assert visit(cast.archivist).post("/custom-fields/", NEW | {"active_from": ""}).status_code == 200


def test_who_keeps_no_rules_opens_no_page_of_fields(cast: Cast, visit: Visit, field: Define) -> None:
    one = field()
    for person in (cast.salesperson, cast.lawyer, cast.auditor):
        client = visit(person)
        assert client.get("/custom-fields/").status_code == 403
        assert client.post(f"/custom-fields/{one.uid}/closing/").status_code == 403
        assert "/custom-fields/" not in client.get("/").content.decode()


def test_a_contract_is_registered_with_values_and_shows_them(cast: Cast, visit: Visit, field: Define) -> None:
    text, money, rent = field(), field("保证金", "MONEY"), field("租金", contract_type="租赁合同")
    customer = field("最终用户", "CUSTOMER")
    client = visit(cast.salesperson)
    page = client.get("/contracts/new/").content.decode()
    assert 'data-for-type="租赁合同"' in page
    given = {text.name: "三年", money.name: "USD 1,000", rent.name: "", customer.name: "澄湖机电有限公司"}
    client.post("/contracts/new/", values(cast, **given))
    contract = Contract.objects.get()
    assert contract.custom[money.key] == {"amount": "1000.00", "currency": "USD"}
    shown = client.get(f"/contracts/{contract.uid}/").content.decode()
    assert "三年" in shown
    assert "1,000.00" in shown
    assert "租金" not in shown
    company = Company.objects.get(name="澄湖机电有限公司")
    assert shown.count(f'href="/companies/{company.uid}/"') == 2 or contract.custom[customer.key]["uid"] == ""


def test_what_is_wrong_is_said_beside_its_field(cast: Cast, visit: Visit, field: Define) -> None:
    must, number = field(is_required=True, contract_type="买卖合同"), field("台数", "NUMBER")
    rent = field("租金", contract_type="租赁合同")
    answer = visit(cast.salesperson).post("/contracts/new/", values(cast, **{number.name: "约三", rent.name: "1"}))
    errors = answer.context["form"].errors
    assert set(errors) == {must.name, number.name, rent.name}
    assert errors[rent.name] == ["只用于租赁合同"]
    assert not Contract.objects.exists()


def test_a_value_is_corrected_with_a_reason_and_history_tells(
    cast: Cast, visit: Visit, field: Define, make_contract: MakeContract
) -> None:
    one, person = field(), field("售后", "PERSON")
    contract = make_contract(custom={one.name: "三年", person.name: "离开的人"})
    client = visit(cast.salesperson)
    page = client.get(f"/contracts/{contract.uid}/edit/")
    form = page.context["form"]
    assert form.initial[one.name] == "三年"
    assert "离开的人" in page.content.decode()
    given = values(cast, title=contract.title, counterparty_name=contract.counterparty_name, edit_version="1")
    given |= {"department": str(contract.department.uid), "owner": str(contract.owner.uid)}
    given |= {one.name: "两年", person.name: "离开的人", "why": "写错了"}
    client.post(f"/contracts/{contract.uid}/edit/", given)
    contract.refresh_from_db()
    assert contract.custom[one.key] == "两年"
    assert contract.custom[person.key] == {"uid": "", "name": "离开的人"}
    log = client.get(f"/contracts/{contract.uid}/?tab=log").content.decode()
    assert "质保期" in log
    assert "三年" in log


def test_a_customer_out_of_reach_is_a_name_and_no_link(
    cast: Cast, visit: Visit, field: Define, make_contract: MakeContract
) -> None:
    one = field("最终用户", "CUSTOMER")
    hidden = Company.add(name="别处的有限公司", by=cast.administrator)
    contract = make_contract(custom={one.name: hidden})
    page = visit(cast.salesperson).get(f"/contracts/{contract.uid}/").content.decode()
    assert "别处的有限公司" in page
    assert str(hidden.uid) not in page


def test_the_register_shows_filters_sorts_and_exports_a_field(
    cast: Cast, visit: Visit, field: Define, make_contract: MakeContract
) -> None:
    number, area = field("台数", "NUMBER"), field("区域", "CHOICE", options=["华东", "华南"])
    make_contract(title="甲合同", custom={number.name: "9", area.name: "华东"})
    make_contract(title="乙合同", custom={number.name: "10", area.name: "华南"})
    client = visit(cast.salesperson)
    client.post("/lists/contracts/columns/", {"column": ["title", number.name, area.name], "next": "/contracts/"})
    page = client.get(f"/contracts/?sort={number.name}").content.decode()
    assert page.index("甲合同") < page.index("乙合同")
    assert "台数" in page
    page = client.get(f"/contracts/?more=1&{area.name}=华南").content.decode()
    assert "乙合同" in page
    assert "甲合同" not in page
    answer = client.get(f"/contracts/export/?{number.name}-to=9")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][-2:] == ["台数", "区域"]
    assert [row[-2:] for row in rows[1:]] == [[9, "华东"]]
    close(area, by=cast.archivist)
    assert "华东" in client.get("/contracts/").content.decode()


def test_the_register_asks_the_database_once_more_for_any_number_of_fields(
    cast: Cast, visit: Visit, field: Define, make_contract: MakeContract, django_assert_max_num_queries: Any
) -> None:
    fields = [field(f"字段{n}") for n in range(8)]
    make_contract(custom={one.name: "值" for one in fields})
    client = visit(cast.salesperson)
    client.post("/lists/contracts/columns/", {"column": [one.name for one in fields], "next": "/contracts/"})
    client.get("/contracts/")
    with django_assert_max_num_queries(8):  # session and person included
        client.get("/contracts/")
