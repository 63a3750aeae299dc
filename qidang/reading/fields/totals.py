"""合同金额: the total with tax, in figures and words, without tax, the tax and its rate, the currency."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from qidang.reading.fields.items import Item, total_rows
from qidang.reading.fields.kinds import LEASE, OTHER
from qidang.reading.fields.moneyforms import FORMAL, Sum, plain_amount, sums_in, words_in
from qidang.reading.fields.sheet import Sheet
from qidang.reading.fields.vocabulary import words
from qidang.reading.fields.witness import Clue, choose

FINAL = r"最终优惠价|优惠后(?:总价|价格|金额)?|实际成交价|最终成交价|折后(?:总价|价)?|最终(?:总)?价|成交价"
WITH_TAX = r"价税合计|含税(?:合同)?(?:总价|合计|总额|金额|总金额|价)|(?:合同)?总价(?:款)?\(含税\)"
WHOLE = (
    r"(?:本)?(?:合同|协议|订单|本次采购|采购|销售|货款|货物|产品|设备|工程|项目|服务费?|技术服务费|承包|加工费?|定作|"
    r"运费|运输费?|租金|全部|改造|装修|施工|监理费?|设计费?|勘察费?|测绘|培训费?|广告费?|咨询费?|许可费?|转让费?|"
    r"开发费?|"
    r"委托费?|费用|酬金|报酬|保洁|维保|维护费?|物业费?|预算|暂定|估算|印刷费?|制作费?|修理费?|安装费?|包干|代理费?|"
    r"成交|交易|订货|总|本协议|应付)?(?:的)?(?:暂定|预计|估计|含税)?"
    r"(?:合计人民币|签约合同价|合同价(?!款|格)|总价款|总价|总金额|总价格|总额|总值|总计|合计金额|合计|金额合计|"
    r"总费用|总造价|造价|价款|金额|总货款|总货值|"
    r"总款额|包干价|费用总额|总报酬|总运费|总租金|共计)"
)
KNOWN_FEES = (
    r"加工费用?|加工价款|定作价款|酬金|报酬|服务费用?|技术服务费用?|咨询费用?|代理费用?|律师费用?|法律顾问费用?|"
    r"顾问费用?|运费|运输费用?|运杂费|设计费用?|勘察费用?|勘察设计费用?|测绘费用?|测绘工程费用?|监理费用?|监理酬金|"
    r"使用费|转让费用?|技术转让费用?|许可使用费|许可费用?|入门费|研究开发经费|研究经费|研制经费|开发经费|开发费用?|"
    r"试制经费|研究开发费用?|经费|佣金|居间报酬|中介费用?|广告费用?|广告发布费用?|培训费用?|物业服务费用?|"
    r"物业管理费用?|保洁服务费|修理费用?|印刷费用?|价款或酬金|报酬或价款|演出费|委托费用?|合同价|成交金额|总投资额|"
    r"借款金额|贷款金额|转让价款|交易金额|承包费用?|装修费用?|维护费用?|工程款|货款|顾问酬金|法律顾问酬金|聘请费|"
    r"保管费用?|仓储费用?"
)
FEES = KNOWN_FEES + r"|[\u4e00-\u9fff]{2,6}费用?(?=总额|总计|合计|为|共计|:|人民币|每年|计)"
KNOWN_FEE = re.compile(KNOWN_FEES)
RENT = r"(?:每?月|年|季度?|日|每年|每季度)?(?:固定)?租金(?:标准|总额|总计|合计|金额)?"
FILLER = (
    r"(?:[\s\t:]|\(?人民币\)?|\(?大写\)?|\(?小写\)?|\((?:人民币)?(?:大写|小写|大小写|含税|不含运费|暂定|人民币|元|"
    r"单位:元|大写金额|金额大写)\)|共计|共|总计|合计|计|为|是|约|暂定|数额|价款|金额|即|RMB|按|:|,|应为|定为|估算|"
    r"预计|预算|概算|核定|商定|确定|标准|数额|总数|合人民币|每"
    r"[年月季]|各?方?同意|一次性|总价|含税|壹年|暂估|固定|总额|合同|支付|向[甲乙][方]){0,9}"
)
AHEAD = 4  # how far FEES looks beyond a label: 人民币
TOTAL = re.compile(rf"(?P<final>{FINAL})|(?P<tax>{WITH_TAX})|(?P<whole>{WHOLE})|(?P<fee>{FEES})|(?P<rent>{RENT})")
RUN = re.compile(r"[^\s,。;:、]+")  # no label has a stop in it
WORTH = re.compile("[价税计额值款金酬费造租]")  # and each has one of these letters
NEVER = re.compile(
    r"不含税|不计税|税前|税额|税金|违约金|罚款|罚金|滞纳金|保证金|定金|订金|押金|预付|首付|手续费|保险|投保|注册资本|"
    r"不超过|上限|最高|最低|赔偿|单价|余款|尾款|尾欠|进度款|质保金|保修金|手续|奖励|奖金|补偿|扣除|第[一二三四1-4]期|"
    r"首期|首次|每次|日租|每日|逾期|迟延|损失|介绍费|鉴定费|诉讼费|仲裁费|每人|每平方|每吨|每公里|每件|每台|加急费|"
    r"其它费用|其他费用|优惠[^价后]|代理费[^用为共总]{0,3}元|差旅|附加|增加|减少|变更|超过|低于|累计|银行帐|贷款利"
)
SHARE = re.compile(r"^(?:的)?[ ]?(?:\d{1,3}(?:\.\d{1,2})? ?[%‰]|百分|千分|万分|[一二三]成|全部|余|部分|支付|尾款|剩余)")
APART = re.compile(
    r"(?:总额|总价款?|总金额|总计|合计|总费用|总造价|工程价款|合同价款|价款|酬金|报酬)[^。;\n:]{1,36}?(?:为|共计|"
    r"计算款|计|合计|总计|总额|共)(?=人民币|¥|\d|[壹贰叁肆伍陆柒捌玖])"
    r"(?:人民币)?(?:\(大写\))?:?"
)
TAX_NEAR = re.compile(r"不含(?:增值)?税|不计税|除税|税前")
NET = re.compile(
    r"(?:不含(?:增值)?税|不计税|税前|除税)(?:合同)?(?:的)?(?:总金额|总价款?|金额|价款?|合计|总额|总计|部分)?" + FILLER
)
VAT = re.compile(r"(?<!含)(?<!计)(?:增值税)?(?:税额|税款|税金(?!额)|增值税额|增值税款)(?:合计|总计|共计)?" + FILLER)
RATES = (
    re.compile(r"(?<!利)(?:增值税)?税率(?:\(%\))?(?:为|是|:|按|[ \t])*(?P<rate>\d{1,2}(?:\.\d{1,2})?) ?%"),
    re.compile(r"含(?:税)?[ (]?(?P<rate>\d{1,2}(?:\.\d{1,2})?) ?%[ )]?(?:的)?(?:增值)?税"),
    re.compile(r"(?P<rate>\d{1,2}(?:\.\d{1,2})?) ?%[ )]?(?:的)?(?:税率)?(?:的)?(?:增值税)(?:专用|普通)?(?:发票)?"),
    re.compile(r"增值税(?:专用|普通)?发票[ ,(]{0,3}(?:税率|按)?(?:为|:)?(?P<rate>\d{1,2}(?:\.\d{1,2})?) ?%"),
    re.compile(r"(?:增值税|税点)(?:为|按|:|是|率)?(?P<rate>\d{1,2}(?:\.\d{1,2})?) ?%"),
)
VAT_RATES = frozenset(words("0 1 3 5 6 9 10 11 13 16 17 1.5"))


@dataclass
class Total:
    """The contract's total: its figure and words as found."""

    clue: Clue | None = None
    words: Clue | None = None
    currency: str = ""
    note: str = ""


