"""What is typed outlives a closed tab; rows are added, worked out and summed; the search box remembers."""

import pytest
from playwright.sync_api import Page, expect

from qidang.cast import make_cast
from qidang.contracts.models import Contract
from qidang.tests.browser.test_register_story import signed_in

pytestmark = pytest.mark.browser


def test_a_draft_outlives_a_closed_tab_and_goes_when_saved(server: str, page: Page) -> None:
    make_cast()
    signed_in(page, server, "salesperson")
    page.goto(f"{server}/contracts/new/")
    page.locator("#id_title").fill("主轴采购合同")
    page.locator("#id_counterparty_name").fill("江川自动化有限公司")
    page.locator("#id_amount").fill("3,750")
    lines, parties = page.locator("[data-rows=line_items]"), page.locator("[data-rows=parties]")
    lines.locator("summary").click()
    lines.get_by_role("button", name="加一行").click()
    for field, value in (("name", "主轴"), ("quantity", "1,200"), ("unit_price", "3.125")):
        page.locator(f"#id_line_items-3-{field}").fill(value)
    expect(page.locator("#id_line_items-3-amount")).to_have_value("3,750.00")
    expect(lines.locator("[data-sums]")).to_contain_text("与合同金额一致")
    parties.locator("summary").click()
    page.locator("#id_parties-0-name").fill("江川自动化有限公司")
    page.locator("#id_parties-0-account").fill("6222000011112222")
    page.wait_for_timeout(500)
    assert "6222" not in page.evaluate("JSON.stringify(localStorage)")

    page.goto(f"{server}/")
    page.goto(f"{server}/contracts/new/")
    expect(page.locator("#id_title")).to_have_value("")
    page.get_by_role("button", name="恢复").click()
    expect(page.locator("#id_title")).to_have_value("主轴采购合同")
    expect(page.locator("#id_line_items-3-name")).to_have_value("主轴")
    expect(page.locator("#id_parties-0-account")).to_have_value("")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("主轴采购合同")
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert Contract.objects.get().line_items.get().unit_price is not None


def test_the_search_box_offers_what_was_looked_for_and_forgets_it(server: str, page: Page) -> None:
    make_cast()
    signed_in(page, server, "salesperson")
    page.goto(f"{server}/search/?q=轴承")
    page.goto(f"{server}/")
    page.locator("#find").click()
    offered = page.get_by_role("option", name="轴承")
    expect(offered).to_be_visible()
    page.get_by_role("option", name="清除最近找过的").click()
    expect(page.locator("#find-list")).to_be_hidden()
