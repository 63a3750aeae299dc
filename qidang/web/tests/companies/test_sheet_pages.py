"""客户表的页: template, trial, import, undo, and the export that comes back as an import."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.tasks import default_task_backend
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qidang.cast import Cast
from qidang.contracts.choices import Source
from qidang.contracts.models import Company, CompanyCode, Contract, CustomerSheet
from qidang.contracts.registering import drafted, register_many
from qidang.contracts.tests.conftest import values
from qidang.contracts.tests.test_companies import CODE
from qidang.kit.sheets import write_sheet
from qidang.ledger.models import Entry
from qidang.web.companies import sheets
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db
PAGE = "/companies/import/"
HEAD = ["客户名称", "税号", "ERP编码", "联系电话", "区域"]


def tried(client: Client, head: list[str], *rows: list[str]) -> CustomerSheet:
    """Send a sheet; return it as it was tried."""
    file = SimpleUploadedFile("客户.xlsx", write_sheet(rows, head))
    assert client.post(PAGE, {"file": file}).status_code == 302
    return CustomerSheet.objects.latest("id")


def test_a_sheet_is_tried_taken_in_and_undone(cast: Cast, visit: Visit) -> None:
    client = visit(cast.archivist)
    rows = [["甲客户<x>有限公司", CODE, "10023", "+86 512 6001", "华东"], ["乙客户有限公司", CODE, "", "", ""]]
    sheet = tried(client, HEAD, *rows)
    page = client.get(f"/companies/imports/{sheet.uid}/").content.decode()
    assert "会写入 1 行" in page
    assert "与第 2 行说的是同一家" in page
    assert "没有认出、不导入的列：区域" in page
    assert "<x>" not in page
    assert not Company.objects.filter(uscc=CODE).exists()
    done = client.post(f"/companies/imports/{sheet.uid}/", follow=True).content.decode()
    company = Company.objects.get(uscc=CODE)
    assert company.phone == "+86 512 6001"
    assert f"/companies/{company.uid}/" in done
    assert "从客户表导入了公司资料" in client.get(f"/companies/{company.uid}/?tab=log").content.decode()
    assert client.post(f"/companies/imports/{sheet.uid}/").status_code == 409
    assert client.post(f"/companies/imports/{sheet.uid}/undoing/", {"why": ""}).status_code == 409
    undone = client.post(f"/companies/imports/{sheet.uid}/undoing/", {"why": "选错了文件"}, follow=True)
    assert "选错了文件" in undone.content.decode()
    assert not Company.objects.filter(uscc=CODE).exists()
    assert "已撤销" in client.get(PAGE).content.decode()


def test_what_is_exported_comes_back_unchanged(cast: Cast, visit: Visit, contract: Contract) -> None:
    client, customer = visit(cast.archivist), contract.counterparty
    assert customer is not None
    customer.add_alias("-江川", by=cast.archivist)
    CompanyCode.add(customer, "ERP", "=10023", by=cast.archivist)
    client.post("/lists/companies/columns/", {"column": ["uscc", "aliases", "code", "codes", "address"]})
    answer = client.get("/companies/export/")
    file = SimpleUploadedFile("导出.xlsx", answer.content)
    assert client.post(PAGE, {"file": file}).status_code == 302
    assert {row.state for row in CustomerSheet.objects.get().rows.all()} == {"same"}


def test_the_export_holds_what_is_filtered_and_stands_in_the_log(cast: Cast, visit: Visit, contract: Contract) -> None:
    assert contract.counterparty is not None
    other = Company.add(name="别的客户有限公司", by=cast.archivist)
    client = visit(cast.salesperson)
    file = SimpleUploadedFile("导出.xlsx", client.get("/companies/export/").content)
    visit(cast.archivist).post(PAGE, {"file": file})
    names = {row.name for row in CustomerSheet.objects.get().rows.all()}
    assert contract.counterparty.name in names
    assert other.name not in names
    assert Entry.objects.get(act="companies.exported").chain == "reads"


def test_companies_that_came_with_one_ledger_are_each_told_of_themselves(
    cast: Cast, visit: Visit, contract: Contract
) -> None:
    names = ("甲客户有限公司", "乙客户有限公司")
    drafts = [drafted(values(cast, counterparty_name=name), by=cast.salesperson, said={}) for name in names]
    register_many(drafts, contract, by=cast.salesperson, source=Source.LEDGER_SHEET)
    second = Company.objects.get(name=names[1])
    log = visit(cast.salesperson).get(f"/companies/{second.uid}/?tab=log").content.decode()
    assert "新增了公司“乙客户有限公司”" in log
    assert names[0] not in log


def test_rows_that_take_long_are_the_workers(
    cast: Cast, visit: Visit, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend", "QUEUES": []}}
    monkeypatch.setattr(sheets, "PATIENCE", 0.0)
    client = visit(cast.archivist)
    sheet = tried(client, ["名称", "地址"], *([f"第{n}号有限公司", "某路"] for n in range(9)))
    page = client.post(f"/companies/imports/{sheet.uid}/", follow=True).content.decode()
    assert default_task_backend.results[-1].task.name == "carry_on_customer_sheets"  # type: ignore[attr-defined]
    assert "hx-trigger" in page
    part = client.get(f"/companies/imports/{sheet.uid}/?state=added", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_the_template_has_the_columns_that_are_known(cast: Cast, visit: Visit) -> None:
    client = visit(cast.archivist)
    template = client.get(f"{PAGE}template/").content
    file = SimpleUploadedFile("模板.xlsx", template)
    answer = client.post(PAGE, {"file": file})
    assert answer.status_code == 409
    assert "表头下面没有内容" in answer.content.decode()


def test_what_is_no_list_of_customers_is_refused(cast: Cast, visit: Visit) -> None:
    client = visit(cast.archivist)
    assert client.post(PAGE, {"file": SimpleUploadedFile("别的.csv", "甲,乙\n1,2\n".encode())}).status_code == 409
    assert client.post(PAGE, {}).status_code == 200


def test_who_keeps_no_companies_is_refused(cast: Cast, visit: Visit) -> None:
    sheet = tried(visit(cast.archivist), ["名称", "地址"], ["甲有限公司", "某路"])
    for who in (cast.salesperson, cast.auditor):
        assert visit(who).get(PAGE).status_code == 403
        assert visit(who).get(f"{PAGE}template/").status_code == 403
        assert visit(who).post(f"/companies/imports/{sheet.uid}/").status_code == 403
        assert visit(who).post(f"/companies/imports/{sheet.uid}/undoing/", {"why": "x"}).status_code == 403


def test_the_list_asks_at_most_six_times(cast: Cast, visit: Visit, contract: Contract) -> None:
    client = visit(cast.salesperson)
    address = "/companies/?q=有限&uscc=missing&erp=without&open=1&year=2026&sort=-added"
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(address)
    assert page.status_code == 200
    assert len(asked) <= 6 + 2, [one["sql"][:120] for one in asked]  # the session and the person besides