def find_total(sheet: Sheet, items: list[Item]) -> Total:
    """Return the total with tax by the order of field_expressions §5.2, with its words and currency."""
    clues: list[tuple[Clue, str]] = []
    words: list[Clue] = []
    notes: dict[int, str] = {}
    for clue, said, currency, note in [*_labelled(sheet), *_apart(sheet)]:
        if clue is not None:
            clues.append((clue, currency))
            notes[clue.start] = note
        if said is not None:
            words.append(said)
    clues += [(clue, currency) for clue, currency in _by_rows(sheet)]
    clues += _by_items(sheet, items)
    best = choose([clue for clue, _ in clues])
    total = Total(best, choose(words), note=notes.get(best.start, "") if best else "")
    if best:
        total.currency = next((c for clue, c in clues if clue.start == best.start and c), "") or _currency(
            sheet, best, items
        )
        if total.words is None:
            total.words = _words_of_equal_value(sheet, best)
    return total


def _labelled(sheet: Sheet) -> Iterator[tuple[Clue | None, Clue | None, str, str]]:
    """Totals by label: 合计人民币（大写）…（￥…）, 合同总价为…元, 月租金…."""
    text = sheet.text
    seen = -1
    for match in _labels(text):
        if match.start() < seen or _is_heading(text, match) or _is_refused(sheet, match):
            continue
        base = _base(sheet, match)
        if base <= 0:
            continue
        filler = re.compile(FILLER).match(text, match.end())
        place = filler.end() if filler else match.end()
        if SHARE.match(text[match.end() : match.end() + 8]) or TAX_NEAR.search(text[match.start() : place + 2]):
            continue
        figure, said = _amounts_at(text, place)
        if figure is None and said is None:
            continue
        seen = max(part.end for part in (figure, said) if part)
        yield _proposed(sheet, figure, said, base, match)


