"""签订日期、生效、到期、交货: which of the days written in a contract is which, and where it was signed."""

import re
from collections.abc import Iterator

from qidang.reading.fields.dateforms import MONTH_ONLY, Day, days_in, first_day
from qidang.reading.fields.kinds import LEASE
from qidang.reading.fields.names import is_place
from qidang.reading.fields.sheet import Sheet
from qidang.reading.fields.witness import Clue, choose

GAP = r"[ \t\n]?"
SIGNED_SENTENCE = re.compile(r"(?:签订|签署|订立|签定|缔结|签约|签字|达成)")
OWN = re.compile(r"(?:本|此)(?:合同|协议|确认书|契约|合约)(?:书)?(?:由[^\n。;]{0,60})?(?:经[^\n。;]{0,20})?(?:于|在|系)|^[^\n]{0,160}(?:于|在)$")
NOT_SIGNED = re.compile(
    r"交货|装运|前收到|开出|有效期|公证|鉴证|审查|批准|出生|生效|终止|届满|到期|截止|止$|期限|竣工|开工|工期|租期|起租|提供|提交|支付|付款|验收|生产|制定|颁布|修订|通过|施行|实施|颁发|交付|发布|签发|年检|登记|成立"
)
AFTER_SIGNED = re.compile(r" ?(?:前|以前|之前|起|至|止|终止|到|-|~|期间|内|后|生效|届满|为止|开始)")
FROM_TO = re.compile(r"(?:自|从|由|:|为|期限|期间|有效期|租期|工期)[\"“ \t\n]{0,3}$")
BETWEEN = re.compile(r"[\s]{0,2}(?:起|始)?[\s]{0,2}[,(]?[\s]{0,2}(?:起)?(?:至|到|-{1,2}|~|→)[\s]{0,2}(?:于)?[\s]{0,2}$")
PERIOD = re.compile(
    r"有效期|期限|租期|租赁期|租赁时间|合同期|服务期|承租期|履行期|合作期|工期|起止|聘期|任期|委托期|代理期|承包期|使用期|执行期|发布期|协议期|有效时间|有效|期间|许可期|仓储期|保管期|培训期|运输期|合同生效|供货期|履约期"
)
OTHER_PERIOD = re.compile(r"保修|质保|保质|保险期|试用|信用证|报价|要约|投标|缺陷责任|交货|交售|装运|供货时间|供货期|付款|宽限|免租|装修期|生产期|养殖|发货")
EFFECT = re.compile(r"^[ \t]{0,2}(?:起|开始|之日起|日起)?[ \t]?(?:正式)?(?:生效|执行|实施|起生效)|^起(?:正式)?(?:生效|执行)")
ENDS = re.compile(r"^[ \t]{0,2}(?:终止|止|期满|届满|失效|到期|结束|为止)")
DELIVERY_LABEL = re.compile(
    r"(?:(?<=[\n\t ;。,、:|\d.)])|^)[^\n\t:。;]{0,10}?(?:交货时间|交货期限|交货期|交货日期|交\(提\)货时间|交\(提\)货期限|交\(提\)货日期|交\(收\)货|交提货|供货时间|供货期限|供货期|装运期限|装运期|装运日期|装运时间|发货时间|发货日期|"
    r"提货时间|交付时间|交付日期|交付期限|完工日期|完成时间|完成日期|提交日期|提交时间|运到期限|到货时间|到货日期|送货时间|送达时间|运达时间|运达日期|交(?:\(提\))?定作物|装运)[^\n\t:。;,]{0,12}[:\t]"
)
DELIVERY_WORDS = re.compile(r"^[ ]?(?:日)?(?:以前|之前|前|止|底前)?[,\s]?[^。;\n]{0,24}?(?:交货|交清|交付|装运|装船|发货|供货|送达|运抵|运至|送至|运到|提货|交售|提交|完成|交完|送货|完工|竣工|到货|备齐)")
DELIVERY_BEFORE = re.compile(r"(?:交货|装运|交付|发货|交清|供货|提货|送达|运抵|交付使用|装船|到货|交售)[^。;\n]{0,16}$")
NOT_DELIVERY = re.compile(r"信用证|付款|支付|货款|验收|异议|汇款|图纸|资料|预付|结算|开票|发票|租|水电|资金|样品|派遣|许可")
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
        if re.search(r"^[ ,]?(?:签|订|立|缔)(?!后|之)", after) or re.match(r"[ ,]?(?:(?:由|经|在|于)[^。;,]{0,30}?)?(?:签订|签署|订立|签字|签定|订约|达成|缔结|共同签)(?!后|之|的|日)", after):
            own = bool(re.search(r"本|兹|双方|甲方|卖方|供方|乙方\)|买方", before)) or sheet.share(day.start) < 0.2 or sheet.share(day.start) > 0.7
            if own and not re.search(r"根据|依据|原|前述|按照|主合同|补充", before[-24:]) and not re.match(r"[^。]{0,12}的(?:合同|协议|《)", after):
                yield Clue(day.iso, day.start, day.end, 0.93, "sentence")
        elif re.search(r"(?:签订|签署|订立|签定|签约)(?:日期|时间)?(?:于|:|为|在)?[ (]*$", before) and not re.search(r"《|根据|原合同", before):
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
        before = sheet.text[start : day.start]
        cell = before.split("\t")[-1]
        after = sheet.text[day.end : end]
        if AFTER_SIGNED.match(after) or NOT_SIGNED.search(cell) or re.search(r"鉴证|公证|审查|审批|证号|签证|出生|自|从|至", cell):
            continue
        if re.match(r"[ \t]*订?[ \t)]*(?:$|[\n])", after) or re.match(r"[ \t]*(?:\d{4} ?[年.-]|[(]?(?:签|盖|章))", after) or after[:1] == "\t" or LINE_DAY.match(cell):
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
        if re.search(r"(?:^|[\n\t ]|:[^\s:,。]{1,8})$", before) and not AFTER_SIGNED.match(after) and not NOT_SIGNED.search(before):
            yield Clue(day.iso, day.start, day.end, 0.7, "head cell")


