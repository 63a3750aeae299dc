"""A clerk takes a scan apart page by page, with keys or without any script, and takes it back."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from qidang.cast import Cast
from qidang.intake.models import Arrival, State
from qidang.reading.warming import pdf
from qidang.tests.browser.reading import worker
from qidang.tests.browser.test_intake_stories import SETTLED, _home, people, sign_in
from qidang.tests.browsing import axe

__all__ = ["_home", "people", "worker"]

pytestmark = pytest.mark.browser
FIRST = ["数控车床买卖合同", "合同编号：QM-2026-0011", "卖方：启明精密机械有限公司", "买方：苏州澄湖机电有限公司"]
SECOND = ["设备租赁合同", "合同编号：QM-2026-0012", "出租方：启明精密机械有限公司", "承租方：江川自动化有限公司"]
SIGNED = ["第九条 本合同自双方盖章之日起生效。", "甲方（盖章）：", "乙方（盖章）：", "签订日期：2026年3月5日"]


def bundle() -> bytes:
    """Return two contracts of two pages each in one PDF, an empty sheet between them."""
    pages = [[(72.0, 760.0 - 40 * at, 14.0, line) for at, line in enumerate(lines)] for lines in (FIRST, SIGNED)]
    second = [[(72.0, 760.0 - 40 * at, 14.0, line) for at, line in enumerate(lines)] for lines in (SECOND, SIGNED)]
    return pdf(*pages, [], *second)


def bring(page: Page, server: str) -> Arrival:
    """Upload the bundle and return it once it has been read."""
    page.goto(f"{server}/intake/upload/")
    page.locator("#id_files").set_input_files({"name": "合订.pdf", "mimeType": "application/pdf", "buffer": bundle()})
    if page.get_by_role("button", name="上传", exact=True).is_visible():
        page.get_by_role("button", name="上传", exact=True).click()
    page.wait_for_url(re.compile("/intake/batches/"))
    for _second in range(SETTLED // 1000):
        arrival = Arrival.objects.get()
        if arrival.state == State.TO_REVIEW:
            return arrival
        page.wait_for_timeout(1000)
    raise AssertionError("never read")


def test_a_scan_of_two_contracts_is_parted_with_the_keyboard_and_put_back(
    server: str, page: Page, people: Cast, worker: None
) -> None:
    sign_in(page, server, "salesperson")
    arrival = bring(page, server)
    page.goto(f"{server}/intake/to-review/{arrival.uid}/")
    page.get_by_role("link", name="整理页面").click()
    expect(page.locator(".leaf")).to_have_count(5)
    expect(page.get_by_text("合同编号变为 QM-2026-0012").first).to_be_visible()
    page.get_by_role("button", name="按建议拆分").click()
    expect(page.locator(".leaf-paper")).to_have_count(2)
    page.locator("[data-empty] > input").focus()
    page.keyboard.press("Delete")
    expect(page.locator(".leaf")).to_have_count(4)
    page.locator(".leaf > input").nth(1).focus()
    page.keyboard.press("r")
    expect(page.locator(".leaf").nth(1)).to_have_class(re.compile("turn-90"))
    page.locator(".leaf label").nth(3).drag_to(page.locator(".leaf label").nth(2))
    expect(page.locator(".leaf-name").nth(2)).to_have_text("原第 5 页")
    page.locator(".leaf > input").nth(2).focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator(".leaf-name").nth(3)).to_have_text("原第 5 页")
    page.get_by_role("button", name="保存为 2 份").click()
    page.wait_for_url(re.compile("/intake/batches/"))
    expect(page.locator(".batch-progress")).to_contain_text("3 份都已识读", timeout=SETTLED)
    page.get_by_role("link", name="合订-2.pdf").click()
    expect(page.get_by_label("合同名称")).to_have_value("设备租赁合同")
    expect(page.locator(".made-of")).to_contain_text("第 4–5 页")
    page.get_by_role("button", name="撤销整理").click()
    page.wait_for_url(re.compile(str(arrival.uid)))
    states = Arrival.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == [State.TO_REVIEW, State.WITHDRAWN, State.WITHDRAWN]


def test_without_script_the_same_is_done_by_forms(server: str, browser: Browser, people: Cast, worker: None) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, server, "salesperson")
    arrival = bring(page, server)
    page.goto(f"{server}/intake/arrivals/{arrival.uid}/arranging/")
    page.locator(".leaf > input").nth(3).check()
    page.get_by_role("button", name="从这里分开").click()
    expect(page.locator(".leaf-paper")).to_have_count(2)
    page.locator(".leaf > input").nth(2).check()
    page.get_by_role("button", name="去掉", exact=True).click()
    page.get_by_role("button", name="保存为 2 份").click()
    page.wait_for_url(re.compile("/intake/batches/"))
    assert Arrival.objects.filter(rendition__isnull=False).count() == 2
    context.close()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_the_desk_is_clean_and_fits(
    server: str, browser: Browser, people: Cast, worker: None, size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    sign_in(page, server, "salesperson")
    arrival = bring(page, server)
    page.goto(f"{server}/intake/arrivals/{arrival.uid}/arranging/")
    expect(page.locator(".leaf")).to_have_count(5)
    page.wait_for_function("document.querySelector('.leaf img').naturalWidth > 100")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    context.close()
