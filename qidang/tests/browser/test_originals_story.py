"""The archivist prints a card and labels; somebody in the archive room scans the code with a telephone, and signs."""

import datetime as dt
import io
from decimal import Decimal

import cv2
import numpy as np
import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from qidang.cast import PASSWORD, Cast, make_cast
from qidang.contracts.models import Contract
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues
from qidang.tests.browser.test_register_story import signed_in
from qidang.tests.browsing import PATIENCE, axe

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 390, "height": 844}


def contract_of(cast: Cast) -> Contract:
    """Register a contract of which one of two originals came back."""
    values = ContractValues(
        title="五轴机床买卖合同",
        unit=cast.department("qmj"),
        counterparty_name="苏州澄湖机电有限公司",
        amount=Decimal("128000.00"),
        signed_on=dt.date(2026, 3, 5),
        originals=2,
        originals_back=1,
        original_holder="周文澜",
        place="一库-03柜-2层-07盒",
    )
    return register(values, by=cast.salesperson)


def said_by(picture: bytes) -> str:
    """Return what the code in a picture says, as a telephone reads it."""
    image = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return cv2.QRCodeDetector().detectAndDecode(image)[0]


def test_a_code_on_the_card_opens_the_contract_on_a_telephone(server: str, page: Page, browser: Browser) -> None:
    contract = contract_of(make_cast())
    signed_in(page, server, "archivist")
    page.goto(f"{server}/contracts/{contract.uid}/")
    page.get_by_label("更多").click()
    page.get_by_role("link", name="登记卡").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("合同登记卡")
    address = said_by(page.locator(".paper-card-code").screenshot())
    assert address == f"{server}/c/{contract.uid}"

    telephone = browser.new_context(
        viewport=PHONE, locale="zh-CN", device_scale_factor=2, is_mobile=True, has_touch=True
    )
    telephone.set_default_timeout(PATIENCE)
    there = telephone.new_page()
    there.goto(address)
    there.get_by_label("用户名").fill("salesperson")
    there.get_by_label("密码").fill(PASSWORD)
    there.get_by_role("button", name="登录").click()
    expect(there.get_by_role("heading", level=1)).to_have_text("五轴机床买卖合同")
    expect(there.locator("#panel")).to_contain_text("一库-03柜-2层-07盒")
    assert there.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    telephone.close()


def test_labels_are_printed_by_the_sheet_and_every_code_reads(server: str, page: Page) -> None:
    contract = contract_of(make_cast())
    signed_in(page, server, "archivist")
    page.goto(f"{server}/contracts/")
    page.get_by_label(f"选中 {contract.number}").check()
    page.get_by_role("button", name="打印标签").click()
    page.locator("#id_sheet").select_option("48x25")
    page.locator("#id_skip").fill("5")
    page.get_by_role("button", name="更新").click()
    expect(page.locator(".label-gone")).to_have_count(5)
    paper = pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(paper) == 1
    assert [round(length) for length in paper[0].get_size()] == [595, 842]
    sheet = paper[0].render(scale=300 / 72).to_numpy()
    assert cv2.QRCodeDetector().detectAndDecode(sheet)[0] == f"{server}/c/{contract.uid}"


def test_the_receiver_signs_for_the_originals_on_a_telephone(server: str, browser: Browser) -> None:
    contract = contract_of(make_cast())
    telephone = browser.new_context(viewport=PHONE, locale="zh-CN", is_mobile=True, has_touch=True)
    telephone.set_default_timeout(PATIENCE)
    page = telephone.new_page()
    signed_in(page, server, "archivist")
    page.goto(f"{server}/contracts/{contract.uid}/originals/")
    page.get_by_label("对方交回，计入已收回份数").check()
    page.locator("#id_giver").fill("澄湖机电")
    page.locator("#id_receiver").fill("林知秋")
    page.locator("#id_why").fill("对方盖章寄回")
    page.get_by_role("button", name="登记交接").click()
    expect(page.get_by_text("请接收人签字，或勾选当面确认").first).to_be_visible()

    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    corner = canvas.bounding_box()
    assert corner is not None
    page.mouse.move(corner["x"] + 30, corner["y"] + 40)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(corner["x"] + 30 + step * 30, corner["y"] + 40 + (step % 2) * 70)
    page.mouse.up()
    page.get_by_role("button", name="登记交接").click()
    expect(page.get_by_text("原件交接已登记")).to_be_visible()
    shown = page.locator("img.signature")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.complete && image.naturalWidth > 0")
    contract.refresh_from_db()
    assert (contract.originals_back, contract.original_holder, contract.lacks_originals) == (2, "林知秋", False)
    telephone.close()


def test_what_is_printed_is_clean_at_every_width(server: str, browser: Browser) -> None:
    contract = contract_of(make_cast())
    for width, height in ((1366, 768), (PHONE["width"], PHONE["height"])):
        other = browser.new_page(viewport={"width": width, "height": height}, bypass_csp=True, locale="zh-CN")
        other.set_default_timeout(PATIENCE)
        signed_in(other, server, "archivist")
        for address in (
            f"/contracts/{contract.uid}/card/",
            f"/contracts/labels/?pick={contract.uid}",
            f"/contracts/{contract.uid}/originals/",
        ):
            other.goto(f"{server}{address}")
            assert axe(other) == [], address
            assert other.evaluate("document.documentElement.scrollWidth") <= width, address
        other.close()
