"""A clerk drops files in, reviews them and finds them again; a line breaks; somebody looks a contract up by phone."""

import os
import pathlib
import re
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Route, expect

from qidang.cast import PASSWORD, Cast, make_cast
from qidang.contracts.models import Company, Contract
from qidang.intake.models import Arrival
from qidang.reading.warming import pdf
from qidang.tests.browser.reading import worker
from qidang.tests.browsing import axe

__all__ = ["worker"]

pytestmark = pytest.mark.browser
SETTLED = 60_000  # milliseconds for three small files to be read on a busy machine
CARRY = """(named) => {
    const carried = new DataTransfer();
    for (const [name, bytes] of named) carried.items.add(new File([new Uint8Array(bytes)], name));
    return carried;
}"""
LINES = [
    "数控车床买卖合同",
    "合同编号：QM-2026-0007",
    "卖方：启明精密机械有限公司",
    "买方：苏州澄湖机电有限公司",
    "第一条 卖方向买方出售数控车床两台，合同总价人民币128000.00元。",
    "第二条 买方应于验收合格后三十日内付清余款。",
    "第三条 本合同自双方盖章之日起生效。",
    "签订日期：2026年3月5日",
]


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: pathlib.Path) -> None:
    """A home of its own, so that no other test's index or bytes are met."""
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir(mode=0o700)


@pytest.fixture
def people(fresh_database: str, _home: None) -> Cast:
    """The cast, and our own signing company, in the server's database."""
    cast = make_cast()
    Company.add(name=cast.department("qmj").name, is_ours=True, unit=cast.department("qmj"), by=cast.archivist)
    return cast


def contract_pdf() -> bytes:
    """Return the contract on one page."""
    return pdf([(72, 760 - 40 * at, 14, line) for at, line in enumerate(LINES)])


def sign_in(page: Page, server: str, who: str) -> None:
    """Sign ``who`` in by the page itself."""
    page.goto(f"{server}/sign-in/")
    page.get_by_label("用户名").fill(who)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{server}/")


def drop(page: Page, files: dict[str, bytes]) -> None:
    """Let the files fall on the page, as a mouse does."""
    carried = page.evaluate_handle(CARRY, [[name, list(data)] for name, data in files.items()])
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": carried})


