"""分件: where in one file a paper ends and the next begins; each suggestion says why, and a person decides."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from qidang.reading.fields.titles import ENDS
from qidang.reading.paper import Page, Paper

TITLE, NUMBER, COUNT, SIGNED, EMPTY = "title", "number", "count", "signed", "empty"
WEIGHTS = {TITLE: 0.5, NUMBER: 0.6, COUNT: 0.6, SIGNED: 0.3, EMPTY: 0.5}
ENOUGH = 0.6
SAME_NUMBER = -0.4  # an annex that bears the number of the contract before it
HEAD_LINES, FOOT_LINES = 6, 3
HEADLINE = re.compile(rf"^[\u4e00-\u9fffA-Za-z0-9()《》、\-]{{0,30}}{ENDS}(?:\([^()]{{1,12}}\))?$")
NO_HEADLINE = re.compile(r"^(?:本|附件|补充|根据|双方|续|第.{1,4}[条章])")
NUMBERED = re.compile(
    r"(?:合同|协议|订单)?(?:编号|号码?|No\.?)[:为]?\s*([A-Za-z0-9\u4e00-\u9fff][\w()〔〕\[\]\-/.]{3,40})", re.I
)
COUNTED = re.compile(
    r"第(\d{1,4})页(?:[,/]?共(\d{1,4})页)?|(?:^|[^\d/.])(\d{1,4})/(\d{1,4})$|^-?(\d{1,4})-?$|^Page(\d{1,4})of(\d{1,4})",
    re.I,
)
SIGNING = re.compile(r"盖章|签字|签章|签署日期|签订日期|法定代表人|授权代表")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a page begins a paper: ``code`` (title, number, count, signed, empty) and the words that say so."""

    code: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A page (from 1) that seems to begin a paper of its own."""

    page: int
    reasons: tuple[Reason, ...]


def beginnings(paper: Paper) -> list[Beginning]:
    """Return the pages, the first left out, at which another paper seems to begin."""
    found = []
    before: Page | None = None
    number, count = "", 0
    for page in paper.pages:
        reasons = list(_reasons(page, before, number, count))
        same = bool(number) and number_on(page) == number
        weight = sum(WEIGHTS[one.code] for one in reasons) + (SAME_NUMBER if same else 0)
        if before is not None and weight >= ENOUGH and not is_empty(page):
            found.append(Beginning(page.number, tuple(reasons)))
        number, count = number_on(page) or number, count_on(page)
        before = page
    return found


def empty_pages(paper: Paper) -> list[int]:
    """Return the pages (from 1) on which nothing was read: perhaps blank sheets between two papers."""
    return [page.number for page in paper.pages if is_empty(page)]


def is_empty(page: Page) -> bool:
    """Say whether nothing was read on the page."""
    return not page.text.strip() and not page.tables


def _reasons(page: Page, before: Page | None, number: str, count: int) -> Iterator[Reason]:
    if title := title_on(page):
        yield Reason(TITLE, title)
    here = number_on(page)
    if here and number and here != number:
        yield Reason(NUMBER, here)
    if count_on(page) == 1 and count > 1:
        yield Reason(COUNT)
    if before is not None and is_empty(before):
        yield Reason(EMPTY)
    elif before is not None and _is_signed(before):
        yield Reason(SIGNED)


def title_on(page: Page) -> str:
    """Return the contract's title that stands at the head of the page, "" where none does."""
    for line in _head(page):
        if 4 <= len(line) <= 34 and HEADLINE.match(line) and not NO_HEADLINE.match(line):
            return line
    return ""


def number_on(page: Page) -> str:
    """Return the contract number at the head of the page, folded; "" where none stands there."""
    for line in _head(page):
        if found := NUMBERED.search(line):
            return found[1].upper()
    return ""


def count_on(page: Page) -> int:
    """Return the page number that is printed at the foot or the head of the page; 0 where none is."""
    lines = [_folded(line.text) for line in page.lines if line.text.strip()]
    for line in (*reversed(lines[-FOOT_LINES:]), *lines[:2]):
        if found := COUNTED.search(line):
            return int(next(group for group in (found[1], found[3], found[5], found[6]) if group))
    return 0


def _is_signed(page: Page) -> bool:
    text = _folded(page.text)
    return len(SIGNING.findall(text[len(text) // 3 :])) >= 2


def _head(page: Page) -> list[str]:
    lines = [_folded(line.text) for line in page.lines if line.text.strip()]
    return lines[:HEAD_LINES]


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
