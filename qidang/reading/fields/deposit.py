"""定金、预付款、保证金: the security that one side gives, as an amount or a share."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qidang.reading.fields.moneyforms import Sum, plain_amount, sums_in, words_in
from qidang.reading.fields.percents import Share, share_at
from qidang.reading.fields.sheet import Sheet
from qidang.reading.fields.witness import Clue

WORD = re.compile(
    r"(?P<kind>定金|订金|预付(?:货|工程|价|运)?款|预付金|预付款项|履约保证金|租赁保证金|基础保证金|投标保证金|风险保证金|合同保证金|保证金|押金|质保金|质量保证金|(?<![月季年度])预付(?=合同|货款|总|人民币|\d|百分)|预付(?!租金|运费)(?=[^,。;]{0,10}[\d元%]))"
)
MOST = 300  # occurrences of the words looked at
KINDS = {"定金": "定金", "订金": "订金", "押金": "保证金"}
NOT_DEPOSIT = re.compile(
    r"^(?:罚则|合同|条款|的(?:返还|退还|性质|规定|约定)|抵扣|不可|无息|余额|不计|收据|返还|退还|抵作|抵|应|将|由|担保|比例|条|数额由|可以|给付)"
)
NEGATED = re.compile(
    r"不(?:收取?|退还|予退还|交|设|支付|提供|要求)[^。,]{0,6}$|双倍返还|双倍返回|没收|抵扣|扣除|返还|退还[^。]{0,4}$|丧失|无权[^。]{0,8}$|质量$|退回|冲抵"
)
PERSON_SHARE = re.compile(r"(?:买方|需方|乙方|甲方|承租方)交(?:纳)?:?(?P<money>[\d,.]+ ?元)")


@dataclass
class Deposit:
    """A kind with its amount or percent."""

    kind: str
    amount: Decimal | None
    pct: Decimal | None
    clue: Clue

    def to_dict(self) -> dict[str, Any]:
        """Return the normal form."""
        pct = None if self.pct is None else _number(self.pct)
        return {"kind": self.kind, "amount": None if self.amount is None else plain_amount(self.amount), "pct": pct}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral() else float(value)


def find_deposit(sheet: Sheet) -> Deposit | None:
    """Return the deposit: the amount or percent in the sentence after the word; a heading alone is none."""
    found = list(_deposits(sheet))
    if not found:
        return None
    order = {"定金": 0, "保证金": 1, "预付款": 1, "订金": 1}
    return min(found, key=lambda d: (order.get(d.kind, 2), d.amount is None and d.pct is None, d.clue.start))


def _deposits(sheet: Sheet) -> Iterator[Deposit]:
    text = sheet.text
    for match in itertools.islice(WORD.finditer(text), MOST):
        kind = _kind_of(match["kind"])
        if (
            kind is None
            or NEGATED.search(text[max(0, match.start() - 14) : match.start()])
            or _in_penalty(text, match.start())
        ):
            continue
        stop = _sentence_end(text, match.end())
        if NOT_DEPOSIT.match(text[match.end() : match.end() + 6]):
            continue
        deposit = _read(sheet, kind, match, stop)
        if deposit:
            yield deposit


def _kind_of(word: str) -> str | None:
    if "质" in word or word.startswith("投标"):
        return None
    if word in KINDS:
        return KINDS[word]
    return "保证金" if "保证金" in word else "预付款"


def _in_penalty(text: str, place: int) -> bool:
    """Tell whether the sentence speaks of a breach, not of a payment."""
    start = max(text.rfind(char, max(0, place - 80), place) for char in "。;\n") + 1
    return bool(re.search(r"违约|不履行|逾期|延期|解除|双倍|终止合同|如.{0,12}不", text[start:place]))


def _sentence_end(text: str, place: int) -> int:
    """The sentence, or the next one when the word closes it and it goes on with who pays (买方交：…)."""
    match = re.compile(r"[。;\n]").search(text, place, place + 120)
    end = match.start() if match else min(len(text), place + 120)
    if end - place < 4 and PERSON_SHARE.match(text[end + 1 : end + 40].lstrip()):
        after = re.compile(r"[。;\n]").search(text, end + 1, end + 120)
        end = after.start() if after else min(len(text), end + 120)
    return end


def _read(sheet: Sheet, kind: str, match: re.Match[str], end: int) -> Deposit | None:
    text, place = sheet.text, match.end()
    other = WORD.search(text, place, end)
    if other and other.start() - place > 2:
        end = other.start()
    amount = _first_amount(text, place, end)
    share = share_at(text, place, end)
    before = _before(text, match.start())
    if share is None and amount is None and before is not None:
        share = before
    if share and amount and re.search(r"余款|尾款|剩余|其余", text[place : min(share.start, amount.start)]):
        return None
    if share and re.search(r"余款|尾款|剩余|其余|违约|利息|超过|不足", text[place : share.start]):
        share = None
    if amount and (
        amount.start - place > 60 or re.search(r"余款|尾款|货款的|每[日天月吨]|租金为|总价", text[place : amount.start])
    ):
        amount = None
    if amount is None and share is None:
        return None
    if share and amount is None and share.start - place > 40:
        return None
    pieces = [(part.start, part.end) for part in (amount, share) if part]
    clue = Clue(
        kind,
        min(match.start(), *(p[0] for p in pieces)),
        max(match.end(), *(p[1] for p in pieces)),
        0.9 if amount else 0.85,
        "deposit",
    )
    return Deposit(kind, amount.value if amount else None, share.value if share else None, clue)


def _first_amount(text: str, place: int, end: int) -> Sum | None:
    figure = next((s for s in sums_in(text, place, end) if s.has_mark), None)
    said = next(words_in(text, place, end), None)
    if figure and said:
        return figure if figure.value == said.value or figure.start < said.start else said
    return figure or said


def _before(text: str, place: int) -> Share | None:
    """支付合同总价30%作为预付款, 30%的定金: a share just before the word."""
    start = max(text.rfind(char, max(0, place - 50), place) for char in "。;\n,") + 1
    part = text[start:place]
    if not re.search(r"(?:作为|做为|为|的|当做|即|%)$", part.rstrip()) or re.search(r"余款|违约", part):
        return None
    return share_at(text, max(start, place - 50), place)
