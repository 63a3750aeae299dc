"""台账的列: what the headings of a register mean, and what its cells say."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qidang.kit.amounts import parse_amount
from qidang.kit.dates import parse_date
from qidang.kit.text import fold

HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("合同编号", "合同号", "编号", "协议编号", "contract no", "contract no.", "contract number", "no", "no."),
    "title": ("合同名称", "名称", "合同标题", "项目名称", "协议名称", "title", "contract title"),
    "counterparty": (
        "客户名称",
        "客户",
        "相对方",
        "对方单位",
        "购买方",
        "买方",
        "需方",
        "甲方",
        "对方名称",
        "customer",
        "counterparty",
    ),
    "our_company": ("我方签约主体", "签约主体", "我方主体", "供方", "卖方", "乙方", "our company", "our entity"),
    "contract_type": ("合同类型", "类型", "合同类别", "type"),
    "amount": ("合同金额", "金额", "含税金额", "合同总价", "总价", "合同金额(元)", "合同金额(万元)", "amount"),
    "currency": ("币种", "货币", "currency"),
    "signed_on": ("签订日期", "签约日期", "签署日期", "签订时间", "日期", "signed", "signed on", "signing date"),
    "in_force_on": ("生效日期", "开始日期", "起始日期", "effective date", "in force from"),
    "expires_on": ("到期日期", "终止日期", "结束日期", "截止日期", "expiry", "expiry date", "expires on", "end date"),
    "department": ("签约部门", "部门", "承办部门", "department"),
    "owner": ("承办人", "负责人", "经办人", "业务员", "销售员", "owner"),
    "counterparty_number": ("对方合同号", "客户合同号", "对方编号", "their number"),
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
    "currency": _("币种"),
    "signed_on": _("签订日期"),
    "in_force_on": _("生效日期"),
    "expires_on": _("到期日期"),
    "department": _("承办部门"),
    "owner": _("承办人"),
    "counterparty_number": _("对方编号"),
    "remarks": _("备注"),
    "path": _("文件路径"),
}
DATES = {"signed_on", "in_force_on", "expires_on"}
NEEDED = ("title", "counterparty")


@dataclasses.dataclass(frozen=True, slots=True)
class CellProblem:
    """Why a cell was not understood: row and column as the sheet counts them, from 1."""

    row: int
    column: str
    code: str
    text: str

    def as_dict(self) -> dict[str, str | int]:
        """Return JSON-able values."""
        return dataclasses.asdict(self)


Value = str | dt.date | Decimal


def guess(headings: Sequence[str]) -> dict[str, int]:
    """Return which column (from 0) each field stands in, by its heading; a field without one is left out."""
    plain = [_plain(heading) for heading in headings]
    found: dict[str, int] = {}
    for exact in (True, False):
        for name, words in HEADINGS.items():
            if name in found:
                continue
            column = _first_match(plain, words, exact, set(found.values()))
            if column is not None:
                found[name] = column
    return found


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """Return the index of the row among the first ten that has most known headings; 0 where none has two."""
    scores = [len(guess(row)) for row in rows[:10]]
    return scores.index(max(scores)) if scores and max(scores) >= 2 else 0


def _first_match(plain: list[str], words: tuple[str, ...], exact: bool, taken: set[int]) -> int | None:
    for word in words:
        for column, heading in enumerate(plain):
            if column in taken or not heading:
                continue
            if heading == word or (not exact and len(word) > 1 and heading.startswith(word)):
                return column
    return None


def _plain(heading: str) -> str:
    return (
        "".join(fold(heading).split()).replace("(元)", "").replace("*", "")
        if not heading.isascii()
        else fold(heading).strip()
    )


def understand(
    cells: Sequence[str], columns: dict[str, int], *, row: int, headings: Sequence[str], today: dt.date
) -> tuple[dict[str, Value], list[CellProblem]]:
    """Return what a row says by field, and what was not understood; an empty cell is left out."""
    values: dict[str, Value] = {}
    problems: list[CellProblem] = []
    for name, column in columns.items():
        text = cells[column].strip() if column < len(cells) else ""
        if not text:
            continue
        value = _value(name, text, headings[column] if column < len(headings) else "", today)
        if value is None:
            code = "intake.bad_date" if name in DATES else "intake.bad_amount"
            problems.append(CellProblem(row, headings[column], code, text[:80]))
        else:
            values[name] = value
    for name in NEEDED:
        if name not in values:
            problems.append(CellProblem(row, _heading_of(name, columns, headings), "intake.cell_missing", ""))
    return values, problems


def _heading_of(name: str, columns: dict[str, int], headings: Sequence[str]) -> str:
    return headings[columns[name]] if name in columns and columns[name] < len(headings) else str(LABELS[name])


def _value(name: str, text: str, heading: str, today: dt.date) -> Value | None:
    if name in DATES:
        return parse_date(text, today)
    if name == "amount":
        amount = parse_amount(text)
        if amount is not None and "万" in heading and "万" not in text:
            amount *= 10_000
        return amount
    return text[:500]
