"""The archivist finds that two customers are one, merges them, sees everything together, and takes it back."""

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from qidang.accounts.roster import Line
from qidang.cast import Cast, make_cast
from qidang.contracts import customer_sheets
from qidang.contracts.models import Company, Contact, Note
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues, PartyValues
from qidang.kit.sheets import write_sheet
from qidang.tests.browser.test_register_story import signed_in
from qidang.tests.browsing import axe
from qidang.web.lists.export import XLSX

pytestmark = pytest.mark.browser
RIGHT, TWIN = "苏州澄湖机电有限公司", "澄湖机电（苏州）有限公司"
TABS = ("contracts", "sums", "papers", "people", "notes", "log")


def archive() -> tuple[Cast, dict[str, Company]]:
    """Make two names of one customer, each with contracts, a contact and a note."""
    cast = make_cast()
    for number, name in enumerate((RIGHT, TWIN, TWIN), start=1):
        values = ContractValues(
            title=f"数控车床买卖合同（第{number}批）",
            unit=cast.department("qmj"),
            counterparty_name=name,
            amount=Decimal(f"{number * 12500}.50"),
            currency="USD" if number == 3 else "CNY",
            signed_on=dt.date(2026 - number, 3, number),
            parties=(PartyValues(name=name, role="BUYER", side="甲方", signatory="许知远"),),
        )
        register(values, by=cast.salesperson)
    companies = {company.name: company for company in Company.objects.all()}
    Contact.add(companies[TWIN], name="许知远", title="采购经理", phone="13905120001", by=cast.salesperson)
    Note.add(companies[TWIN], "先款后货", by=cast.salesperson)
    companies[TWIN].add_alias("澄湖厂", by=cast.archivist, kind="FORMER", until_on=dt.date(2015, 6, 30))
    return cast, companies


def test_two_customers_that_are_one_are_merged_and_parted_again(server: str, page: Page) -> None:
    archive()
    signed_in(page, server, "archivist")
    page.goto(f"{server}/companies/")
    page.get_by_role("link", name="疑似重复").click()
    page.get_by_role("button", name="重新查找").click()
    page.get_by_role("link", name="比对并合并").click()
    kept = page.locator("tbody tr").first.locator("td").first
    if kept.inner_text() != RIGHT:
        page.get_by_role("link", name="对调：保留另一家").click()
    expect(kept).to_have_text(RIGHT)
    page.get_by_role("button", name="合并", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("合并记录")

    page.get_by_role("link", name=RIGHT).click()
    expect(page.locator(".record-line")).to_contain_text("3 份合同")
    expect(page.locator(".record-line")).to_contain_text("¥37,501.00")
    expect(page.locator(".record-line")).to_contain_text("US$37,500.50")
    page.get_by_role("link", name="人员").click()
    expect(page.locator("#panel")).to_contain_text("13905120001")
    page.locator("#tabs").get_by_role("link", name="合同").click()
    page.locator("#panel tbody tr a").first.click()  # it opens beside the list
    page.get_by_role("link", name="打开合同页").click()
    page.wait_for_url("**/contracts/**")
    expect(page.locator(".record-line")).to_contain_text("澄湖")

    page.goto(f"{server}/companies/{Company.objects.get(name=TWIN).uid}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(RIGHT)  # the merged one's address leads to the kept one
    page.locator("aside").get_by_role("link", name=TWIN).click()
    page.get_by_label("撤销原因").fill("工商登记是两家")
    page.get_by_role("button", name="撤销合并").click()
    expect(page.get_by_text("已撤销").first).to_be_visible()
    page.goto(f"{server}/companies/{Company.objects.get(name=TWIN).uid}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(TWIN)
    expect(page.locator(".record-line")).to_contain_text("2 份合同")


def test_customers_come_from_a_sheet_and_go_again(server: str, page: Page) -> None:
    archive()
    signed_in(page, server, "archivist")
    page.goto(f"{server}/companies/")
    page.get_by_role("link", name="导入客户").first.click()
    rows = [[RIGHT, "苏州市金枫路 1 号", "10001"], ["南通北辰仪器有限公司", "", "10002"], [RIGHT, "再写一遍", ""]]
    content = write_sheet(rows, ["客户名称", "注册地址", "ERP编码"])
    page.locator("input[type=file]").set_input_files({"name": "客户.xlsx", "mimeType": XLSX, "buffer": content})
    page.get_by_role("button", name="试导入，不写入").click()
    expect(page.get_by_text("共 3 行，会写入 2 行。")).to_be_visible()
    expect(page.get_by_text("与第 2 行说的是同一家")).to_be_visible()
    page.get_by_role("button", name="导入 2 行").click()
    page.get_by_role("link", name="南通北辰仪器有限公司").click()
    expect(page.locator(".record-no")).to_contain_text("ERP 10002")
    page.go_back()
    page.get_by_text("撤销这次导入").click()
    page.get_by_label("撤销原因").fill("选错了文件")
    page.get_by_role("button", name="撤销整次导入").click()
    expect(page.get_by_text("导入已撤销").first).to_be_visible()
    page.goto(f"{server}/companies/?q=北辰")
    expect(page.get_by_role("heading", name="没有符合条件的记录")).to_be_visible()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_the_pages_of_a_customer_are_clean_and_fit(server: str, browser: Browser, size: tuple[int, int]) -> None:
    cast, companies = archive()
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    signed_in(page, server, "archivist")
    here = f"/companies/{companies[TWIN].uid}/"
    addresses = [f"{here}?tab={tab}" for tab in TABS]
    addresses += [f"{here}merging/", f"{here}merging/?with={companies[RIGHT].uid}", f"{here}contacts/", f"{here}edit/"]
    sheet = customer_sheets.bring([Line(2, {"name": TWIN, "address": "金枫路 1 号"})], "客户.xlsx", by=cast.archivist)
    addresses += [f"/companies/imports/{sheet.uid}/", "/companies/import/", "/companies/?more=1&uscc=missing"]
    for address in (*addresses, "/companies/duplicates/"):
        page.goto(f"{server}{address}")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], address
    context.close()
