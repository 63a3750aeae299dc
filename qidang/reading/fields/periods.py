"""生效、到期、交货: from when to when a contract runs, and on which day it delivers."""

import re
from collections.abc import Iterator

from qidang.reading.fields.dateforms import MONTH_ONLY, Day, days_in, first_day, han_number
from qidang.reading.fields.sheet import Sheet
from qidang.reading.fields.witness import Clue, choose

BETWEEN = re.compile(r"[\s]{0,2}(?:起|始)?[\s]{0,2}[,(]?[\s]{0,2}(?:起)?(?:至|到|-{1,2}|~|→)[\s]{0,2}(?:于)?[\s]{0,2}$")
PERIOD = re.compile(
    r"有效期|期限|租期|租赁期|租赁时间|合同期|服务期|承租期|履行期|合作期|工期|起止|聘期|任期|委托期|代理期|承包期|"
    r"使用期|执行期|发布期|协议期|有效时间|有效|期间|许可期|仓储期|保管期|培训期|运输期|合同生效|供货期|履约期"
)
OTHER_PERIOD = re.compile(
    r"保修|质保|保质|保险期|试用|信用证|报价|要约|投标|缺陷责任|交货|交售|装运|供货时间|供货期|付款|宽限|免租|装修期|"
    r"生产期|养殖|发货"
)
EFFECT = re.compile(
    r"^[ \t]{0,2}(?:起|开始|之日起|日起)?[ \t]?(?:正式)?(?:生效|执行|实施|起生效)|^起(?:正式)?(?:生效|执行)"
)
ENDS = re.compile(r"^[ \t]{0,2}(?:终止|止|期满|届满|失效|到期|结束|为止)")
DELIVERY_LABEL = re.compile(
    r"(?:(?<=[\n\t ;。,、:|\d.)])|^)[^\n\t:。;]{0,10}?(?:交货时间|交货期限|交货期|交货日期|交\(提\)货时间|"
    r"交\(提\)货期限|交\(提\)货日期|交\(收\)货|交提货|供货时间|供货期限|供货期|装运期限|装运期|装运日期|装运时间|"
    r"发货时间|发货日期|"
    r"提货时间|交付时间|交付日期|交付期限|完工日期|完成时间|完成日期|提交日期|提交时间|运到期限|到货时间|到货日期|"
    r"送货时间|送达时间|运达时间|运达日期|交(?:\(提\))?定作物|装运)[^\n\t:。;,]{0,12}[:\t]"
)
DELIVERY_WORDS = re.compile(
    r"^[ ]?(?:日)?(?:以前|之前|前|止|底前)?[,\s]?[^。;\n]{0,24}?(?:交货|交清|交付|装运|装船|发货|供货|送达|运抵|运至|"
    r"送至|运到|提货|交售|提交|完成|交完|送货|送到|交到|发到|送交|完工|竣工|到货|备齐)"
)
DELIVERY_BEFORE = re.compile(r"(?:交货|装运|交付|发货|交清|供货|提货|送达|运抵|交付使用|装船|到货|交售)[^。;\n]{0,16}$")
NOT_DELIVERY = re.compile(
    r"信用证|付款|支付|货款|验收|异议|汇款|图纸|资料|预付|结算|开票|发票|租|水电|资金|样品|派遣|许可"
)
TERM = re.compile(
    r"(?:有效期限?|合同期限|协议期限|租赁期限?|租期|服务期限?|合作期限|承包期限?|履行期限|合同期|期限)"
    r"[^。;\n\d一二三四五六七八九十]{0,6}?"
    r"(?:(?P<anchor>(?:自|从)[^。;\n,]{2,14}(?:之日|日)?起)[,]?)?[^。;\n\d一二三四五六七八九十]{0,4}?(?P<n>\d{1,3}|"
    r"[一二两三四五六七八九十壹贰叁伍拾]{1,3}) ?(?:个)?(?P<unit>年|月|天|日|周|季度)(?![\d月份])"
)


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
        if (
            after
            and BETWEEN.match(text, day.end, after.start)
            and text[day.end : after.start].strip()
            and _is_term(sheet, context, day)
        ):
            base = 0.93 if PERIOD.search(context) else 0.75
            starts.append(Clue(day.iso, day.start, day.end, base, "from-to"))
            ends.append(Clue(after.iso, after.start, after.end, base, "from-to"))
        elif EFFECT.match(text[day.end : day.end + 12]) and re.search(
            r"(?:自|从|于|由)[ \t]?$", text[max(0, day.start - 3) : day.start]
        ):
            starts.append(Clue(day.iso, day.start, day.end, 0.9, "effect"))
    ends += [clue for clue in _lone_ends(sheet, days) if not ends]
    return choose(starts[:1]), choose(ends[:1])


