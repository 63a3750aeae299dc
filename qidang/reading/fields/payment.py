"""付款计划: which share or amount is paid on what event."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qidang.reading.fields.clauses import NUMBERS, Clause
from qidang.reading.fields.kinds import LEASE, OTHER
from qidang.reading.fields.moneyforms import plain_amount, sums_in, words_in
from qidang.reading.fields.percents import Share, shares_in
from qidang.reading.fields.sheet import Sheet
from qidang.reading.fields.witness import Clue

HEAD = re.compile(
    r"结算方[式法]|结算办法|付款方[式法]|付款办法|付款条件|付款期限|付款时间|支付方[式法]|支付办法|支付条件|支付期限|"
    r"支付时间|货款结算|价款结算|货款支付|费用支付|费用的支付|结算时间|结算与支付|拨付办法|工程款支付|工程款的支付|"
    r"价款的?支付|报酬.{0,6}支付|"
    r"酬金.{0,6}支付|运费.{0,4}(?:结算|支付)|租金.{0,8}(?:支付|缴纳|交纳|付款)|付款$|支付$|货款的?(?:支付|结算)|"
    r"付款与|付款及|费用及(?:支付|付款)|价款及支付|价款与支付|合同价款及?(?:支付|付款)|支付与结算|收费.{0,6}(?:支付|"
    r"付款)|费用结算|付款计划|进度款|"
    r"^租金(?:标准|收取|金额)?$|经费.{0,10}(?:支付|拨付)|使用费.{0,6}支付|技术服务费.{0,6}支付|"
    r"报酬及其?支付|价款或酬金|结算$|付款、|付款进度|"
    r"转让费.{0,8}支付"
)
SPLIT = re.compile(r"[。;\n]")
NOT_SHARE = re.compile(
    r"违约|罚|滞纳|赔偿|逾期|迟延|延期|利息|利率|税率|含税|增值税|发票|税$|保险|投保|保额|发票金额|溢短|允差|误差|"
    r"损耗|幅度|不超过|上限|合格率|折扣|优惠|提成|手续费|每日|每天|浮动|上下|±|超过|加成|增加|减少|下浮|余额的|保值|"
    r"佣金|回扣|提成费|备损"
)
REST = re.compile(r"余款|结清全部|付清全部|结清其余|尾款|剩余|其余|余额|余下|尾欠款|结余款")
WHOLE_SUM = re.compile(
    r"付清全款|全部(?:货款|价款|款项|合同款|费用|工程款|运费|合同价款|服务费|租金|报酬|酬金|加工费|余款)|一次性?"
    r"(?:付清|支付|结清|付给|全额|汇入|交清|交付|付款)|一次付清|全额(?:支付|付款|付清)|款到(?:后)?发货|付清(?:货款|"
    r"价款|运费|全部|合同款|加工费|报酬)|结清(?:货款|全部|运费|价款)|"
    r"货到付款|现款现货|现金支票|付(?:清)?全款|不可撤销[^。]{0,30}信用证|(?:开[出立具至到给]|收到|凭|以|采用)"
    r"[^。;]{0,40}信用证|信用证(?:付款|方式|结算|支付)|见票即付|D/P|D/A|T/T|付款交单|承兑交单|钱货两清|即期付款|"
    r"付清$|结清$|支付(?:全部|全额)|支付合同(?:全款|总价款?|价款|全部款项)|电汇"
)
EACH = re.compile(
    r"每批|批货批款|按月|每月|月结|逐月|每季|按季|按期|分期|每次|每车|每票|每年|按年|滚动|当天兑现|逐批|按批|随货|"
    r"月末|每趟|每单|每半年|货到即付"
)
NO_PAYMENT = re.compile(r"违约|逾期|扣除|罚款|有权|利息|帐单|失效|及时|按规定|依照|规定办理|证明允许|发货票")
PAYS = re.compile(
    r"(?:支付|付清|结清|付给|交付|汇付)[^。;]{0,12}(?:货款|价款|款项|费|报酬|酬金|租金|全款|余款)|"
    r"(?:货款|价款|费用?|报酬|酬金|租金|款)[^。;]{0,24}(?:支付|付清|结清|付款|汇|结算)|(?:后|内|前|时)[^。;,]{0,8}"
    r"(?:付款|结算|支付)"
)
BLANK = re.compile(r"_{2,}|\( *\)|第 ?\( *\) ?项|×|^[\s_/无。,:]*$")
CHOICES = re.compile(r"(?:分下述|下列|以下)(?:三|两|二|几)?种(?:情况|方式)|按下列第")
RENT_DAY = re.compile(
    r"每(?:个)?[月季年](?:的)?[^。,;\n]{0,12}?(?:\d{1,2}|[一二三四五六七八九十]{1,3}) ?[日号](?:前|之前|以前|内)?|每"
    r"[月季年][初末底]|每(?:个)?季度[^。,;]{0,10}|按[季月年](?:度)?(?:支付|缴纳|交纳|预付|结算)"
)
EVENT = re.compile(
    r"(?:自|于|在|待|经|至|从)?[^,。;\n:]{0,30}?(?:签订|签约|签署|生效|确认|验收合格|验收|到货|货到|收到"
    r"[^,。;]{0,12}|完工|竣工|交货|交付|发货|期满|到期|开工|进场|完成|通过|结算|提货|安装调试|调试|入库|封顶|审定|"
    r"备案|装车|卸货|送达|投产|开票|之日|当日|每月|每季|前)[^,。;\n:]{0,20}?"
    r"(?:(?:\d{1,3}|[一二三四五六七八九十]{1,3}|两|半) ?(?:个)?(?:工作日|日|天|周|月|年)(?:之?内|以内|后|前)?|后|时|"
    r"前|内|之日|当日|起)"
)


@dataclass
class Instalment:
    """A row of the plan: a percent or an amount, and the event that makes it due."""

    pct: Decimal | None
    amount: Decimal | None
    trigger: str
    start: int
    end: int

    def to_dict(self) -> dict[str, Any]:
        """Return the normal form."""
        row: dict[str, Any] = {"pct": None if self.pct is None else _number(self.pct), "trigger": self.trigger}
        if self.amount is not None:
            row["amount"] = plain_amount(self.amount)
        return row


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral() else float(value)


def find_plan(sheet: Sheet) -> tuple[list[Instalment], Clue | None]:
    """Return the rows of the payment plan: from the clauses about payment, else from telling sentences."""
    for segment in sorted(
        _segments(sheet), key=lambda part: sheet.text[max(0, part[0] - 4) : part[0]].startswith("租金")
    ):
        rows = _rows(sheet, *segment)
        if rows:
            return rows, Clue(None, rows[0].start, rows[-1].end, 0.85, "clause")
    rows = _loose_rows(sheet)
    if rows:
        return rows, Clue(None, rows[0].start, rows[-1].end, 0.65, "sentence")
    return [], None


def _segments(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """The stretches of the clauses about payment, the ones whose head says so first."""
    for clause in sheet.clauses:
        head = clause.head
        if CHOICES.search(head):
            continue
        if (
            clause.style != "article"
            and sheet.text[clause.body : clause.body + 1] in ",。;"
            and clause.body < clause.end
        ):
            continue
        if HEAD.search(head) and len(head) <= 24 and not re.search(r"违约|责任", head):
            yield clause.body, min(_end_of(sheet, clause), clause.body + 900)
    for grid_line in re.finditer(
        r"(?:(?<=[\n\t ])|^)(?:[一二三四五六七八九十\d]{1,3}[、.] ?)?(?P<head>[^\n\t:。;]{2,18})[:\t]", sheet.text
    ):
        if HEAD.search(grid_line["head"]):
            stop = re.compile(r"\n").search(sheet.text, grid_line.end())
            yield grid_line.end(), stop.start() if stop else len(sheet.text)


def _end_of(sheet: Sheet, clause: Clause) -> int:
    """A clause that stands beside another in one cell ends where the other begins."""
    beside = re.compile(r"[ \t](?=[一二三四五六七八九十]{1,3}、[\u4e00-\u9fff()]{2,18}:)").search(
        sheet.text, clause.body, clause.end
    )
    return beside.start() if beside else clause.end


def _rows(sheet: Sheet, start: int, end: int) -> list[Instalment]:
    text = sheet.text
    body = text[max(0, start - 24) : end]
    if CHOICES.search(body) or BLANK.fullmatch(text[start:end].strip()):
        return []
    rows = _by_shares(text, start, end)
    said = {_sentence_of(text, row.end) for row in rows}
    rows += [row for row in _by_amounts(text, start, end) if _sentence_of(text, row.end) not in said]
    rows.sort(key=lambda row: row.end)
    if sum(row.pct or 0 for row in rows) < 100:
        rows += _rest(text, start, end, rows)
    if not rows and sheet.contract_type == LEASE:
        rows = _rent(sheet, start, end)
    return rows or _at_once(text, start, end)


def _by_shares(text: str, start: int, end: int) -> list[Instalment]:
    """Rows by percent; a penalty, tax, insurance or tolerance is none, and an amount said beside is the row's."""
    rows: list[Instalment] = []
    last = start
    for share in shares_in(text, start, end):
        if _is_other_share(text, share, start):
            continue
        amount = _beside(text, share, end)
        trigger = _trigger(text, last, share, end)
        row = Instalment(share.value, amount, trigger, max(last, share.start - 60), share.end)
        if rows and rows[-1].pct == row.pct and re.fullmatch(r"[(\s即:为)]*", text[rows[-1].end : share.start]):
            continue
        rows.append(row)
        last = share.end
    return _without_repeats(rows)


