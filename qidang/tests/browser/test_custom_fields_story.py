"""The archivist defines fields; a salesperson registers with them, finds by them, sorts by them and exports them."""

import io

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from qidang.cast import make_cast
from qidang.contracts.defining import define
from qidang.tests.browser.test_register_story import signed_in
from qidang.tests.browsing import axe

pytestmark = pytest.mark.browser


def defined(page: Page, label: str, kind: str, contract_type: str, options: str = "") -> None:
    """Define a field on its page."""
    page.get_by_label("合同类型").select_option(label=contract_type)
    page.get_by_label("字段名称").fill(label)
    page.get_by_label("字段类型").select_option(label=kind)
    page.get_by_label("选项", exact=True).fill(options)
    page.get_by_role("button", name="新增").click()
    expect(page.locator("table")).to_contain_text(label)


def registered(page: Page, server: str, title: str, area: str, deposit: str) -> None:
    """Register a contract by its form."""
    page.goto(f"{server}/contracts/new/")
    page.locator("#id_title").fill(title)
    page.locator("#id_counterparty_name").fill("江川自动化有限公司")
    page.locator("#id_contract_type").select_option(label="租赁合同")
    expect(page.get_by_label("保证金")).to_be_hidden()
    page.locator("#id_contract_type").select_option(label="买卖合同")
    page.get_by_label("区域").select_option(label=area)
    page.get_by_label("保证金").fill(deposit)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("#panel")).to_contain_text(area)


def test_a_field_is_defined_filled_in_found_sorted_by_and_exported(server: str, page: Page) -> None:
    make_cast()
    signed_in(page, server, "archivist")
    page.goto(f"{server}/custom-fields/")
    expect(page.get_by_role("heading", name="还没有自定义字段")).to_be_visible()
    defined(page, "区域", "选项", "全部类型", "华东\n华南")
    defined(page, "保证金", "金额", "买卖合同")

    page.context.clear_cookies()
    signed_in(page, server, "salesperson")
    registered(page, server, "数控机床采购合同", "华东", "1.5万元")
    registered(page, server, "磨床采购合同", "华南", "900")

    page.goto(f"{server}/contracts/?contract_type=买卖合同&more=1")
    page.locator("summary", has_text="列").first.click()
    for name in ("区域", "保证金"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="应用").click()
    page.get_by_role("link", name="保证金").click()
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("900.00")
    page.locator(".filters-more").get_by_label("区域").select_option(label="华东")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(first).to_contain_text("数控机床采购合同")
    with page.expect_download() as begun:
        page.get_by_role("link", name="导出 Excel").click()
    sheet = openpyxl.load_workbook(io.BytesIO(begun.value.path().read_bytes())).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][-2:] == ["区域", "保证金"]
    assert [row[-2:] for row in rows[1:]] == [["华东", 15000]]


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_the_pages_of_fields_are_clean_and_fit(server: str, browser: Browser, size: tuple[int, int]) -> None:
    cast = make_cast()
    one = define(by=cast.archivist, label="区域", kind="CHOICE", options=["华东", "华南"], contract_type="买卖合同")
    define(by=cast.archivist, label="验收日", kind="DATE", is_required=True)
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    signed_in(page, server, "archivist")
    for path in ("/custom-fields/", f"/custom-fields/{one.uid}/", "/contracts/new/", "/contracts/?more=1"):
        page.goto(f"{server}{path}")
        assert not axe(page), path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()