def _labels(text: str) -> Iterator[re.Match[str]]:
    """The labels of totals; only runs of letters that can hold one are looked at."""
    for run in RUN.finditer(text):
        if not WORTH.search(text, run.start(), run.end()):
            continue
        for match in TOTAL.finditer(text, run.start(), min(len(text), run.end() + AHEAD)):
            if match.start() >= run.end():
                break
            yield match


def _apart(sheet: Sheet) -> Iterator[tuple[Clue | None, Clue | None, str, str]]:
    """租金总额包括…为88,200元: a total with words between it and its amount."""
    for match in APART.finditer(sheet.text):
        if NEVER.search(match[0]) or TAX_NEAR.search(match[0]):
            continue
        figure, said = _amounts_at(sheet.text, match.end())
        of_rent = "租金" in sheet.text[max(0, match.start() - 4) : match.end()]
        if figure or said:
            yield _proposed(sheet, figure, said, 0.92 if of_rent and sheet.contract_type == LEASE else 0.86, match)


def _proposed(
    sheet: Sheet, figure: Sum | None, said: Sum | None, base: float, match: re.Match[str]
) -> tuple[Clue | None, Clue | None, str, str]:
    best = figure or said
    assert best is not None
    confidence = base + (0.03 if figure and said and figure.value == said.value else -0.06 if not figure else 0.0)
    if figure and said and figure.value != said.value:
        confidence = min(0.6, confidence)
    clue = Clue(plain_amount(best.value), best.start, best.end, confidence, "label")
    words = Clue(sheet.written(said.start, said.end), said.start, said.end, confidence, "label") if said else None
    currency = (figure.currency if figure else "") or (said.currency if said else "")
    note = match[0] if match.groupdict().get("rent") else ""
    return clue, words, currency, note


def _is_heading(text: str, match: re.Match[str]) -> bool:
    """Tell whether the label is the head of a column or a clause: no amount directly behind it."""
    before, rest = text[max(0, match.start() - 2) : match.start()], text[match.end() : match.end() + 3]
    return bool(re.match(r"[、\n]|及|与|和|按", rest)) or bool(re.search(r"[^一二三四五六七八九十\d]、$", before))


def _is_refused(sheet: Sheet, match: re.Match[str]) -> bool:
    text = sheet.text
    sentence = re.split(r"[。;\n\t]", text[max(0, match.start() - 30) : match.start()])[-1]
    if match["whole"] in ("共计", "合计", "总计") and re.search(
        r"每[件台吨人次]|包装费|装卸费|运输费|利息|差旅", sentence
    ):
        return True
    before = re.split(r"[。;\n\t,]", text[max(0, match.start() - 16) : match.start()])[-1]
    if match["rent"]:
        before = before.replace("预付", "")
    refused = r"(?:按|占|以|为|相当于|超过|达到)(?:本)?$"
    if not (match["rent"] or match["fee"]):
        refused += r"|付(?:本)?$"
    return bool(NEVER.search(before) or re.search(refused, before) or NEVER.search(match[0]))


def _base(sheet: Sheet, match: re.Match[str]) -> float:
    """Return how sure a label makes the rule: the later in the order, the less."""
    before = sheet.text[max(0, match.start() - 3) : match.start()]
    at_head = bool(re.search(r"(?:^|[\n\t :;,。│.、)\d]|全年|年度|本期)$", before))
    is_lease = sheet.contract_type == LEASE
    if match["final"] or match["tax"]:
        return 0.96 if match["final"] else 0.95
    if match["rent"]:
        return {LEASE: 0.95, OTHER: 0.8}.get(sheet.contract_type, 0.0)
    if match["fee"]:
        if re.search(r"月$", before) or not KNOWN_FEE.match(match["fee"]):
            return 0.72 if at_head else 0.66
        return 0.84 if at_head else 0.78
    if is_lease and "租金" not in match["whole"]:
        return 0.8
    if match["whole"] in ("金额", "价款", "共计", "造价"):
        return 0.74 if at_head else 0.6
    strong = bool(re.search(r"合同|协议|总|合计人民币|工程", match["whole"])) or bool(re.search(r"全年|年度", before))
    return (0.94 if at_head else 0.9) if strong else (0.9 if at_head else 0.7)