def _without_repeats(rows: list[Instalment]) -> list[Instalment]:
    """A share that is said twice counts once, where the shares are more than the whole."""
    kept: list[Instalment] = []
    for row in rows:
        if sum(other.pct or 0 for other in rows) > 100 and any(row.pct == other.pct for other in kept):
            continue
        kept.append(row)
    return kept


def _is_other_share(text: str, share: Share, start: int) -> bool:
    if share.value <= 0 or share.value > 100:
        return True
    if re.match(r" ?(?:以内|以上|以下|时|的(?:幅度|范围))", text[share.end : share.end + 6]) or re.search(
        r"(?:超过|达到|完成|不足)\D{0,4}$", text[max(start, share.start - 8) : share.start]
    ):
        return True
    floor = max(start, max(text.rfind(char, start, share.start) for char in "。;\n,") + 1)
    before, after = text[floor : share.start], text[share.end : share.end + 12]
    if NOT_SHARE.search(before) and not re.search(r"(?:余款|支付|付)[^,]{0,10}$", before[-12:]):
        return True
    if NOT_SHARE.search(before[-8:]) and not REST.search(before):
        return True
    sentence = max(start, max(text.rfind(char, start, share.start) for char in "。;\n") + 1)
    if re.search(r"违约金|滞纳金|每逾期|罚款|赔偿", text[sentence : share.end + 16]) and not re.search(
        r"支付|预付|余款", before
    ):
        return True
    return bool(re.match(r" ?(?:的)?(?:增值税|税|违约|滞纳|利息|罚|发票|溢|合格)", after))