def test_dropped_files_are_read_reviewed_and_found_by_their_words(
    server: str, page: Page, people: Cast, worker: None
) -> None:
    sign_in(page, server, "salesperson")
    page.goto(f"{server}/intake/upload/")
    page.get_by_label("说明").fill("三月签回")
    original = contract_pdf()
    drop(page, {"合同.pdf": original, "合同(1).pdf": original, "坏掉的.pdf": b"%PDF-1.4 broken"})
    page.wait_for_url(re.compile("/intake/batches/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("三月签回")
    expect(page.locator(".batch-progress")).to_contain_text("3 份都已识读", timeout=SETTLED)
    states = page.locator("tbody .state")  # which of the two twins comes first is a matter of luck
    assert sorted(states.all_inner_texts()) == ["待登记", "未能识读", "重复"]

    page.get_by_role("link", name="开始核对").click()
    expect(page.get_by_label("客户/相对方")).to_have_value("苏州澄湖机电有限公司")
    expect(page.locator("rect.is-here")).to_have_count(1)  # the page's script has taken the first field
    page.get_by_label("含税金额").focus()
    expect(page.locator("rect.is-here")).to_have_attribute("data-mark", "amount")
    page.get_by_label("合同名称").press("Enter")
    page.wait_for_url(re.compile("/intake/batches/"))
    expect(page.locator("#notices")).to_contain_text("已登记 QM-2026-0007")

    contract = Contract.objects.get()
    page.locator("#find").fill("格后三十日内")
    page.locator("#find").press("Enter")
    hit = page.locator(".hit").filter(has_text="数控车床买卖合同")
    expect(_again(page, hit)).to_contain_text("验收合格后三十日内付清")
    hit.locator(".hit-place a").click()
    page.wait_for_url(re.compile("/versions/"))
    expect(page.locator('rect[data-mark="hit"]')).to_have_count(1)
    page.wait_for_function("document.querySelector('.viewer-page img').naturalWidth > 500")
    box, sheet = page.locator('rect[data-mark="hit"]').bounding_box(), page.locator(".viewer-page").bounding_box()
    assert box and sheet
    assert 0.22 < (box["y"] + box["height"] / 2 - sheet["y"]) / sheet["height"] < 0.40  # the sixth line
    assert contract.counterparty_name == "苏州澄湖机电有限公司"


def _again(page: Page, hit: Any) -> Any:
    """Return the hit, asking again while the index catches up."""
    for _attempt in range(20):
        if hit.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    return hit


def test_an_upload_goes_on_where_the_line_broke(server: str, page: Page, people: Cast) -> None:
    sign_in(page, server, "salesperson")
    page.goto(f"{server}/intake/upload/")
    data = os.urandom(9_000_000)
    sent: list[str] = []

    def broken(route: Route) -> None:
        """Let the first piece through, then fail twice, then be well again."""
        if route.request.method == "PATCH":
            sent.append(route.request.headers["upload-offset"])
        if len(sent) in (2, 3) and route.request.method == "PATCH":
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile("/intake/uploads/.+"), broken)
    page.locator("#id_files").set_input_files({"name": "大合同.pdf", "mimeType": "application/pdf", "buffer": data})
    page.wait_for_url(re.compile("/intake/batches/"), timeout=SETTLED)
    assert sent == ["0", "4194304", "4194304", "4194304", "8388608"]
    arrival = Arrival.objects.get()
    assert arrival.blob.size == len(data)
    assert not any((settings.HOME / "incoming").iterdir())


def test_what_a_closed_page_left_is_gone_on_with_when_the_file_is_chosen_again(
    server: str, page: Page, people: Cast
) -> None:
    sign_in(page, server, "salesperson")
    page.goto(f"{server}/intake/upload/")
    file: Any = {"name": "大合同.pdf", "mimeType": "application/pdf", "buffer": os.urandom(6_000_000)}
    offsets: list[str] = []
    page.on("request", lambda one: offsets.append(one.headers["upload-offset"]) if one.method == "PATCH" else None)
    page.route(re.compile("/intake/uploads/.+"), lambda route: route.abort() if len(offsets) > 1 else route.continue_())
    page.locator("#id_files").set_input_files(file)
    expect(page.locator(".file-state")).to_have_text("连接中断，正在重连")
    page.unroute_all()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{server}/intake/upload/")
    expect(page.get_by_text("上次没有传完的文件")).to_be_visible()
    page.locator("#id_files").set_input_files(file)
    page.wait_for_url(re.compile("/intake/batches/"), timeout=SETTLED)
    assert offsets[-1] == "4194304"
    assert Arrival.objects.count() == 1


def test_on_a_phone_a_contract_is_found_and_read(server: str, browser: Browser, people: Cast, worker: None) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    page = context.new_page()
    sign_in(page, server, "salesperson")
    page.goto(f"{server}/intake/upload/")
    page.get_by_label("读得准的直接登记").check()
    page.locator("#id_files").set_input_files(
        {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": contract_pdf()}
    )
    page.wait_for_url(re.compile("/intake/batches/"))
    expect(page.locator(".batch-progress")).to_contain_text("1 份都已识读", timeout=SETTLED)
    page.get_by_label("底部导航").get_by_role("link", name="检索").click()
    page.get_by_role("searchbox", name="检索式").fill("付清余款")
    page.get_by_role("button", name="检索", exact=True).click()
    hit = _again(page, page.locator(".hit"))
    expect(hit).to_contain_text("数控车床买卖合同")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    hit.get_by_role("link", name="数控车床买卖合同").click()
    page.wait_for_url(re.compile("/contracts/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("数控车床买卖合同")
    expect(page.locator(".record-line")).to_contain_text("苏州澄湖机电有限公司")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_every_page_of_intake_and_search_is_clean_and_fits(
    server: str, browser: Browser, people: Cast, worker: None, size: tuple[int, int]
) -> None:
    # axe styles what it looks at, which our content policy would report
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    sign_in(page, server, "administrator")
    page.goto(f"{server}/intake/upload/")
    drop(page, {"合同.pdf": contract_pdf(), "说明.txt": "\n".join(LINES[:3]).encode()})
    page.wait_for_url(re.compile("/intake/batches/"))
    expect(page.locator(".batch-progress")).to_contain_text("2 份都已识读", timeout=SETTLED)
    batch = page.url.removeprefix(server)
    reviews = [f"/intake/to-review/{arrival.uid}/" for arrival in Arrival.objects.all()]
    others = ("/intake/batches/", "/intake/to-review/", "/intake/sheets/", "/intake/folders/", "/intake/upload/")
    searches = ("/search/", "/search/?q=合同", "/search/?q=(合同", "/search/?q=没有这几个字")
    for address in (batch, f"{batch}?state=withdrawn", *reviews, *others, *searches):
        page.goto(f"{server}{address}")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], address
    context.close()
