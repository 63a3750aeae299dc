"""An archivist brings in a ledger of 300 rows and 280 files of old, closes the gaps, samples, and imports it again."""

import contextlib
import os
import pathlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from playwright.sync_api import Browser, Page, expect

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.intake import pairing, projects, sheets
from qidang.intake.models import Batch, Match, MatchState, Project, ProjectFolder, SheetImport, State
from qidang.intake.work import read_slice
from qidang.samples.onboarding import make
from qidang.tests.browser.reading import repeating
from qidang.tests.browser.test_intake_stories import _home, people
from qidang.tests.browser.test_register_story import signed_in
from qidang.tests.browsing import axe

__all__ = ["_home", "people"]

pytestmark = pytest.mark.browser
LONG = 240_000  # milliseconds for 280 papers to be read on a busy machine
SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def worker(fresh_database: str) -> Iterator[None]:
    """Do what the worker does for a project, in a thread beside the live server."""
    with repeating(_work):
        yield


def _work() -> None:
    with contextlib.suppress(OperationalError):  # a database that is locked now: the worker tries again
        _work_once()


def _work_once() -> None:
    """Take folders in, work on ledgers, read, match."""
    for folder in ProjectFolder.objects.filter(done_at=None).select_related("batch", "by", "project"):
        projects.take_folder(folder)
    for sheet in SheetImport.objects.exclude(work="").filter(rows_total__gt=sheets.DIRECT):
        sheets.work_on(sheet)
    for batch in Batch.objects.filter(arrivals__state=State.WAITING).distinct():
        read_slice(batch.pk)
    pairing.match_changed()


def add_ledger(page: Page, address: str, file: pathlib.Path) -> None:
    """Add a ledger to the project at ``address``, try it and import it."""
    page.goto(address)
    page.locator("#id_file").set_input_files(str(file))
    page.get_by_role("button", name="添加台账").click()
    page.wait_for_url(re.compile("/intake/sheets/"))
    page.get_by_role("button", name="试导入").click()
    bring_in = page.get_by_role("button", name=re.compile("^导入 [0-9]+ 行"))
    _until_there(page, bring_in)
    bring_in.click()
    page.wait_for_load_state()


def _until_there(page: Page, wanted: Any) -> None:
    for _attempt in range(240):
        if wanted.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError("it did not come")


def figure(page: Page, title: str) -> int:
    """Return the figure of that title on the project's page."""
    return int(page.locator(".figure").filter(has_text=title).locator("b").inner_text())


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def test_an_old_ledger_and_its_scans_become_a_register(
    server: str, page: Page, browser: Browser, people: Cast, worker: None, tmp_path: pathlib.Path
) -> None:
    made = make(tmp_path, rows=300, files=280)
    refused = {deal.number for deal in made.deals if deal.error in ("amount", "date")}
    served = {deal.number for deal in made.deals if deal.has_file} - refused
    signed_in(page, server, "administrator")
    page.goto(f"{server}/intake/projects/")
    shot(page, "empty")
    page.get_by_label("项目名称").fill("2015–2024 历史合同")
    page.get_by_label("签约主体").select_option(label="启明精密机械有限公司")
    page.get_by_role("button", name="新建").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2015–2024 历史合同")
    address = page.url
    add_ledger(page, address, made.ledger)
    page.goto(address)
    page.locator("#id_path").fill(str(made.files))
    page.get_by_role("button", name="收入文件夹").click()
    shot(page, "busy")
    expect(page.locator("#queue [role=status]")).to_contain_text("280 份", timeout=LONG)
    _settled(page, address, len(served))
    shot(page, "project")
    assert figure(page, "文件") == 280
    assert figure(page, "已匹配") == len(served)
    assert figure(page, "有扫描无台账") == 280 - len(served)
    assert figure(page, "未导入的行") == len(refused)
    _differences(page, made.deals)
    _undone(page, address)
    _sampled(page, address)
    add_ledger(page, address, made.corrected)
    _settled(page, address, 260 - 1)
    assert (figure(page, "台账行"), figure(page, "未导入的行")) == (300, 0)
    assert figure(page, "有台账无扫描") == 300 - 259
    assert Contract.objects.filter(number__in=refused).count() == len(refused)
    _looks_well(page, browser, server, address)


def _settled(page: Page, address: str, paired: int) -> None:
    """Wait until so many files are matched and nothing is left to read."""
    for _attempt in range(240):
        page.goto(address)
        standing = Match.objects.filter(state=MatchState.STANDING)
        if figure(page, "已匹配") >= paired and not standing.filter(compared_at=None).exists():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{figure(page, '已匹配')} of {paired} are matched")


def _differences(page: Page, deals: Any) -> None:
    """Let the paper's amount stand where the ledger's is wrong."""
    wrong = [deal for deal in deals if deal.error == "wrong amount" and deal.has_file]
    page.locator(".figure").filter(has_text="有差异").click()
    shot(page, "differences")
    expect(page.locator("tbody tr")).to_have_count(len(wrong))
    page.get_by_label("选中本页全部").check()
    page.get_by_role("button", name="用原文的").click()
    expect(page.locator("#notices")).to_contain_text(f"已定夺 {len(wrong)} 处差异")
    for deal in wrong:
        assert Contract.objects.get(number=deal.number).amount == deal.amount


def _undone(page: Page, address: str) -> None:
    """Undo one match; its file stands among those without a row again."""
    page.goto(f"{address}matches/?state=standing&way=filename")
    shot(page, "matches")
    page.locator("tbody input[type=checkbox]").first.check()
    page.locator("#why").fill("扫描件放错了")
    page.get_by_role("button", name="撤销匹配").click()
    expect(page.locator("#notices")).to_contain_text("已撤销 1 处匹配")
    assert Match.objects.filter(state=MatchState.DECLINED).count() == 1


def _sampled(page: Page, address: str) -> None:
    """Look at a sample of three by keyboard, and accept the lot."""
    page.goto(f"{address}samples/")
    page.get_by_label("样本量").fill("3")
    page.get_by_label("随机种子").fill("20260305")
    page.get_by_role("button", name="抽样").click()
    for position in (1, 2, 3):
        page.wait_for_url(re.compile(f"/items/{position}/"))
        if position == 1:
            shot(page, "sample_item")
        page.get_by_role("button", name="记下，下一份").click()
    page.wait_for_url(re.compile("/samples/[0-9a-f-]+/$"))
    page.get_by_role("button", name="接受这批").click()
    expect(page.locator("#notices")).to_contain_text("已记为接受")
    shot(page, "sample")


def _looks_well(page: Page, browser: Browser, server: str, address: str) -> None:
    """Every page of the project is clean and fits, at the desk and on a phone."""
    sample = Project.objects.get().samplings.get().uid
    ways = ["", "settings/", "upload/", "matches/?state=standing", "without-scan/", "without-row/", "differences/"]
    pages = [f"{address}{way}" for way in (*ways, "samples/")]
    pages += [
        f"{server}/intake/projects/",
        *(f"{server}/intake/projects/samples/{sample}/{n}" for n in ("", "items/1/")),
    ]
    for width, height in ((1366, 768), (390, 844)):
        # axe styles what it looks at, which our content policy would report
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", bypass_csp=True)
        context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        other = context.new_page()
        for at, one in enumerate(pages):
            other.goto(one)
            shot(other, f"{width}-{at}")
            assert axe(other) == [], one
            assert other.evaluate("document.documentElement.scrollWidth") <= width, one
        context.close()
