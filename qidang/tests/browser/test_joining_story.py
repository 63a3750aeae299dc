"""The salesperson finds that one contract was registered twice, merges the two, and takes it back."""

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from qidang import vault
from qidang.cast import Cast, make_cast
from qidang.contracts.models import Contract
from qidang.contracts.registering import register
from qidang.contracts.relating import relate
from qidang.contracts.values import ContractValues, PaperIn, PartyValues
from qidang.intake import righting
from qidang.search.tests.conftest import keep_text
from qidang.tests.browser.reading import worker  # noqa: F401
from qidang.tests.browser.test_register_story import signed_in
from qidang.tests.browsing import axe
from qidang.vault.models import Blob

pytestmark = pytest.mark.browser
CUSTOMER = "苏州澄湖机电有限公司"


def twice() -> tuple[Cast, Contract, Contract]:
    """Register one contract twice: once with little, once from its scan with more and another title."""
    cast = make_cast()
    common = {
        "unit": cast.department("qmj"),
        "counterparty_name": CUSTOMER,
        "amount": Decimal("128000.50"),
        "signed_on": dt.date(2026, 3, 5),
    }
    known = ContractValues(title="数控车床买卖合同", number_on_paper="CH-2026-017", **common)  # type: ignore[arg-type]
    parties = (
        PartyValues(name=CUSTOMER, role="BUYER", side="甲方", account="6222 0210 0000 1234"),
        PartyValues(name="千木机床有限公司", role="SELLER", side="乙方"),
    )
    more = {"remarks": "含安装调试，质保十二个月。", "expires_on": dt.date(2027, 3, 4), "parties": parties}
    again = ContractValues(title="车床采购合同（扫描件）", secrecy="SECRET", **common, **more)  # type: ignore[arg-type]
    papers = [
        _paper("数控车床买卖合同.txt", "卖方交付数控车床一台"),
        _paper("车床采购合同扫描.txt", "随机附件见装箱单"),
    ]
    kept, gone = (
        register(values, by=cast.salesperson, paper=paper) for values, paper in zip((known, again), papers, strict=True)
    )
    order = register(ContractValues(title="第一张订单", **common), by=cast.salesperson)  # type: ignore[arg-type]
    relate(order, gone, "ORDER", why="按框架下单", by=cast.salesperson)
    return cast, kept, gone


def _paper(filename: str, text: str) -> PaperIn:
    stored = vault.put(text.encode())
    keep_text(stored.sha256, [text])
    return PaperIn(blob=Blob.objects.keep(stored), filename=filename, is_scan="扫描" in filename)


def test_two_registrations_of_one_contract_are_merged_and_parted_again(
    server: str,
    page: Page,
    worker: None,  # noqa: F811
) -> None:
    _cast, kept, gone = twice()
    signed_in(page, server, "salesperson")
    page.goto(f"{server}/contracts/{kept.uid}/")
    page.get_by_label("更多").click()
    page.get_by_role("link", name="合并登记").click()
    page.get_by_role("link", name="车床采购合同（扫描件）").click()
    expect(page.get_by_role("radio", name="含安装调试，质保十二个月。")).to_be_checked()  # the kept one says nothing
    page.get_by_role("radio", name="2027-03-04").check()
    expect(page.get_by_text("密级从严")).to_be_visible()
    expect(page.get_by_text("第一张订单")).to_be_visible()
    page.get_by_label("合并原因").fill("电子件和扫描件各登记了一次")
    page.get_by_role("button", name="合并登记").click()
    expect(page.get_by_text("登记已合并")).to_be_visible()
    expect(page.get_by_text("含安装调试，质保十二个月。")).to_be_visible()
    page.locator("#tabs").get_by_role("link", name="正文与附件").click()
    expect(page.locator("#panel")).to_contain_text("车床采购合同扫描.txt")

    _find(page, server, "随机附件见装箱单", [kept])
    page.goto(f"{server}/contracts/")
    expect(page.locator("tbody tr")).to_have_count(2)  # the kept one and the order

    page.goto(f"{server}/contracts/{gone.uid}/")
    expect(page.get_by_text("登记已并入")).to_be_visible()
    page.get_by_role("button", name="撤销合并").click()
    expect(page.get_by_text("合并已撤销")).to_be_visible()
    _find(page, server, "随机附件见装箱单", [gone])
    page.goto(f"{server}/contracts/")
    expect(page.locator("tbody tr")).to_have_count(3)


def _find(page: Page, server: str, words: str, wanted: list[Contract]) -> None:
    """Search until the index has followed, and see exactly these contracts."""
    page.goto(f"{server}/search/?q={words}")
    links = page.locator("main").locator("a[href*='/contracts/']")
    for _ in range(50):
        found = {address.split("/contracts/")[1][:36] for address in links.evaluate_all("all => all.map(a => a.href)")}
        if found == {str(one.uid) for one in wanted}:
            return
        page.wait_for_timeout(300)
        page.reload()
    raise AssertionError(found)


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_the_pages_of_a_merge_are_clean_and_fit(server: str, browser: Browser, size: tuple[int, int]) -> None:
    cast, kept, gone = twice()
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    signed_in(page, server, "salesperson")
    here = f"/contracts/{kept.uid}/"
    for address in (f"{here}merging/", f"{here}merging/?with={gone.uid}"):
        page.goto(f"{server}{address}")
        _looked_at(page, address)
    righting.join(kept, gone, take=("remarks",), why="登重了", by=cast.salesperson)
    for address in (here, f"{here}?tab=related", f"/contracts/{gone.uid}/"):
        page.goto(f"{server}{address}")
        _looked_at(page, address)
    context.close()


def _looked_at(page: Page, address: str) -> None:
    assert axe(page) == [], address
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
