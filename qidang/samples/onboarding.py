"""旧台账与旧扫描件: an invented ledger as companies keep them, with folders of papers that fit it only nearly.

A heading of three rows, merged cells, dates and amounts in every form, columns that no system knows, some errors; files
in folders of folders, some rows without a file and some files without a row; and the ledger once more, put right.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import pathlib
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from qidang.kit.amounts import in_words
from qidang.reading.warming import pdf

OURS = "启明精密机械有限公司"
TITLE = "启明精密机械销售合同总台账（历年汇总）"
STEMS = ("澄湖", "江川", "云岫", "拓岚", "衡远", "朗峰", "青禾", "星垣", "柏舟", "临溪", "砚山", "禾川")
TRADES = ("机电", "自动化", "阀门", "电缆", "环保设备", "仪器")
GOODS = ("数控车床", "立式铣床", "主轴", "刀库", "滚珠丝杠", "激光切割机")
PEOPLE = ("周文澜", "陆星野", "韩叶舟")
ODD = (  # columns that no register knows
    *("箱号", "原盒号", "经手人电话", "客户联系人", "客户行业", "区域", "产品线"),
    *("质保期", "运费承担", "开票情况", "回款备注", "老系统编号", "是否盖章", "备用1"),
)
GROUPS = (("基本信息", 4), ("金额与时间", 4), ("归档", 2), ("其他", len(ODD)))
HEADINGS = (
    "合同编号",
    "合同名称",
    "客户名称",
    "承办人",
    "合同金额",
    "币种",
    "签订日期",
    "到期日期",
    "文件路径",
    "备注",
    *ODD,
)
WIDE = "０１２３４５６７８９"


@dataclasses.dataclass(slots=True)
class Deal:
    """One invented contract: what is true of it, and what its row in the ledger gets wrong."""

    serial: int
    number: str
    title: str
    customer: str
    owner: str
    amount: Decimal
    signed_on: dt.date
    expires_on: dt.date
    path: str = ""
    error: str = ""
    has_file: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """What was made, and what it should come to."""

    ledger: pathlib.Path
    corrected: pathlib.Path
    files: pathlib.Path
    deals: Sequence[Deal]
    with_file: int
    strangers: int


def make(folder: pathlib.Path, *, rows: int = 300, files: int = 280, seed: int = 11) -> Made:
    """Write ``project/ledger.xlsx``, ``project/files/`` and ``corrected/ledger.xlsx``; the same for the same seed.

    One file in fourteen belongs to no row; the rows beyond what the files can serve have none.
    """
    dice = random.Random(seed)
    deals = [_deal(dice, serial) for serial in range(1, rows + 1)]
    for deal in dice.sample(deals, rows // 20):
        deal.error = dice.choice(("amount", "date", "title", "wrong amount"))
    strangers = files // 14
    served = dice.sample(deals, files - strangers)
    place = folder / "project" / "files"
    for deal in served:
        deal.has_file = True
        _write_file(place, deal, dice)
    for serial in range(1, strangers + 1):
        _write_stranger(place, rows + serial, dice)
    made = Made(
        place.parent / "ledger.xlsx", folder / "corrected" / "ledger.xlsx", place, deals, len(served), strangers
    )
    _write_ledger(made.ledger, deals, random.Random(seed))
    made.corrected.parent.mkdir(exist_ok=True)
    right = [dataclasses.replace(deal, error="") for deal in deals]
    _write_ledger(made.corrected, right, random.Random(seed))
    return made


def _deal(dice: random.Random, serial: int) -> Deal:
    signed = dt.date(2015, 1, 5) + dt.timedelta(days=dice.randrange(3600))
    stem, trade, good = dice.choice(STEMS), dice.choice(TRADES), dice.choice(GOODS)
    return Deal(
        serial,
        number=f"QM-XS-{signed.year}-{serial:04}",
        title=f"{good}销售合同",
        customer=f"苏州{stem}{trade}有限公司",
        owner=dice.choice(PEOPLE),
        amount=Decimal(dice.randrange(80, 9000) * 100 + serial),
        signed_on=signed,
        expires_on=signed + dt.timedelta(days=365 * dice.choice((1, 2, 3))),
    )


def _write_file(place: pathlib.Path, deal: Deal, dice: random.Random) -> None:
    """Write the paper of a deal under a name by which it can be found: path, number in name or folder, or text only."""
    way = deal.serial % 10
    year = f"{deal.signed_on.year}年"
    if way == 0:  # only the path column tells
        inside = pathlib.Path(year, "合订", f"旧件{deal.serial:04}.pdf")
        deal.path = rf"D:\合同扫描\{year}\合订\旧件{deal.serial:04}.pdf"
    elif way == 1:  # only its text tells
        inside = pathlib.Path("未整理", f"SCAN{deal.serial:05}.pdf")
    elif way == 2:  # the number stands in the folder's name
        inside = pathlib.Path(year, f"{deal.number}（{deal.customer}）", "正文.pdf")
    else:
        name = dice.choice((deal.number, deal.number.replace("-", "_"), _wide(deal.number)))
        inside = pathlib.Path(year, f"{deal.signed_on.month:02}月", f"{name} {deal.title}.pdf")
    _save(place / inside, deal)


def _wide(number: str) -> str:
    return number.replace("-", "－").translate(str.maketrans("0123456789", WIDE))


def _write_stranger(place: pathlib.Path, serial: int, dice: random.Random) -> None:
    deal = _deal(dice, serial)
    deal.number, deal.amount = f"ZL-{deal.signed_on.year}-{serial:04}", deal.amount + 7
    _save(place / "未整理" / f"无台账{serial:04}.pdf", deal)


def _save(path: pathlib.Path, deal: Deal) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        deal.title,
        f"合同编号：{deal.number}",
        f"卖方：{OURS}",
        f"买方：{deal.customer}",
        "根据《中华人民共和国民法典》，买卖双方经协商一致，订立本合同，共同遵守。",
        f"第一条 合同总价（含税）：人民币{deal.amount:.2f}元（大写：{in_words(deal.amount)}）。",
        "第二条 卖方应于合同签订后三十日内交货，违约责任按法律规定。",
        "第三条 本合同自双方盖章之日起生效，一式两份，双方各执一份。",
        f"卖方（盖章）：{OURS}    买方（盖章）：{deal.customer}",
        f"签订日期：{deal.signed_on.year}年{deal.signed_on.month}月{deal.signed_on.day}日",
    ]
    path.write_bytes(pdf([(60, 780 - 40 * at, 12, line) for at, line in enumerate(lines)]))


def _write_ledger(path: pathlib.Path, deals: Sequence[Deal], dice: random.Random) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("总台账")
        bold = book.add_format({"bold": True, "align": "center"})
        day = book.add_format({"num_format": "yyyy/m/d"})
        _write_heading(sheet, bold)
        for place, deal in enumerate(deals, start=3):
            for column, value in enumerate(_cells(deal, dice)):
                if isinstance(value, dt.date):
                    sheet.write_datetime(place, column, dt.datetime.combine(value, dt.time()), day)
                elif value != "":
                    sheet.write(place, column, value)
        region = HEADINGS.index("区域")
        for first in range(3, len(deals) + 3 - 5, 5):
            sheet.merge_range(first, region, first + 4, region, dice.choice(("华东", "华南", "华北")))


def _write_heading(sheet: Any, bold: Any) -> None:
    sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, TITLE, bold)
    at = 0
    for name, width in GROUPS:
        sheet.merge_range(1, at, 1, at + width - 1, name, bold)
        at += width
    sheet.write_row(2, 0, HEADINGS, bold)


def _cells(deal: Deal, dice: random.Random) -> list[Any]:
    """Return the cells of a row, dates and amounts in one form or the other, and with its error."""
    day, amount = _day(deal.signed_on, dice), _amount(deal.amount, dice)
    if deal.error == "date":
        day = "去年冬天"
    elif deal.error == "amount":
        amount = "面议"
    elif deal.error == "wrong amount":
        amount = f"{deal.amount + 1000:.2f}"
    title = "" if deal.error == "title" else deal.title
    told = [deal.number, title, deal.customer, deal.owner, amount, "人民币", day, _day(deal.expires_on, dice)]
    odd = [f"{name}{dice.randrange(1, 40)}" if name != "区域" else "" for name in ODD]
    return [*told, deal.path, "", *odd]


def _day(day: dt.date, dice: random.Random) -> Any:
    forms = (
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day:%Y-%m-%d}",
        day,
    )
    return dice.choice(forms)


def _amount(amount: Decimal, dice: random.Random) -> Any:
    return dice.choice((float(amount), f"{amount:,.2f}", f"¥{amount:.2f}", f"{amount / 10000:f}万元"))