def _beside(text: str, share: Share, end: int) -> Decimal | None:
    """40%。即87,936.00元: the amount that says the same as the share."""
    after = re.compile(
        r"[,。; (]{0,3}(?:的)?(?:货款|价款|合同款|合同价款|工程款|预付款|定金|款项|款)?[,。 (]{0,2}(?:即|计|共计|为|"
        r"人民币|合计|金额为|金额|:|¥|大写)"
    ).match(text, share.end, min(end + 2, share.end + 30))
    if not after:
        return None
    amount = next(
        sums_in(text, after.end() - (1 if after[0].endswith("¥") else 0), min(len(text), after.end() + 30)), None
    )
    if amount and amount.has_mark and amount.start - after.end() <= 12:
        return amount.value
    return None


def _by_amounts(text: str, start: int, end: int) -> list[Instalment]:
    """Rows by amount: 签约后支付50000元，余款于…付清."""
    rows: list[Instalment] = []
    last = start
    for amount in sums_in(text, start, end):
        floor = max(last, max(text.rfind(char, start, amount.start) for char in "。;\n") + 1)
        before = text[floor : amount.start]
        if (
            not amount.has_mark
            or amount.value < 10
            or re.match(r"兑换|/|[×xX]", text[amount.end : amount.end + 2])
            or NOT_SHARE.search(before)
            or before.lstrip().startswith("即")
            or not re.search(r"付|交|汇|缴|结|拨|预|第.{1,2}期|首期|期", before)
        ):
            continue
        if re.search(r"总价|总额|合计|总计|总金额|单价|每[吨件台公米]", before[-12:]) or re.match(
            r"/|每", text[amount.end : amount.end + 1]
        ):
            continue
        if any(
            abs(said.start - amount.start) < 30
            and said.value == amount.value
            and rows
            and rows[-1].amount == said.value
            for said in words_in(text, floor, amount.start)
        ):
            continue
        rows.append(Instalment(None, amount.value, _event(text, floor, amount.start), floor, amount.end))
        last = amount.end
    return rows


