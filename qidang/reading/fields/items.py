"""标的明细: the rows of the table of goods or work, and the table's own total."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qidang.reading.fields.moneyforms import Sum, currency_of, plain_amount, sums_in
from qidang.reading.fields.normal import Bit
from qidang.reading.fields.sheet import Sheet

HEADS = {
    "total": re.compile(
        r"^(?:含税|不含税|合同)?(?:总金额|金额|总价款?|小计金额|小计|合计金额|合计|总计|价税合计|总额|金额小计|合价|"
        r"费用|总值|租金|总租金|运费|价款|运费金额|金额合计)(?:\(.{0,8}\))?$"
    ),
    "price": re.compile(r"单价|价格|均价|租价|日租金|月租金|运价|单位价|价目|综合单价"),
    "qty": re.compile(r"数量|工作量|工程量|重量|面积|件数|吨数|台数"),
    "unit": re.compile(r"^(?:计量|计价)?单位(?:\(.{0,6}\))?$|^计量单位"),
    "name": re.compile(r"品名|名称|货物|货品|产品|商品|项目|品种|物资|内容|标的|设备"),
    "spec": re.compile(r"规格|型号|牌号|等级|技术参数|花色|尺寸|质量标准"),
    "order": re.compile(r"^(?:序号?|编号|项次|No\.?|项目号|NO\.?)$"),
}
SUM_ROW = re.compile(
    r"^(?:合计|总计|共计|小计|金额合计|合 ?计|总 ?计|总金额|总价|合计金额|合计人民币|最终|备注|大写|人民币|不含税|"
    r"不计税|税额|价税|运费|折扣|优惠|工程总价款|其他|以下空白|注|说明|\(大写\))"
)
TOTAL_ROW = re.compile(
    r"^(?:合 ?计|总 ?计|共 ?计|金额合计|合计金额|总金额|总价|价税合计|合计\(.{0,8}\)|总值|含税合计|总计\(.{0,8}\))"
)
QTY = re.compile(r"^(?P<qty>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?) ?(?P<unit>[\u4e00-\u9fffA-Za-z㎡²³]{0,6}\d?)$")
UNIT_IN_HEAD = re.compile(
    r"[(/](?P<unit>吨|公斤|千克|斤|米|件|台|套|个|平方米|立方米|㎡|只|箱|升|kg|m|m2|m3|亩|头|担|吨公里|公里|天|月|项|"
    r"人|次|辆|车|组|根|块|批)[)]?"
)
PROSE = re.compile(
    r"(?<![\d,])(?P<qty>\d[\d,]{0,14}+(?:\.\d{1,4})?+) ?(?P<unit>头|只|吨|公斤|斤|台|套|件|米|个|箱)[^\n。]{0,30}?"
    r"(?:合同)?(?:总)?(?:金额|"
    r"价款|总价|货款|共计|计)[:为 ]{0,2}(?:人民币)?(?P<money>[\d,]{1,18}+(?:\.\d{1,4})?+ ?万?元)"
)


@dataclass
class Item:
    """A row: what, how it is specified, how much of it, at what price, for how much."""

    name: str = ""
    spec: str | None = None
    unit: str | None = None
    qty: Decimal | None = None
    price: Decimal | None = None
    total: Decimal | None = None
    currency: str = ""
    start: int = 0
    end: int = 0
    span: tuple[int, int] = (0, 0)
    is_prose: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the row in its normal form."""
        return {
            "name": self.name,
            "spec": self.spec,
            "unit": self.unit,
            "qty": None if self.qty is None else f"{self.qty.normalize():f}",
            "unit_price": None if self.price is None else _price(self.price),
            "total": None if self.total is None else plain_amount(self.total),
        }


def _price(value: Decimal) -> str:
    exponent = value.as_tuple().exponent
    return plain_amount(value) if isinstance(exponent, int) and exponent >= -2 else f"{value:f}"


def find_items(sheet: Sheet) -> list[Item]:
    """Return the rows of the first table with a name, a quantity and a total; else one item told in prose."""
    for grid in sheet.copy.grids:
        items = _items_of(sheet, grid)
        if items:
            return items
    return list(_in_prose(sheet))


def _head_of(grid: list[list[Bit]]) -> tuple[int, dict[str, list[int]]] | None:
    """Return the head row's number and which columns hold what."""
    for n, row in enumerate(grid[:6]):
        columns: dict[str, list[int]] = {}
        for c, bit in enumerate(row):
            text = re.sub(r"^[\d]{1,2}[.、]\s*|\s", "", bit.text)
            if len(text) > 20 or not text:
                continue
            for kind, pattern in HEADS.items():
                if pattern.search(text):
                    columns.setdefault(kind, []).append(c)
                    break
        if len(row) >= 4 and columns.get("total") and (columns.get("qty") or columns.get("price")):
            return n, columns
    return None


def _items_of(sheet: Sheet, grid: list[list[Bit]]) -> list[Item]:
    head = _head_of(grid)
    if head is None:
        return []
    number, columns = head
    if not (columns.get("name") or columns.get("spec")):
        columns["name"] = [c for c in range(len(grid[number])) if all(c not in taken for taken in columns.values())][:1]
    items: list[Item] = []
    for row in grid[number + 1 :]:
        first = next((bit.text for bit in row if bit.text), "")
        if len(row) < len(grid[number]) - 1 or SUM_ROW.match(first):
            if items and TOTAL_ROW.match(first):
                break
            continue
        item = _item_of(sheet, row, columns, grid[number])
        if item:
            items.append(item)
    return items


