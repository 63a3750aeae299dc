"""误传清除 and the try to get it back: one asks, another agrees, the file is gone, and does not come in again."""

import os
import pathlib
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from qidang.cast import Cast
from qidang.intake.clearing import decide
from qidang.intake.models import Arrival, Clearing, State
from qidang.reading.warming import pdf
from qidang.tests.browser.reading import worker
from qidang.tests.browser.test_intake_stories import SETTLED, _home, people, sign_in
from qidang.tests.browsing import axe
from qidang.vault import disk

__all__ = ["_home", "people", "worker"]

pytestmark = pytest.mark.browser
LINES = ["三月工资表", "张三 应发 12345.67 元", "李四 应发 7654.32 元", "本表由人事部编制，不得外传。"]


@pytest.fixture(autouse=True)
def _a_list_of_its_own(tmp_path: pathlib.Path, settings: Any) -> None:
    settings.CLEARED_FILE = str(tmp_path / "cleared")


def payroll() -> FilePayload:
    """Return the payroll list as a file to upload."""
    lines = [(72.0, 760.0 - 40 * at, 14.0, line) for at, line in enumerate(LINES)]
    return {"name": "三月工资表.pdf", "mimeType": "application/pdf", "buffer": pdf(lines)}


def bring(page: Page, server: str) -> None:
    """Upload the list."""
    page.goto(f"{server}/intake/upload/")
    page.locator("#id_files").set_input_files(payroll())
    if page.get_by_role("button", name="上传", exact=True).is_visible():
        page.get_by_role("button", name="上传", exact=True).click()


def read(page: Page) -> Arrival:
    """Return the list once it has been read."""
    page.wait_for_url(re.compile("/intake/batches/"))
    for _second in range(SETTLED // 1000):
        arrival = Arrival.objects.get()
        if arrival.state == State.TO_REVIEW:
            return arrival
        page.wait_for_timeout(1000)
    raise AssertionError("never read")


def found(page: Page, server: str) -> bool:
    """Whether the search finds the list by its words."""
    page.goto(f"{server}/search/?q=应发")
    return page.get_by_role("link", name=re.compile("工资表")).count() > 0


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asked for pictures."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def ask(page: Page, server: str, arrival: Arrival) -> str:
    """Ask for the removal from the review page; return the address of the receipt to be."""
    page.goto(f"{server}/intake/to-review/{arrival.uid}/")
    page.locator(".bench-more summary").click()
    page.get_by_role("link", name="误传清除").click()
    picture(page, "ask")
    page.get_by_label("原因").fill("工资表误传")
    page.get_by_role("button", name="提出清除").click()
    expect(page.get_by_text("等另一人复核").first).to_be_visible()
    return page.url


def test_a_payroll_list_is_removed_for_good_and_does_not_come_back(
    server: str, page: Page, browser: Browser, people: Cast, worker: None
) -> None:
    sign_in(page, server, "salesperson")
    bring(page, server)
    arrival = read(page)
    for _second in range(20):
        if found(page, server):
            break
        page.wait_for_timeout(500)
    assert found(page, server)
    address = ask(page, server, arrival)
    expect(page.get_by_role("button", name="同意，彻底清除")).to_have_count(0)

    second = browser.new_context(locale="zh-CN").new_page()
    sign_in(second, server, "archivist")
    expect(second.get_by_role("heading", name="误传清除待复核")).to_be_visible()
    second.get_by_role("link", name="三月工资表.pdf 工资表误传").click()
    second.wait_for_url(address)
    picture(second, "decide")
    second.get_by_role("button", name="同意，彻底清除").click()
    expect(second.get_by_text("密钥已销毁")).to_be_visible()
    assert not disk.storage().exists(arrival.sha256)

    assert not found(page, server)
    page.goto(f"{server}/intake/to-review/{arrival.uid}/")
    expect(page.get_by_text("已按误传清除")).to_be_visible()
    picture(page, "stub")
    bring(page, server)
    expect(page.get_by_text("按误传彻底清除").first).to_be_visible()
    picture(page, "again")
    assert Arrival.objects.count() == 1
    assert not disk.storage().exists(arrival.sha256)

    second.goto(address)
    picture(second, "receipt")
    second.locator(".allow-return summary").click()
    second.get_by_placeholder("为什么要允许回来").fill("核对奖金条款")
    second.get_by_role("button", name="允许回来").click()
    expect(second.get_by_text("需要的人可以再上传一次")).to_be_visible()
    bring(page, server)
    page.wait_for_url(re.compile("/intake/batches/"))
    assert Arrival.objects.count() == 2
    second.context.close()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_its_pages_are_clean_and_fit(
    server: str, browser: Browser, people: Cast, worker: None, size: tuple[int, int], language: str
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    sign_in(page, server, "archivist")
    bring(page, server)
    arrival = read(page)
    people.archivist.language = language
    people.archivist.save()
    page.goto(f"{server}/intake/arrivals/{arrival.uid}/clearing/")
    _look(page, size, f"ask-{size[0]}-{language}")
    page.locator("[name=why]").fill("工资表误传")
    page.locator("form .btn-danger").click()
    page.wait_for_url(re.compile("/clearings/"))
    _look(page, size, f"waiting-{size[0]}-{language}")
    decide(Clearing.objects.get(), agrees=True, by=people.administrator)
    page.reload()
    _look(page, size, f"receipt-{size[0]}-{language}")
    page.goto(f"{server}/intake/clearings/")
    _look(page, size, f"list-{size[0]}-{language}")
    page.goto(f"{server}/intake/to-review/{arrival.uid}/")
    _look(page, size, f"stub-{size[0]}-{language}")
    context.close()


def _look(page: Page, size: tuple[int, int], name: str) -> None:
    picture(page, name)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