def find_period(sheet: Sheet) -> tuple[Clue | None, Clue | None]:
    """Return effective and end day: 有效期自A至B止, 自A起生效, …日终止."""
    starts: list[Clue] = []
    ends: list[Clue] = []
    text = sheet.text
    days = list(days_in(text))
    for day, after in zip(days, [*days[1:], None], strict=False):
        context = _context_of(text, day.start)
        if OTHER_PERIOD.search(context[-24:]):
            continue
        if after and BETWEEN.match(text, day.end, after.start) and text[day.end : after.start].strip() and _is_term(sheet, context, day):
            base = 0.93 if PERIOD.search(context) else 0.75
            starts.append(Clue(day.iso, day.start, day.end, base, "from-to"))
            ends.append(Clue(after.iso, after.start, after.end, base, "from-to"))
        elif EFFECT.match(text[day.end : day.end + 12]) and re.search(r"(?:自|从|于|由)[ \t]?$", text[max(0, day.start - 3) : day.start]):
            starts.append(Clue(day.iso, day.start, day.end, 0.9, "effect"))
    ends += [clue for clue in _lone_ends(sheet, days) if not ends]
    return choose(starts[:1]), choose(ends[:1])


def _context_of(text: str, place: int) -> str:
    return re.sub(r"[ \t\n]", "", re.split(r"[。;]", text[max(0, place - 60) : place])[-1])


def _is_term(sheet: Sheet, context: str, day: Day) -> bool:
    if re.search(r"乙方于|交货|生产|装货|装运|采购|供应|培训班|休假", context[-14:]) and not PERIOD.search(context):
        return False
    return bool(PERIOD.search(context)) or bool(re.search(r"(?:自|从|由|于)$", context))


def _lone_ends(sheet: Sheet, days: list[Day]) -> Iterator[Clue]:
    text = sheet.text
    for day in days:
        before = _context_of(text, day.start)
        after = text[day.end : day.end + 8]
        if OTHER_PERIOD.search(before[-20:]):
            continue
        if re.match(r"[ \t]?(?:终止|期满|届满|失效|到期)", after) or (ENDS.match(after) and re.search(r"(?:有效期|期限|合同期|租期|租赁期)[^。]{0,20}(?:至|到|截至|截止)(?:于)?$", before)):
            yield Clue(day.iso, day.start, day.end, 0.9, "ends")
        elif re.search(r"(?:有效期|合同期限|租赁期限|服务期限|有效期限|合同期|租期)(?:限)?(?:为|:)?(?:截?至|到|截止到?)(?:于)?:?$", before):
            yield Clue(day.iso, day.start, day.end, 0.88, "ends")
        elif re.search(r"(?:合同终止日期|终止日期|到期日期?|届满日期?|截止日期|有效期限)[:为]?$", before) and "起" not in after[:2]:
            yield Clue(day.iso, day.start, day.end, 0.85, "ends")


def find_delivery(sheet: Sheet) -> Clue | None:
    """Return the one day of delivery: all rows equal, or a label, or …日前交货; a range or a month is none."""
    rows = list(_by_rows(sheet))
    if rows:
        return rows[0] if len({clue.value for clue in rows}) == 1 else None
    clues = [*_by_delivery_label(sheet), *_by_delivery_sentence(sheet)]
    values = {clue.value for clue in clues}
    if not clues or len(values) > 2:
        return None
    best = choose(clues)
    return best