def _item_of(sheet: Sheet, row: list[Bit], columns: dict[str, list[int]], head: list[Bit]) -> Item | None:
    def cell(kind: str) -> str:
        return " ".join(row[c].text for c in columns.get(kind, [])[:1] if c < len(row)).strip()

    total = next(iter(_money_cells(row, columns.get("total", []), head)), None)
    item = Item(name=cell("name"), spec=cell("spec") or None, unit=cell("unit") or None)
    _measure(item, cell("qty"), head, columns)
    price = next(iter(_money_cells(row, columns.get("price", []), head)), None)
    item.price = price.value if price else None
    item.total = total.value if total else None
    item.currency = next((s.currency for s in (total, price) if s and s.currency), "")
    if not item.name and item.spec:
        item.name, item.spec = item.spec, None
    if item.spec is None:
        _part_name(item)
    if item.total is None or not item.name or (item.qty is None and item.price is None):
        return None
    written = [bit for bit in row if bit.text]
    item.span = (written[0].start, written[-1].end)
    item.start = item.end = _copy_place(sheet, written[0].start)
    return item


def _part_name(item: Item) -> None:
    """藤编收纳篮 大号: name and specification in one cell."""
    parts = item.name.split(" ", 1)
    if len(parts) == 2 and re.match(r"[\u4e00-\u9fff]{2,}", parts[0]):
        item.name, item.spec = parts[0], parts[1].strip()


def _measure(item: Item, text: str, head: list[Bit], columns: dict[str, list[int]]) -> None:
    match = QTY.match(text.strip())
    if not match:
        return
    item.qty = Decimal(match["qty"].replace(",", ""))
    if item.unit is None and match["unit"]:
        item.unit = match["unit"]
    if item.unit is None and columns.get("qty"):
        unit = UNIT_IN_HEAD.search(head[columns["qty"][0]].text)
        item.unit = unit["unit"] if unit else None


def _money_cells(row: list[Bit], columns: list[int], head: list[Bit]) -> Iterator[Sum]:
    """Return the money in these columns; 万元 in the head scales it."""
    for c in columns:
        if c >= len(row):
            continue
        amount = next(sums_in(row[c].text), None)
        if amount and amount.start <= 6 and len(row[c].text) - amount.end <= 6:
            if "万元" in head[c].text and "万" not in row[c].text:
                amount.value *= 10_000
            amount.currency = amount.currency or currency_of_head(head[c].text)
            yield amount


def currency_of_head(text: str) -> str:
    """Return the currency a column's head names: 单价(美元)."""
    for word in ("美元", "USD", "欧元", "EUR", "港元", "日元", "英镑"):
        if word in text:
            return currency_of(word)
    return "CNY" if "元" in text else ""


def _copy_place(sheet: Sheet, original: int) -> int:
    try:
        return sheet.copy.places.index(original)
    except ValueError:
        return 0


def total_rows(sheet: Sheet) -> Iterator[Sum]:
    """Yield the amount of each row that begins with 合计: its last money cell."""
    for grid in sheet.copy.grids:
        head = _head_of(grid)
        for row in grid:
            filled = [bit for bit in row if bit.text]
            if len(filled) < 2 or not TOTAL_ROW.match(filled[0].text) or len(filled[0].text) > 12:
                continue
            if head and row is grid[head[0]]:
                continue
            if head is None and not re.search(r"金额|总价|费", "".join(bit.text for bit in grid[0])):
                continue
            amount = _last_money(filled[1:], grid[head[0]] if head else [])
            if amount:
                place = _copy_place(sheet, amount[1].start)
                yield Sum(amount[0].value, place, place + len(amount[1].text), amount[0].currency, True)
                break


def _last_money(cells: list[Bit], head: list[Bit]) -> tuple[Sum, Bit] | None:
    for bit in reversed(cells):
        amount = next(sums_in(bit.text), None)
        if (
            amount
            and (amount.has_mark or "," in bit.text or "." in bit.text or len(cells) == 1)
            and not re.search(r"[台件吨只套个箱米头]$", bit.text)
        ):
            if any("万元" in h.text for h in head) and "万" not in bit.text:
                amount.value *= 10_000
            return amount, bit
    return None


def _in_prose(sheet: Sheet) -> Iterator[Item]:
    """产品的数量：200头…合同金额52万元: one item in the words of a clause."""
    match = PROSE.search(sheet.text)
    if not match:
        return
    label = re.search(
        r"(?:产品|货物|商品)?的?(?:名称|品名|品种)(?:和品种|、规格|及规格)?[:为 ]{1,2}(?P<name>"
        r"[\u4e00-\u9fffA-Za-z]{1,16})(?:\((?P<spec>[^()\n]{1,20})\))?",
        sheet.text,
    )
    if not label:
        return
    money = next(sums_in(match["money"]), None)
    if money is None:
        return
    qty = Decimal(match["qty"].replace(",", ""))
    span = sheet.copy.reach(*match.span())
    price = (money.value / qty).quantize(Decimal("0.01")) if qty else None
    yield Item(
        label["name"],
        label["spec"],
        match["unit"],
        qty,
        price,
        money.value,
        "CNY",
        match.start("money"),
        match.end("money"),
        span,
        True,
    )