def _sentence_of(text: str, place: int) -> int:
    """Return where the sentence begins in which ``place`` stands."""
    return max(text.rfind(char, 0, max(0, place - 1)) for char in "。;\n")


def _rest(text: str, start: int, end: int, rows: list[Instalment]) -> list[Instalment]:
    """余款 without a share of its own: what is missing to the whole."""
    if not rows:
        return []
    after = REST.search(text, rows[-1].end, end)
    before_share = re.search(
        rf"(?:{REST.pattern})[^。;,]{{0,12}}$", text[max(start, rows[-1].start) : rows[-1].end - 3]
    )
    if not after or before_share:
        return []
    stop = SPLIT.search(text, after.end(), end)
    last = stop.start() if stop else end
    trigger = _event(text, max(start, after.start() - 30), last)
    paid = sum((row.pct for row in rows if row.pct is not None), Decimal(0))
    if all(row.pct is not None for row in rows) and 0 < paid < 100:
        return [Instalment(100 - paid, None, trigger, after.start(), last)]
    return [Instalment(None, None, trigger, after.start(), last)]


def _rent(sheet: Sheet, start: int, end: int) -> list[Instalment]:
    """租金每月的1日前: the rent of a period, paid again and again."""
    match = RENT_DAY.search(sheet.text, start, end)
    if not match:
        return []
    return [Instalment(None, None, match[0], match.start(), match.end())]


def _at_once(text: str, start: int, end: int) -> list[Instalment]:
    """One payment of the whole: 付清全款, 款到发货, 信用证; 每批…付清 has no share."""
    sentence_end = start
    for stop in [*SPLIT.finditer(text, start, end), None]:
        begin, sentence_end = sentence_end, stop.end() if stop else end
        sentence = text[begin:sentence_end]
        if len(sentence.strip()) < 3 or BLANK.search(sentence) or NO_PAYMENT.search(sentence):
            continue
        if EACH.search(sentence):
            return [Instalment(None, None, _short(sentence), begin, sentence_end)]
        event = _event(text, begin, sentence_end)
        if WHOLE_SUM.search(sentence):
            return [Instalment(Decimal(100), None, event or _short(sentence), begin, sentence_end)]
        if event and begin - start < 120 and len(sentence) < 120 and PAYS.search(sentence):
            return [Instalment(Decimal(100), None, event, begin, sentence_end)]
    return []


def _trigger(text: str, last: int, share: Share, end: int) -> str:
    """Return the event of a share: in its own half sentence before it, else behind it."""
    floor = max(text.rfind(char, 0, share.start) for char in "。;") + 1
    before = _event(text, max(last, share.start - 70, floor), share.start)
    if before:
        return before
    stop = re.compile(r"[;。\n]").search(text, share.end, end)
    return _event(text, share.end, stop.start() if stop else end)


def _event(text: str, start: int, end: int) -> str:
    part = re.sub(r"\n(?:" + "|".join(NUMBERS.values()) + r")?", "", text[start:end])
    match = EVENT.search(part)
    return match[0].strip(" ,;") if match else ""


def _short(sentence: str) -> str:
    return re.sub(r"\s", "", sentence).strip("。;,:")[:60]