def _is_window(text: str, day: Day) -> bool:
    return bool(re.match(r"[ \t]?(?:起)?[ \t]?(?:至|到|→|~|--?)[ \t]?(?:\d|[一二]|本|次)", text[day.end : day.end + 8])) or bool(
        re.search(r"(?:至|到|→|~)[ \t]?$", text[max(0, day.start - 3) : day.start])
    )


def _by_rows(sheet: Sheet) -> Iterator[Clue]:
    """The column 交（提）货时间 of an item table."""
    for grid in sheet.copy.grids:
        for n, head in enumerate(grid[:3]):
            columns = [c for c, bit in enumerate(head) if re.search(r"(?:交|供|提|发|到).{0,4}货.{0,2}(?:时间|日期|期)|装运期", bit.text) and len(bit.text) < 16]
            if not columns or len(head) < 3:
                continue
            for row in grid[n + 1 :]:
                if columns[0] < len(row) and len(row) >= len(head) - 1:
                    bit = row[columns[0]]
                    day = first_day(bit.text)
                    if day and not _is_window(bit.text, day):
                        place = _place_of(sheet, bit.start)
                        yield Clue(day.iso, place, place + len(bit.text), 0.93, "column")
            break


def _place_of(sheet: Sheet, original: int) -> int:
    """Return where in the copy a character of the original stands."""
    try:
        return sheet.copy.places.index(original)
    except ValueError:
        return 0


def _by_delivery_label(sheet: Sheet) -> Iterator[Clue]:
    text = sheet.text
    for match in DELIVERY_LABEL.finditer(text):
        if re.search(r"地点|方式|口岸|标记|港", match[0]) and not re.search(r"时间|期", match[0]):
            continue
        end = min(match.end() + 80, len(text))
        stop = re.search(r"[。;\n]", text[match.end() : end])
        end = match.end() + stop.start() if stop else end
        found = list(days_in(text, match.end(), end))
        if len({day.iso for day in found}) != 1 or _is_window(text, found[0]) or MONTH_ONLY.search(text, match.end(), found[0].start):
            continue
        day = found[0]
        if NOT_DELIVERY.search(text[match.end() : day.start]):
            continue
        yield Clue(day.iso, day.start, day.end, 0.9, "label")


def _by_delivery_sentence(sheet: Sheet) -> Iterator[Clue]:
    text = sheet.text
    for day in days_in(text):
        if _is_window(text, day):
            continue
        before = re.split(r"[。;\n]", text[max(0, day.start - 40) : day.start])[-1]
        after = re.split(r"[。;\n]", text[day.end : day.end + 40])[0]
        if NOT_DELIVERY.search(before[-20:]) or re.search(r"自$|从$|签订", before):
            continue
        hit = DELIVERY_WORDS.match(after)
        if hit and not NOT_DELIVERY.search(hit[0]) and re.search(r"应|须|将|于|在|定于|由|:|必须", before[-14:]):
            yield Clue(day.iso, day.start, day.end, 0.85, "sentence")
        elif DELIVERY_BEFORE.search(before) and not NOT_DELIVERY.search(before + after[:8]):
            yield Clue(day.iso, day.start, day.end, 0.75, "sentence")


def find_place(sheet: Sheet) -> Clue | None:
    """Return where the contract was signed: on the label's own line, and a place."""
    clues = []
    for mark in sheet.marks:
        if mark.kind != "place":
            continue
        start, end = mark.value
        part = re.split(r"[,。;、:《(]", sheet.text[start:end])[0].strip()
        if 2 <= len(part) <= 24 and (is_place(part) or (mark.has_colon and re.fullmatch(r"[\u4e00-\u9fff\d]{2,20}", part) and not re.search(r"日期|时间|[甲乙供需买卖]方|盖章|签字|编号", part))):
            at = sheet.text.index(part, start)
            clues.append(Clue(sheet.written(at, at + len(part)), at, at + len(part), 0.95 if is_place(part) else 0.85, "label"))
    clues += _place_in_sentence(sheet)
    return choose(clues)


def _place_in_sentence(sheet: Sheet) -> Iterator[Clue]:
    """本合同于…日在北京签订."""
    for match in re.finditer(r"[日号] ?(?:,|由双方)?(?:在|于)(?P<place>(?:中国|中华人民共和国)?[\u4e00-\u9fff]{2,16}?)(?:正式)?(?:签订|签署|订立|签字|签约)", sheet.text):
        place = match["place"]
        if is_place(place.removeprefix("中国").lstrip(",")) and sheet.share(match.start()) < 1.1:
            yield Clue(sheet.written(match.start("place"), match.end("place")), match.start("place"), match.end("place"), 0.88, "sentence")


def is_lease(sheet: Sheet) -> bool:
    """Tell whether the contract is a lease: its period is the lease's."""
    return sheet.contract_type == LEASE
