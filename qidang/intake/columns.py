"""台账的列: what the headings of a register mean, and what its cells say."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qidang.kit.amounts import parse_amount
from qidang.kit.dates import parse_date
from qidang.kit.text import fold

JOINT = "/"  # between the rows of a heading
HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("合同编号", "合同号", "编号", "协议编号", "contract no", "contract no.", "contract number", "no", "no."),
    "title": ("合同名称", "名称", "合同标题", "项目名称", "协议名称", "title", "contract title"),
    "counterparty": (
        "客户名称",
        "客户",
        "相对方",
        "相对方名称",
        "对方单位",
        "购买方",
        "买方",
        "需方",
        "甲方",
        "甲方名称",
        "对方名称",
        "客户单位",
        "customer",
        "counterparty",
    ),
    "our_company": ("我方签约主体", "签约主体", "我方主体", "供方", "卖方", "乙方", "our company", "our entity"),
    "contract_type": ("合同类型", "类型", "合同类别", "type"),
    "amount": ("合同金额", "金额", "含税金额", "合同总价", "总价", "合同总金额", "合同额", "金额(含税)", "amount"),
    "amount_excl_tax": ("不含税金额", "不含税", "未税金额", "金额(不含税)", "amount excl. tax", "net amount"),
    "currency": ("币种", "货币", "currency"),
    "signed_on": (
        "签订日期",
        "签约日期",
        "签署日期",
        "签订时间",
        "签约时间",
        "日期",
        "signed",
        "signed on",
        "signing date",
    ),
    "in_force_on": ("生效日期", "开始日期", "起始日期", "effective date", "in force from"),
    "expires_on": (
        "到期日期",
        "到期日",
        "终止日期",
        "结束日期",
        "截止日期",
        "expiry",
        "expiry date",
        "expires on",
        "end date",
    ),
    "department": ("签约部门", "部门", "承办部门", "业务部门", "department"),
    "owner": ("承办人", "负责人", "经办人", "业务员", "销售员", "owner", "salesperson"),
    "counterparty_number": ("对方合同号", "客户合同号", "对方编号", "their number"),
    "old_reference": (
        "原档号",
        "旧档号",
        "档案号",
        "档号",
        "档案编号",
        "archive no.",
        "archive number",
        "old reference",
    ),
    "project_number": ("项目号", "项目编号", "project no", "project no.", "project number"),
    "order_number": ("订单号", "销售订单号", "order no", "order no.", "order number"),
    "originals": ("正本份数", "正本数量", "正本", "原件份数", "originals"),
    "duplicates": ("副本份数", "副本数量", "副本", "duplicates"),
    "originals_back": ("已收回份数", "收回份数", "已收回", "正本收回", "原件收回", "originals back"),
    "original_holder": ("原件保管人", "原件持有人", "保管人", "原件保管", "kept by", "holder"),
    "place": ("存放位置", "原件位置", "存放地点", "库柜层盒", "库位", "柜号", "storage place", "place"),
    "binder": ("装订卷册", "归档盒号", "归档盒", "归档卷", "案卷号", "卷号", "盒号", "binder", "box no.", "box"),
    "state": ("合同状态", "履行状态", "执行状态", "履行情况", "状态", "contract status", "status", "state"),
    "remarks": ("备注", "说明", "remarks", "notes"),
    "path": ("文件路径", "扫描件路径", "电子文件路径", "存放路径", "文件名", "扫描件", "file path", "path", "file"),
}
LABELS: dict[str, Promise] = {
    "number": _("合同编号"),
    "title": _("合同名称"),
    "counterparty": _("客户"),
    "our_company": _("我方主体"),
    "contract_type": _("合同类型"),
    "amount": _("合同金额"),
    "amount_excl_tax": _("不含税金额"),
    "currency": _("币种"),
    "signed_on": _("签订日期"),
    "in_force_on": _("生效日期"),
    "expires_on": _("到期日期"),
    "department": _("承办部门"),
    "owner": _("承办人"),
    "counterparty_number": _("对方编号"),
    "old_reference": _("原档号"),
    "project_number": _("项目号"),
    "order_number": _("销售订单号"),
    "originals": _("正本份数"),
    "duplicates": _("副本份数"),
    "originals_back": _("已收回份数"),
    "original_holder": _("原件保管人"),
    "place": _("存放位置"),
    "binder": _("装订卷册"),
    "state": _("合同状态"),
    "remarks": _("备注"),
    "path": _("文件路径"),
}
DATES = {"signed_on", "in_force_on", "expires_on"}
AMOUNTS = {"amount", "amount_excl_tax"}
COUNTS = {"originals", "duplicates", "originals_back"}
NEEDED = ("counterparty",)
LONGEST = {
    "number": 128,
    "old_reference": 128,
    "counterparty_number": 128,
    "project_number": 64,
    "order_number": 64,
    "counterparty": 200,
    "original_holder": 64,
    "place": 200,
    "binder": 128,
}
BLANKS = {"/", "\\", "-", "--", "—", "——", "―", "无", "暂无", "空", "n/a", "na", "none", "null", "nan", "#n/a", "."}
UNITS = re.compile(r"[(（\[](单位[:：]?)?(人民币|rmb|cny)?(元|千元|万元|百万元|亿元|万)?[)）\]]|[*:：]", re.IGNORECASE)
SCALES = (("百万", 1_000_000), ("千元", 1000), ("亿", 100_000_000), ("万", 10_000))
CURRENCIES = (  # how an amount names its currency; the sign ￥ says CNY only where nothing else does, $ says none
    (re.compile(r"USD|US\$|美元|美金", re.IGNORECASE), "USD"),
    (re.compile(r"EUR|€|欧元", re.IGNORECASE), "EUR"),
    (re.compile(r"HKD|HK\$|港[币元]", re.IGNORECASE), "HKD"),
    (re.compile(r"JPY|日元", re.IGNORECASE), "JPY"),
    (re.compile(r"GBP|£|英镑", re.IGNORECASE), "GBP"),
)
_BRACKETED = re.compile(r"\(([^()]*\d[^()]*)\)")
_COUNT = re.compile(r"(\d{1,4})(?:\.0+)?\s*[份本套册]?", re.ASCII)
_FEW = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_FEW |= {"壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9, "拾": 10}
_SHORT_YEAR = re.compile(r"(\d{2})\s*([-./年])\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")


@dataclasses.dataclass(frozen=True, slots=True)
class CellProblem:
    """What is to be said of a cell: row and column as the sheet counts them, from 1."""

    row: int
    column: str
    code: str
    text: str

    def as_dict(self) -> dict[str, str | int]:
        """Return JSON-able values."""
        return dataclasses.asdict(self)


Value = str | dt.date | Decimal | int


def guess(headings: Sequence[str]) -> dict[str, int]:
    """Return which column (from 0) each field stands in, by its heading; a field without one is left out.

    A heading of several rows counts as a whole first (客户/名称), then by its last row.
    """
    found: dict[str, int] = {}
    for name, column, _rank in _guesses(headings):
        found.setdefault(name, column)
    return found


def known(headings: Iterable[str]) -> int:
    """Return how many fields of a register stand in these headings, word for word."""
    return len({name for name, _column, rank in _guesses(list(headings)) if rank < 2})


def _guesses(headings: Sequence[str]) -> Iterable[tuple[str, int, int]]:
    """Yield (field, column, rank); ranks: the whole heading, its last row, a beginning of either."""
    whole = [plain(heading.replace(JOINT, "")) for heading in headings]
    last = [plain(heading.rpartition(JOINT)[2]) for heading in headings]
    taken: set[int] = set()
    named: set[str] = set()
    for rank, (texts, exact) in enumerate(((whole, True), (last, True), (whole, False), (last, False))):
        for name, words in HEADINGS.items():
            column = None if name in named else _first_match(texts, words, exact, taken)
            if column is not None:
                named.add(name)
                taken.add(column)
                yield name, column, rank


def _first_match(texts: list[str], words: tuple[str, ...], exact: bool, taken: set[int]) -> int | None:
    for word in words:
        for column, heading in enumerate(texts):
            if column in taken or not heading:
                continue
            if heading == word or (not exact and len(word) > 1 and heading.startswith(word)):
                return column
    return None


def plain(heading: str) -> str:
    """Return a heading without blanks, units and marks, for comparing."""
    folded = fold(heading)
    return UNITS.sub("", folded) if not folded.isascii() else UNITS.sub("", " ".join(heading.lower().split()))


def understand(
    cells: Mapping[int, str],
    columns: dict[str, int],
    *,
    row: int,
    headings: Sequence[str],
    today: dt.date,
    borrowed: frozenset[int] = frozenset(),
) -> tuple[dict[str, Value], list[CellProblem], list[CellProblem]]:
    """Return what a row says by field, what was not understood, and what is worth saying though it was.

    An empty cell, and one that says 无 or /, is left out. ``borrowed`` columns stand in a merged cell that begins
    above: an amount there is the amount of several rows together and is taken for the first one only.
    """
    values: dict[str, Value] = {}
    problems: list[CellProblem] = []
    remarks: list[CellProblem] = []
    for name, column in columns.items():
        text, heading = cells.get(column, "").strip(), headings[column] if column < len(headings) else ""
        if not text or fold(text) in BLANKS:
            continue
        if name in AMOUNTS and column in borrowed:
            remarks.append(CellProblem(row, heading, "intake.merged_amount", text[:80]))
            continue
        value = _value(name, text, heading, today)
        if value is None and name in COUNTS:  # 有, 齐: no number, but no reason to leave the contract out
            remarks.append(CellProblem(row, heading, "intake.count_unread", text[:80]))
            continue
        if value is None:
            code = "intake.bad_date" if name in DATES else "intake.bad_amount"
            problems.append(CellProblem(row, heading, code, text[:80]))
            continue
        if isinstance(value, Decimal) and value != (exact := _in_cents(value)):
            remarks.append(CellProblem(row, heading, "intake.amount_rounded", text[:80]))
            value = exact
        values[name] = value
        if name == "amount" and "currency" not in columns:
            values |= _named_currency(f"{text} {heading}")
    problems += _missing(values, columns, row, headings)
    return values, problems, remarks


def _missing(
    values: dict[str, Value], columns: dict[str, int], row: int, headings: Sequence[str]
) -> Iterable[CellProblem]:
    for name in NEEDED:
        if name not in values:
            yield CellProblem(row, _heading_of(name, columns, headings), "intake.cell_missing", "")


def _heading_of(name: str, columns: dict[str, int], headings: Sequence[str]) -> str:
    return headings[columns[name]] if name in columns and columns[name] < len(headings) else str(LABELS[name])


def _value(name: str, text: str, heading: str, today: dt.date) -> Value | None:
    if name in DATES:
        return _day(text, today)
    if name in AMOUNTS:
        return _amount(text, heading)
    if name in COUNTS:
        return _count(text)
    return text[: LONGEST.get(name, 500)]


def _count(text: str) -> int | None:
    """Return a number of copies: 2, 2份, 贰份; None for anything else."""
    found = _COUNT.fullmatch(text)
    return int(found[1]) if found else _FEW.get(text.rstrip("份本套册 "))


def _day(text: str, today: dt.date) -> dt.date | None:
    """Return a day; a year of two places is taken for one only where it can be no month (24.3.5, 98年3月5日)."""
    found = parse_date(text.rstrip(".。"), today)
    short = _SHORT_YEAR.fullmatch(text)
    if found or short is None or (int(short[1]) <= 12 and short[2] != "年"):
        return found
    century = 1900 if int(short[1]) > today.year % 100 + 20 else 2000
    return parse_date(f"{century + int(short[1])}-{short[3]}-{short[4]}", today)


def _amount(text: str, heading: str) -> Decimal | None:
    """Return an amount; (1,234.00) is negative, and the unit of the heading counts where the cell names none."""
    bracketed = _BRACKETED.fullmatch(text.replace("（", "(").replace("）", ")"))
    amount = parse_amount(_bare(bracketed[1] if bracketed else text))
    if amount is None:
        return None
    if not any(word in text for word in "万亿仟佰千百拾元圆"):
        amount *= next((size for word, size in SCALES if word in heading), 1)
    return -amount if bracketed else amount


def _bare(text: str) -> str:
    """Return an amount without the names of currencies that stand around its figures."""
    for pattern, _code in CURRENCIES:
        text = pattern.sub("", text)
    return text.replace("$", "").strip()


def _named_currency(text: str) -> dict[str, Value]:
    return next(({"currency": code} for pattern, code in CURRENCIES if pattern.search(text)), {})


def _in_cents(amount: Decimal) -> Decimal:
    """Return an amount to 分, as a sheet shows what it worked out by division."""
    cents = Decimal("0.01")
    exponent = amount.as_tuple().exponent
    return amount if not isinstance(exponent, int) or exponent >= -2 else amount.quantize(cents, ROUND_HALF_UP)