PRICE = r"(?:总价款?|总额|货款|合同款|价款|工程款|总金额|[\u4e00-\u9fff]{0,4}费用?|报酬|酬金|租金|加工费|合同价)"
LOOSE_CORE = re.compile(
    r"开出现金支票|开立[^。\n]{0,30}信用证|"
    rf"(?:支付|预付|付|交付)[^。;\n]{{0,16}}{PRICE}的? ?(?:\d{{1,3}} ?%|百分之)[^。;\n]{{0,60}}"
)
LOOSE = re.compile(rf"[^。;\n]{{0,60}}(?:{LOOSE_CORE.pattern})")
PAID_SHARE = re.compile(r"(?:付|拨|结)[^。;,，%]{0,10}?(?:\d{1,3} ?%|百分之)")
DUE = re.compile(
    r"(?:应当?|须|需)?(?:在|于|自)[^。;,\n]{2,36}?(?:前|内|后|时|日)[,]?[^。;,\n]{0,20}?"
    rf"(?:{PRICE}|款项?)[^。;,\n]{{0,12}}(?:付给|支付|付清|结清|汇|付至|交付)|"
    r"(?:在|于|自)[^。;,\n]{2,36}?(?:前|内|后|时|日)(?:一次性?|全部|全额)?(?:付清|结清|支付完毕)|"
    rf"(?:在|于|自)[^。;,\n]{{2,36}}?(?:前|内|后|时)[^。;,\n]{{0,16}}(?:付给|支付|付清|结清)[^。;,\n]{{0,10}}"
    rf"(?:{PRICE}|全款)"
)


def _loose_rows(sheet: Sheet) -> list[Instalment]:
    """Payment told outside a payment clause: a cheque drawn, a share of the price paid on an event."""
    for match in LOOSE.finditer(sheet.text) if LOOSE_CORE.search(sheet.text) else ():
        sentence = match[0]
        if re.search(r"违约|逾期|罚|滞纳|赔偿|保函|担保", sentence) or BLANK.search(sentence):
            continue
        if "现金支票" in sentence or "信用证" in sentence:
            return [Instalment(Decimal(100), None, _short(sentence), match.start(), match.end())]
        end = match.end()
        stop = re.compile(r"\n").search(sheet.text, end)
        rows = _by_shares(sheet.text, match.start(), stop.start() if stop else end)
        if rows:
            rows += _rest(sheet.text, match.start(), stop.start() if stop else end, rows)
            return rows
    is_short = len(sheet.text) < 8000 and sheet.contract_type != OTHER
    if is_short and (rows := _series(sheet.text)):
        return rows
    if sheet.contract_type == LEASE and (rows := _rent(sheet, 0, len(sheet.text))):
        return rows
    return _due_row(sheet) if is_short else []


def _series(text: str) -> list[Instalment]:
    """A line that pays in several shares: 合同生效后付40%，中期付40%，验收后付20%."""
    place = 0
    for line in text.split("\n"):
        if len(PAID_SHARE.findall(line)) >= 2 and not re.search(r"违约金|滞纳金|利息|股份|出资", line):
            rows = _by_shares(text, place, place + len(line))
            if len(rows) >= 2 and sum(row.pct or 0 for row in rows) <= 110:
                return rows + _rest(text, place, place + len(line), rows)
        place += len(line) + 1
    return []


def _due_row(sheet: Sheet) -> list[Instalment]:
    """甲方于收购后三日内将货款付给乙方: the whole, told in one sentence of its own."""
    for match in DUE.finditer(sheet.text):
        start = max(sheet.text.rfind(char, max(0, match.start() - 120), match.start()) for char in "。;\n") + 1
        sentence = sheet.text[start : match.end() + 12]
        if NOT_SHARE.search(sentence) or NO_PAYMENT.search(sentence) or BLANK.search(match[0]) or "如" in sentence[:8]:
            continue
        if re.search(r"定金|预付|押金|保证金|保险|第三方|税|损失|退还|返还|×|工资|利润", sentence):
            continue
        return [
            Instalment(Decimal(100), None, _event(sheet.text, match.start(), match.end()), match.start(), match.end())
        ]
    return []
