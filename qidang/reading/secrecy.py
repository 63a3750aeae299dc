"""国家秘密标志: whether a paper bears the mark of a state secret, as it stands on its head or in a stamp.

The mark is the level, a star, the period (GB/T 9704-2012 7.2.2; 保守国家秘密法实施条例: 密级★保密期限). The words
alone say nothing: 商业秘密, 保守秘密 and 标注“秘密”的资料 stand in every second contract. So the mark has to stand for
itself: a whole line, or a whole piece of a line set apart by blanks, a tab or the edge of a cell.
"""

import re
import unicodedata
from collections.abc import Iterator

from qidang.reading.paper import Page, Paper

HEAD = 12  # lines of the first page among which a mark without star counts
TOP = 5  # lines among which the level alone counts
LONGEST = 60  # characters of a piece that may be a mark
MOST_PAGES = 400

_STAR = "[★☆✩✪✭✮✯✰⭐⭑⚝]"
_LOST = "[*＊大女六火太文☒]"  # what recognition makes of a star in a stamp
_COUNT = r"(?:\d{1,3}|[一二三四五六七八九十百]{1,4})"
_DAY = r"(?:\d{4}|[〇○零一二三四五六七八九]{4})[-年./][-./年月日\d一二三四五六七八九十]{0,8}"
_PERIOD = (
    rf"(?:{_COUNT}(?:年|个?月|天|日)|长期|永久|(?:启用|启封|公开|使用|解密)前|"
    rf"(?:启封|解密|启用)(?:日期|时间|条件)?:?(?:{_DAY}|[^\d,;。!?]{{0,16}})|(?:至|到)?{_DAY}(?:止|前|解密)?)"
)
_LEVEL = "(?:绝密|机密|秘密)"
_LABEL = r"(?:密级(?:及保密期限|和保密期限)?|秘密等级|保密等级):?"
_URGENT = "(?:特急|加急|特提|平急|急件)"
_BEFORE = rf"[\[【(《〈「]?(?:(?:份号:?|№|No\.?)?\d{{1,8}}号?)?{_URGENT}?(?:{_LABEL})?"
_AFTER = rf"[\]】)》〉」]?{_URGENT}?(?:(?:合同|协议|文件)?编号:?.{{0,30}}|№.{{0,20}})?"

STARRED = re.compile(rf"{_BEFORE}{_STAR}?{_LEVEL}{_STAR}(?:保密期限:?)?(?:{_PERIOD})?{_STAR}?{_AFTER}")
TIMED = re.compile(rf"{_BEFORE}{_LEVEL}{_LOST}?(?:保密期限:?)?{_PERIOD}{_AFTER}")
LABELLED = re.compile(rf"[\[【(]?{_LABEL}{_LEVEL}{_LOST}?[\]】)]?")
ALONE = re.compile(rf"[\[【(]?{_LEVEL}{_LOST}?[\]】)]?")
_APART = re.compile(r"\s{3,}|\t|[　]{2,}|[│┃|┆]")
_BLANK = re.compile(r"\s+")


def state_secret_mark(paper: Paper, name: str = "") -> str:
    """Return the mark of a state secret that the paper bears, empty where it bears none."""
    stem = _folded(name.rpartition(".")[0] or name)
    if found := re.search(rf"{_LEVEL}{_STAR}", stem):
        return found.group()
    for number, page in enumerate(paper.pages[:MOST_PAGES]):
        for mark in _marks(page, is_first=number == 0):
            return mark
    return ""


def _marks(page: Page, *, is_first: bool) -> Iterator[str]:
    """Yield the marks of a page; without a star only what stands on the head of the paper, or in a stamp of a scan."""
    row = 0
    for line in page.lines:
        if not line.text.strip():
            continue
        row += 1
        if "密" not in line.text:
            continue
        for piece in _pieces(line.text):
            is_head = is_first and (row <= HEAD or page.source == "ocr")
            if STARRED.fullmatch(piece) or (is_head and _stands_for_itself(piece, row, page)):
                yield piece


def _stands_for_itself(piece: str, row: int, page: Page) -> bool:
    if TIMED.fullmatch(piece) or LABELLED.fullmatch(piece):
        return True
    return bool(ALONE.fullmatch(piece)) and (row <= TOP or page.source == "ocr")


def _pieces(text: str) -> Iterator[str]:
    """Yield what stands apart on a line, without its inner blanks; ``机　密 ★ 10 年`` is one piece too."""
    whole = _folded(text)
    if len(whole) <= LONGEST:
        yield whole
    for piece in _APART.split(text):
        folded = _folded(piece)
        if folded != whole and len(folded) <= LONGEST:
            yield folded


def _folded(text: str) -> str:
    return _BLANK.sub("", unicodedata.normalize("NFKC", text)).strip("_-")