def _amounts_at(text: str, place: int) -> tuple[Sum | None, Sum | None]:
    """Return figure and words standing at ``place``, in either order, the second in brackets or behind a comma."""
    line_end = text.find("\n", place)
    end = min(len(text) if line_end < 0 else line_end, place + 90)
    figure = next(sums_in(text, place, end), None)
    said = next(words_in(text, place, end), None)
    if figure and figure.start - place > 1 and not (said and said.start - place <= 1):
        figure = None
    if said and said.start - place > 1 and not figure:
        said = None
    if figure and said:
        first, second = sorted((figure, said), key=lambda s: s.start)
        if not re.fullmatch(
            r"[\s(:,)]{0,4}(?:整|正|即|计|小写|大写|人民币|\(?大写\)?|\(?小写\)?|[\s:(,)¥]|金额|为){0,5}",
            text[first.end : second.start],
        ):
            figure, said = (figure, None) if first is figure else (None, said)
    if figure and not figure.has_mark and not _may_be_unmarked(text, figure):
        figure = None
    return figure, said


def _may_be_unmarked(text: str, figure: Sum) -> bool:
    """A figure without 元 or sign is money only when it looks like it and no other unit follows."""
    after = text[figure.end : figure.end + 2]
    written = text[figure.start : figure.end]
    looks_so = "," in written or figure.value >= 1000 or (figure.value >= 100 and "." in written)
    return looks_so and not re.match(
        r"[%‰年月日天台件吨个套米斤公千克只头箱桶本份人次元度平方]|[A-Za-z]", after.strip() or " "
    )


def _by_rows(sheet: Sheet) -> Iterator[tuple[Clue, str]]:
    """The last money cell of a row that begins with 合计 or 总计."""
    for amount in total_rows(sheet):
        yield Clue(plain_amount(amount.value), amount.start, amount.end, 0.93, "row"), amount.currency


def _by_items(sheet: Sheet, items: list[Item]) -> list[tuple[Clue, str]]:
    totals = [item for item in items if item.total is not None]
    if not totals or len(totals) != len(items):
        return []
    if len(items) == 1:
        item = items[0]
        return [
            (
                Clue(
                    plain_amount(item.total or Decimal(0)),
                    item.start,
                    item.end,
                    0.85 if not item.is_prose else 0.7,
                    "item",
                ),
                item.currency,
            )
        ]
    value = sum((item.total for item in totals if item.total is not None), Decimal(0))
    return [(Clue(plain_amount(value), totals[0].start, totals[-1].end, 0.65, "sum of items", True), items[0].currency)]


def _words_of_equal_value(sheet: Sheet, best: Clue) -> Clue | None:
    """Words elsewhere that say the same amount, or the only formal words of a total line."""
    for said in words_in(sheet.text):
        if plain_amount(said.value) == best.value and FORMAL.search(said.words):
            return Clue(sheet.written(said.start, said.end), said.start, said.end, 0.85, "words")
    return None


def _currency(sheet: Sheet, best: Clue, items: list[Item]) -> str:
    line_start, line_end = sheet.copy.line(sheet.copy.line_of(best.start))
    near = sheet.text[max(line_start, best.start - 60) : min(line_end, best.end + 20)]
    if re.search(r"美元|USD|US\$|U\.S\.D", near):
        return "USD"
    for item in items:
        if item.currency:
            return item.currency
    return "CNY"


def find_net(sheet: Sheet) -> Clue | None:
    """Return the amount without tax."""
    return choose(_after(sheet, NET, 0.92))


def find_vat(sheet: Sheet) -> Clue | None:
    """Return the amount of the tax."""
    clues = [
        c
        for c in _after(sheet, VAT, 0.9)
        if not re.search(r"滞纳|关税|所得", sheet.text[max(0, c.start - 24) : c.start])
    ]
    return choose(clues)


def _after(sheet: Sheet, pattern: re.Pattern[str], base: float) -> Iterator[Clue]:
    for match in pattern.finditer(sheet.text):
        figure, said = _amounts_at(sheet.text, match.end())
        best = figure or said
        if best and best.value > 0:
            yield Clue(plain_amount(best.value), best.start, best.end, base, "label")


def find_rate(sheet: Sheet) -> Clue | None:
    """Return the VAT rate as 13%; interest, collection and customs rates are none."""
    clues = []
    for pattern in RATES:
        for match in pattern.finditer(sheet.text):
            before = sheet.text[max(0, match.start() - 10) : match.start()]
            rate = match["rate"].rstrip("0").rstrip(".") if "." in match["rate"] else match["rate"]
            if re.search(r"利息|关税|所得|利$|违约|罚|滞纳", before + match[0][:3]) or rate not in VAT_RATES:
                continue
            clues.append(Clue(rate + "%", match.start("rate"), match.end("rate") + 1, 0.93, "rate"))
    return choose(clues)
