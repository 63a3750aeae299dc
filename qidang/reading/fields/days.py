"""签订日期与签订地点: on which day and where a contract was signed."""

import re
from collections.abc import Iterator

from qidang.reading.fields.dateforms import days_in, first_day
from qidang.reading.fields.names import is_place
from qidang.reading.fields.sheet import Sheet
from qidang.reading.fields.witness import Clue, choose

GAP = r"[ \t\n]?"
SIGNED_BEHIND = re.compile(
    r"[ ,]?(?:(?:由|经|在|于)[^。;,]{0,30}?)?(?:签订|签署|签字|签约|签定|签(?!订|署|字|约|定)|订立|立约|订约|订(?!立|"
    r"约)|立(?!约)|达成|缔结|共同签)(?!后|之|的|日)"
)
NOT_SIGNED = re.compile(
    r"交货|装运|前收到|开出|有效期|公证|鉴证|审查|批准|出生|生效|终止|届满|到期|截止|止$|期限|竣工|开工|工期|租期|"
    r"起租|提供|提交|支付|付款|验收|生产|制定|颁布|修订|通过|施行|实施|颁发|交付|发布|签发|年检|登记|成立"
)
AFTER_SIGNED = re.compile(r" ?(?:前|以前|之前|起|至|止|终止|到|-|~|期间|内|后|生效|届满|为止|开始)")
LINE_DAY = re.compile(r"^[\s:(]*(?:日期|签订日期|签字日期|时间|签署日期|订立日期|立约日期|签约日期)?[\s:]*$")
TAIL_LINES = 16


def find_sign_date(sheet: Sheet) -> Clue | None:
    """Return the day of signing; two days on two labels of the tail: the later one, less sure."""
    clues = [*_by_label(sheet), *_by_sentence(sheet), *_by_title_line(sheet), *_by_tail(sheet)]
    if not clues:
        clues = list(_by_head_cell(sheet))
    return choose(_latest_of_labels(clues))


def _latest_of_labels(clues: list[Clue]) -> list[Clue]:
    """Of several days at equal confidence keep the latest first, so that it is chosen."""
    return sorted(clues, key=lambda clue: str(clue.value), reverse=True)


def _by_label(sheet: Sheet) -> Iterator[Clue]:
    lines = len(sheet.copy.line_starts)
    for mark in sheet.marks:
        if mark.kind not in ("signed", "date"):
            continue
        start, end = mark.value
        day = first_day(sheet.text, start, max(end, min(end + 4, len(sheet.text))), solid=True)
        if day is None or day.start - start > 12:
            continue
        line = sheet.copy.line_of(mark.start)
        if mark.kind == "signed":
            base = 0.97
        elif line <= 10:
            base = 0.9
        elif line >= lines - TAIL_LINES:
            base = 0.88
        else:
            continue
        if AFTER_SIGNED.match(sheet.text, day.end) and mark.kind == "date":
            continue
        if _in_authority_box(sheet, mark.start):
            continue
        yield Clue(day.iso, day.start, day.end, base, "label")


def _in_authority_box(sheet: Sheet, place: int) -> bool:
    """Tell whether the label before, in the same cell or line, is that of a notary or an authority."""
    before = sheet.text[max(0, place - 30) : place]
    return bool(re.search(r"(?:鉴证|公证|审查|审批|签证|主管部门)[^\n]{0,20}$", before))


def _by_sentence(sheet: Sheet) -> Iterator[Clue]:
    """本合同于…年…月…日在…签订."""
    text = sheet.text
    for day in days_in(text):
        before = text[max(0, day.start - 60) : day.start].split("\n")[-1]
        after = text[day.end : day.end + 40].split("\n")[0]
        if SIGNED_BEHIND.match(after):
            own = (
                bool(re.search(r"本|兹|双方|甲方|卖方|供方|乙方\)|买方", before))
                or sheet.share(day.start) < 0.2
                or sheet.share(day.start) > 0.7
            )
            if (
                own
                and not re.search(r"根据|依据|原|前述|按照|主合同|补充", before[-24:])
                and not re.match(r"[^。]{0,12}的(?:合同|协议|《)", after)
            ):
                yield Clue(day.iso, day.start, day.end, 0.93, "sentence")
        elif re.search(r"(?:签订|签署|订立|签定|签约)(?:日期|时间)?(?:于|:|为|在)?[ (]*$", before) and not re.search(
            r"《|根据|原合同", before
        ):
            yield Clue(day.iso, day.start, day.end, 0.9, "sentence")