def _context_of(text: str, place: int) -> str:
    return re.sub(r"[ \t\n]", "", re.split(r"[。;]", text[max(0, place - 60) : place])[-1])


def _is_term(sheet: Sheet, context: str, day: Day) -> bool:
    if re.search(r"交货|生产|装货|装运|采购|供应|培训班|休假", context[-14:]) and not PERIOD.search(context):
        return False
    return bool(PERIOD.search(context)) or bool(re.search(r"(?:自|从|由|于)$", context))


def _lone_ends(sheet: Sheet, days: list[Day]) -> Iterator[Clue]:
    text = sheet.text
    for day in days:
        before = _context_of(text, day.start)
        after = text[day.end : day.end + 8]
        if OTHER_PERIOD.search(before[-20:]):
            continue
        if re.match(r"[ \t]?(?:终止|期满|届满|失效|到期)", after) or (
            ENDS.match(after)
            and re.search(r"(?:有效期|期限|合同期|租期|租赁期)[^。]{0,20}(?:至|到|截至|截止)(?:于)?$", before)
        ):
            yield Clue(day.iso, day.start, day.end, 0.9, "ends")
        elif re.search(
            r"(?:有效期|合同期限|租赁期限|服务期限|有效期限|合同期|租期)(?:限)?(?:为|:)?(?:截?至|到|截止到?)(?:于)?:?$",
            before,
        ):
            yield Clue(day.iso, day.start, day.end, 0.88, "ends")
        elif (
            re.search(r"(?:合同终止日期|终止日期|到期日期?|届满日期?|截止日期|有效期限)[:为]?$", before)
            and "起" not in after[:2]
        ):
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
    return choose(clues)


def _is_window(text: str, day: Day) -> bool:
    return bool(
        re.match(r"[ \t]?(?:起)?[ \t]?(?:至|到|→|~|--?)[ \t]?(?:\d|[一二]|本|次)", text[day.end : day.end + 8])
    ) or bool(re.search(r"(?:至|到|→|~)[ \t]?$", text[max(0, day.start - 3) : day.start]))


def _by_rows(sheet: Sheet) -> Iterator[Clue]:
    """The column 交（提）货时间 of an item table."""
    for grid in sheet.copy.grids:
        for n, head in enumerate(grid[:3]):
            columns = [
                c
                for c, bit in enumerate(head)
                if re.search(r"(?:交|供|提|发|到).{0,4}货.{0,2}(?:时间|日期|期)|装运期", bit.text)
                and len(bit.text) < 16
            ]
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
        if (
            len({day.iso for day in found}) != 1
            or _is_window(text, found[0])
            or MONTH_ONLY.search(text, match.end(), found[0].start)
        ):
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
        if NOT_DELIVERY.search(before[-20:]) or re.search(r"自$|从$|签订.{0,6}$", before):
            continue
        hit = DELIVERY_WORDS.match(after)
        if hit and not NOT_DELIVERY.search(hit[0]) and re.search(r"应|须|将|于|在|定于|由|:|必须", before[-14:]):
            yield Clue(day.iso, day.start, day.end, 0.85, "sentence")
        elif DELIVERY_BEFORE.search(before) and not NOT_DELIVERY.search(before + after[:8]):
            yield Clue(day.iso, day.start, day.end, 0.75, "sentence")


def find_term(sheet: Sheet) -> Clue | None:
    """Return the length of the contract where it is told by a span of time: {n, unit, anchor}."""
    for match in TERM.finditer(sheet.text):
        number = int(match["n"]) if match["n"].isdigit() else han_number(match["n"])
        before = sheet.text[max(0, match.start() - 12) : match.start()]
        if number and not OTHER_PERIOD.search(before + match[0]):
            anchor = match["anchor"] or None
            value = {"n": number, "unit": match["unit"], "anchor": anchor}
            return Clue(value, match.start(), match.end(), 0.8, "term")
    return None
