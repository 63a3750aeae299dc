"""A salesperson registers a contract, finds it by keyboard, and the archivist files it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from qidang.cast import PASSWORD, make_cast
from qidang.tests.browsing import axe

pytestmark = pytest.mark.browser
PAGES = ("/", "/contracts/", "/contracts/?more=1", "/contracts/new/", "/companies/", "/log/", "/me/", "/people/")
MORE = ("/people/new/", "/departments/", "/roles/", "/numbering/", "/numbering/gaps/", "/holdings/to-file/")


def signed_in(page: Page, server: str, who: str) -> None:
    """Sign ``who`` in by the page itself."""
    page.goto(f"{server}/sign-in/")
    page.get_by_label("用户名").fill(who)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{server}/")


def test_a_contract_goes_from_the_form_to_the_archive(server: str, page: Page) -> None:
    make_cast()
    signed_in(page, server, "salesperson")
    page.goto(f"{server}/contracts/new/")
    page.get_by_label("合同文件").set_input_files(
        {"name": "合同.txt", "mimeType": "text/plain", "buffer": "合同正文".encode()}
    )
    page.locator("#id_title").fill("数控机床采购合同")
    page.locator("#id_counterparty_name").fill("江川自动化有限公司")
    page.get_by_label("合同金额（含税）").fill("12.5万元")
    expect(page.locator("#id_amount_words")).to_have_text("壹拾贰万伍仟元整")
    page.locator("#id_signed_on").fill("2026.3.5")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("数控机床采购合同")
    page.get_by_role("link", name="操作日志").last.click()
    expect(page.locator(".story")).to_contain_text("登记了")

    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url(f"{server}/contracts/")
    for key in ("j", "x", "o"):
        page.keyboard.press(key)
    expect(page.locator("[data-picked-totals]")).to_have_text("CNY 125,000.00")
    expect(page.locator("#drawer")).to_contain_text("江川自动化有限公司")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()

    page.context.clear_cookies()
    signed_in(page, server, "archivist")
    page.goto(f"{server}/holdings/to-file/")
    page.get_by_role("link", name="归档", exact=True).click()
    code = page.locator("#reference").inner_text()
    page.get_by_role("button", name="归档").click()
    expect(page.locator(".record-no")).to_contain_text(code)


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_every_page_is_clean_and_fits(server: str, browser: Browser, size: tuple[int, int]) -> None:
    make_cast()
    # axe styles what it looks at, which our content policy would report
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    page.goto(f"{server}/sign-in/")
    assert axe(page) == []
    signed_in(page, server, "administrator")
    for address in (*PAGES, *MORE):
        page.goto(f"{server}{address}")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], address
    context.close()
