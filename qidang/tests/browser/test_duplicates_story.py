"""Two papers with nearly the same text are held side by side, and one act decides what they are to each other."""

import os
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from qidang.cast import Cast
from qidang.intake.models import Arrival, State
from qidang.reading.warming import pdf
from qidang.tests.browser.reading import worker
from qidang.tests.browser.test_intake_stories import LINES, SETTLED, _home, people, sign_in
from qidang.tests.browsing import axe

__all__ = ["_home", "people", "worker"]

pytestmark = pytest.mark.browser
MORE = [f"第{number}条 双方应当按照诚实信用原则履行本合同第{number}款所列的各项义务。" for number in "四五六七八九十"]


def paper(*last: str) -> bytes:
    """Return the contract on two pages, with ``last`` at its end."""
    sheets = ([*LINES, *MORE[:3]], [*MORE, *MORE[::-1], *last])
    return pdf(*[[(60.0, 790.0 - 34 * at, 12.0, line) for at, line in enumerate(lines)] for lines in sheets])


def bring(page: Page, server: str, name: str, data: bytes) -> None:
    """Upload a paper and wait until it has been read."""
    page.goto(f"{server}/intake/upload/")
    page.locator("#id_files").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": data})
    if page.get_by_role("button", name="上传", exact=True).is_visible():
        page.get_by_role("button", name="上传", exact=True).click()
    page.wait_for_url(re.compile("/intake/batches/"))
    expect(page.locator(".batch-progress")).to_contain_text("1 份都已识读", timeout=SETTLED)


@pytest.mark.parametrize(("size", "language"), [((1366, 768), "zh-hans"), ((390, 844), "en")])
def test_two_are_held_side_by_side_and_told_apart(
    server: str, browser: Browser, people: Cast, worker: None, size: tuple[int, int], language: str
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    sign_in(page, server, "salesperson")
    bring(page, server, "先收.pdf", paper())
    bring(page, server, "后收.pdf", paper("（第 1 页）"))
    later = Arrival.objects.get(filename="后收.pdf")
    assert later.state == State.DUPLICATE
    people.salesperson.language = language
    people.salesperson.save()
    page.goto(f"{server}/intake/duplicates/")
    _look(page, size, f"duplicates-{size[0]}-{language}")
    page.get_by_role("link", name="后收.pdf").first.click()
    expect(page.locator(".beside .viewer-page img")).to_have_count(2)
    page.wait_for_function("[...document.querySelectorAll('.beside img')].every(one => one.naturalWidth > 100)")
    expect(page.locator(".differing ins").first).to_contain_text("第 1 页")
    _look(page, size, f"comparison-{size[0]}-{language}")
    page.locator("button[value=different]").click()
    page.wait_for_url(re.compile("/intake/duplicates/$"))
    later.refresh_from_db()
    assert later.state == State.TO_REVIEW
    context.close()


def _look(page: Page, size: tuple[int, int], name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
