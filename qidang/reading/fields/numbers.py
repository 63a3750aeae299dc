"""合同编号: the number that the paper itself gives to this contract."""

import re
from collections.abc import Iterator

from qidang.reading.fields.sheet import Sheet
from qidang.reading.fields.witness import Clue, choose

CODE = re.compile(
    r"(?:No\.? ?|NO\.? ?|№ ?|# ?)?(?P<code>[A-Za-z0-9][A-Za-z0-9\-_/.#]{0,34}"
    r"(?:\([A-Za-z0-9]{1,8}\)[A-Za-z0-9\-_/.]{0,20})?(?: ?号)?)"
)
BRACKETED = re.compile(
    r"(?P<code>[\u4e00-\u9fffA-Za-z]{0,10} ?[(\[]\d{2,4}[)\]] ?[\u4e00-\u9fffA-Za-z]{0,8} ?(?:第 ?)?"
    r"[A-Za-z0-9\-]{1,12} ?号?)"
)
WORDED = re.compile(
    r"(?P<code>[\u4e00-\u9fffA-Za-z]{1,10} ?(?:[(\[]? ?(?:19|20)?\d{2} ?[)\]]? ?年?)? ?[\u4e00-\u9fff]{0,4}字? ?第? ?"
    r"[\-A-Za-z0-9]{1,12} ?号)"
)
DATED = re.compile(r"(?P<code>(?:19|20)\d{2} ?年 ?(?:度)?[\u4e00-\u9fff]{0,6}第? ?\d{1,6} ?号)")
SPACED = re.compile(r"(?P<code>[A-Z]{1,6} \d{2,6}(?:[ \-]\d{2,6}){1,2})(?![\dA-Za-z])")
LETTERED = re.compile(r"(?P<code>[\u4e00-\u9fff]{1,6}[\-]?[A-Za-z0-9][A-Za-z0-9\-_/.]{2,24}(?:号)?)")
UNLABELLED = re.compile(
    r"(?:(?<=[\n\t ])|^)[(]?(?P<code>[\u4e00-\u9fff]{0,8} ?[(\[] ?(?:19|20)?\d{2} ?[)\]] ?(?:年)? ?"
    r"[\u4e00-\u9fff]{0,8} ?第 ?[A-Za-z0-9\-]{1,10} ?号|"
    r"[\u4e00-\u9fff]{1,8}字 ?[(\[]?(?:19|20)\d{2}[)\]]?年? ?第 ?\d{1,6} ?号)(?=[\n\t )]|$)"
)
INLINE = re.compile(r"(?:合同|协议|确认书)(?:编?号码?|编号)(?:为|是|:)? ?(?P<code>[A-Za-z0-9][A-Za-z0-9\-_/.]{2,30})")
LAW = re.compile(r"(?:法|令|部|委|办|国|府|财|税|商储|建标|建法|民一|最高)[^\n]{0,6}字?第|专利|型|执照|许可")
HEADER = re.compile(r"(?:编号|No\.?)[: ]{0,2}(?P<code>[A-Za-z0-9][A-Za-z0-9\-_/.]{3,30})")
HEAD_LINES = 14


def find_number(sheet: Sheet) -> Clue | None:
    """Return the contract's own number as written; numbers of orders, licences, laws, other contracts are not it."""
    return choose(
        [*_labelled(sheet), *_unlabelled(sheet), *_in_running_head(sheet)], lambda v: re.sub(r"\s", "", str(v))
    )


def code_span(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where in ``text[start:end]`` a number stands: with a digit, not a blank, a date or an amount."""
    while start < end and text[start] in " _:-\t":
        start += 1
    for pattern in (BRACKETED, DATED, WORDED, SPACED, CODE, LETTERED):
        match = pattern.match(text, start, min(end, start + 60))
        if not match:
            continue
        first, last = match.span("code")
        while last > first and text[last - 1] in " ._-/#(":
            last -= 1
        code = text[first:last]
        if pattern is CODE:
            rest = text[last:end]
            if re.match(r"[年%]|\.\d|,\d{3}", rest) or (re.match(r"[\u4e00-\u9fff]", rest) and len(code) < 3):
                continue
        if _is_code(code):
            return first, last
    return None


def _is_code(code: str) -> bool:
    if not re.search(r"\d", code) or not 2 <= len(code) <= 42:
        return False
    if re.search(r"\( *\)|×|[xX]{3}", code) or re.fullmatch(r"[12]\d{3}[-./年]\d{1,2}[-./月]\d{1,2}日?", code):
        return False
    return not (re.fullmatch(r"\d{1,2}", code) or re.search(r"第 *号|年 *月", code))


def _labelled(sheet: Sheet) -> Iterator[Clue]:
    """合同编号：…, by label; 编号 alone only in the head."""
    for mark in sheet.marks:
        if mark.kind != "number" or mark.side:
            continue
        span = code_span(sheet.text, *mark.value)
        if span is None:
            continue
        line = sheet.copy.line_of(mark.start)
        in_head = line <= HEAD_LINES or sheet.share(mark.start) < 0.15
        if mark.label in ("编号", "No.", "NO.") and not in_head:
            continue
        if _of_another(sheet, mark.start):
            continue
        yield Clue(sheet.written(*span), span[0], span[1], 0.97 if in_head else 0.85, "label")
    for match in INLINE.finditer(sheet.text, 0, 3000):
        if not _of_another(sheet, match.start()) and _is_code(match["code"]):
            yield Clue(match["code"], match.start("code"), match.end("code"), 0.6, "inline")


def _of_another(sheet: Sheet, place: int) -> bool:
    """Tell whether the label belongs to another contract: 主合同, 签订的…合同."""
    before = re.split(r"[\n\t ;,。]", sheet.text[max(0, place - 16) : place])[-1]
    return bool(
        re.search(r"[主总原]$|主合同|总合同|原合同|购货|采购合同的|贷款|调拨|签订的|依据|根据|鉴证|项下", before)
    )


def _unlabelled(sheet: Sheet) -> Iterator[Clue]:
    """茶合（2024）字第018号 alone in the first lines."""
    limit = sheet.copy.line_starts[min(10, len(sheet.copy.line_starts) - 1)]
    for match in UNLABELLED.finditer(sheet.text, 0, max(limit, 200)):
        code = match["code"]
        if LAW.search(code) or LAW.search(sheet.text[max(0, match.start() - 8) : match.start()]):
            continue
        yield Clue(
            sheet.written(match.start("code"), match.end("code")), match.start("code"), match.end("code"), 0.9, "words"
        )


def _in_running_head(sheet: Sheet) -> Iterator[Clue]:
    """A number in the running head that was taken out of the copy, sought again in the original."""
    for line in sheet.copy.furniture:
        match = HEADER.search(line)
        if match and _is_code(match["code"]):
            yield Clue(match["code"], 0, 0, 0.7, "running head")