def _by_title_line(sheet: Sheet) -> Iterator[Clue]:
    """（签订日期2025年1月10日） under the title, or a day with 订."""
    for day in days_in(sheet.text, 0, min(len(sheet.text), 800)):
        if re.search(r"签(?:订|约|署)(?:日期|时间)[: ]*$", sheet.text[max(0, day.start - 10) : day.start]):
            yield Clue(day.iso, day.start, day.end, 0.95, "title")


def _by_tail(sheet: Sheet) -> Iterator[Clue]:
    """A day alone on a line, or closing a signature line, among the last lines."""
    copy = sheet.copy
    first = max(0, len(copy.line_starts) - TAIL_LINES)
    floor = max(copy.line_starts[first], int(len(sheet.text) * 0.4))
    floor = min(floor, _signature_start(sheet))
    for day in days_in(sheet.text, floor):
        start, end = copy.line(copy.line_of(day.start))
        before = sheet.text[max(start, day.start - 200) : day.start]
        cell = before.split("\t")[-1]
        after = sheet.text[day.end : min(end, day.end + 80)]
        if (
            AFTER_SIGNED.match(after)
            or NOT_SIGNED.search(cell)
            or re.search(r"鉴证|公证|审查|审批|证号|签证|出生|自|从|至", cell)
        ):
            continue
        if (
            re.match(r"[ \t]*订?[ \t)]*(?:$|[\n])", after)
            or re.match(r"[ \t]*(?:\d{4} ?[年.-]|[(](?:签|盖|章)|签字|签名|盖章|签章)", after)
            or after[:1] == "\t"
            or LINE_DAY.match(cell)
        ):
            alone = LINE_DAY.match(cell) or re.search(r"[日期间)]$|签字|签名|盖章|电话|:", cell)
            if alone or len(cell) < 2:
                yield Clue(day.iso, day.start, day.end, 0.85, "tail")
            elif len(before) < 60:
                yield Clue(day.iso, day.start, day.end, 0.75, "tail")


def _signature_start(sheet: Sheet) -> int:
    """Return where the signatures begin: the last party label with a seal or a representative in the last half."""
    for match in re.finditer(r"\n[^\n]{0,6}[甲供卖需买乙委承出托发]\S{0,3}[方人][^\n]{0,50}", sheet.text):
        if match.start() > len(sheet.text) * 0.6:
            return match.start()
    return len(sheet.text)


def _by_head_cell(sheet: Sheet) -> Iterator[Clue]:
    """A day alone in a cell or line of the head, without a label: as on forms with 年 月 日 printed in the head."""
    limit = sheet.copy.line_starts[min(8, len(sheet.copy.line_starts) - 1)] or len(sheet.text)
    for day in days_in(sheet.text, 0, limit):
        before = sheet.text[max(0, day.start - 12) : day.start]
        after = sheet.text[day.end : day.end + 6]
        if (
            re.search(r"(?:^|[\n\t ]|:[^\s:,。]{1,8})$", before)
            and not AFTER_SIGNED.match(after)
            and not NOT_SIGNED.search(before)
        ):
            yield Clue(day.iso, day.start, day.end, 0.7, "head cell")


def find_place(sheet: Sheet) -> Clue | None:
    """Return where the contract was signed: on the label's own line, and a place."""
    clues = []
    for mark in sheet.marks:
        if mark.kind != "place":
            continue
        start, end = mark.value
        part = re.split(r"[,。;、:《(]", sheet.text[start:end])[0].strip()
        if 2 <= len(part) <= 24 and (
            is_place(part)
            or (
                mark.has_colon
                and re.fullmatch(r"[\u4e00-\u9fff\d]{2,20}", part)
                and not re.search(r"日期|时间|[甲乙供需买卖]方|盖章|签字|编号", part)
            )
        ):
            at = sheet.text.index(part, start)
            clues.append(
                Clue(sheet.written(at, at + len(part)), at, at + len(part), 0.95 if is_place(part) else 0.85, "label")
            )
    clues += _place_in_sentence(sheet)
    return choose(clues)


def _place_in_sentence(sheet: Sheet) -> Iterator[Clue]:
    """本合同于…日在北京签订."""
    for match in re.finditer(
        r"(?:[日号] ?(?:,|由双方)?|本(?:合同|协议))(?:在|于)(?P<place>(?:中国|中华人民共和国)?[\u4e00-\u9fff]{2,16}?)"
        r"(?:正式)?(?:签订|"
        r"签署|订立|签字|签约)",
        sheet.text,
    ):
        place = match["place"]
        if is_place(place.removeprefix("中国").lstrip(",")) and sheet.share(match.start()) < 1.1:
            yield Clue(
                sheet.written(match.start("place"), match.end("place")),
                match.start("place"),
                match.end("place"),
                0.88,
                "sentence",
            )
