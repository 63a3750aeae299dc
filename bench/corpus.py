"""The corpus for the search figures: contracts made from real clauses (taken at bench time, never committed).

``papers(count)`` yields deterministic sales contracts of at least 2,500 characters: a head with number, parties, goods,
amount and dates of our making, then clauses of real templates, most of one kind, the blanks filled in.
"""

import datetime
import functools
import pathlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

TEMPLATES = pathlib.Path(__file__).resolve().parents[2] / "shared" / "data" / "contracts_zh" / "templates_txt"
LEAST = 2500
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂文辉鑫宇浩然子轩梓涵"
PLACES = re.findall("..", "华东华南江北滨海临江云岭东湖西山南浦北辰青原长河金陵兰亭海川天目雁荡松江太行嘉禾")
TRADES = re.findall("..", "机电化工纺织食品建材钢铁电子仪器医药物流印刷能源农资水产电器软件通信船舶光学橡胶")
FORMS = ["有限公司", "股份有限公司", "有限责任公司", "集团有限公司"]
GOODS = [
    *re.findall("..", "轴承阀门电缆水泵钢板铝锭棉纱面粉大豆玻璃涂料轮胎"),
    *re.findall("...", "变压器传感器控制柜服务器离心机压缩机齿轮箱减速机"),
]
KINDS = ["买卖合同", "承揽合同", "建设工程合同", "运输合同", "服务合同", "技术合同", "租赁合同", "其他合同"]
STATES = ["IN_FORCE", "EXPIRED", "CLOSED", "VOID", "DRAFT"]
BLANK = re.compile(r"[＿_×　 ]{2,}|[─━│┌┐└┘├┤┬┴┼]+")


@dataclass(frozen=True)
class Made:
    """One made contract: its fields and its text of at least 2,500 characters."""

    serial: int
    number: str
    title: str
    customer: str
    contract_type: str
    status: str
    department: int
    owner: int
    amount: Decimal
    signed_on: datetime.date
    expires_on: datetime.date
    text: str


@functools.cache
def clauses(folder: pathlib.Path = TEMPLATES) -> dict[str, list[str]]:
    """Return real clauses (20 to 400 characters) by the folder of their template."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*/*.txt")):
        lines = (line.rstrip() for line in path.read_text(encoding="utf-8").splitlines())
        joined = re.sub(r"\n(?![\s　])", "", "\n".join(lines))
        kept = [BLANK.sub("＿", part).strip("　 ＿") for part in joined.split("\n")]
        found.setdefault(path.parent.name, []).extend(part for part in kept if 20 <= len(part) <= 400)
    return found


def company(chance: random.Random) -> str:
    """Return the name of a company that does not exist."""
    middle = "".join(chance.choices(GIVEN, k=2))
    return chance.choice(PLACES) + middle + chance.choice(TRADES) + chance.choice(FORMS)


def papers(count: int, *, folder: pathlib.Path = TEMPLATES, seed: int = 20260301) -> Iterator[Made]:
    """Yield ``count`` contracts, the same ones at each call with the same seed."""
    chance = random.Random(seed)
    customers = [company(chance) for _ in range(4000)]
    for serial in range(count):
        yield _paper(serial, chance, customers, clauses(folder))


def _paper(serial: int, chance: random.Random, customers: list[str], real: dict[str, list[str]]) -> Made:
    signed = datetime.date(2015, 1, 1) + datetime.timedelta(days=chance.randrange(365 * 11))
    goods, customer = chance.choice(GOODS), customers[int(len(customers) * chance.random() ** 2)]
    amount = Decimal(chance.randrange(100_000, 900_000_000)) / 100
    number = f"{chance.choice(['QD', 'HD', 'XS'])}-{chance.choice('ABCDEFG')}-{signed.year}-{serial:06d}"
    title = f"{goods}{chance.choice(['采购', '销售', '供应', '加工', '年度框架', '补充'])}合同"
    head = _head(chance, number, title, customer, goods, amount, signed)
    return Made(
        serial=serial,
        number=number,
        title=title,
        customer=customer,
        contract_type=chance.choices(KINDS, weights=[50, 12, 8, 8, 8, 6, 5, 3])[0],
        status=chance.choices(STATES, weights=[45, 20, 25, 3, 7])[0],
        department=int(40 * chance.random() ** 1.5),
        owner=chance.randrange(300),
        amount=amount,
        signed_on=signed,
        expires_on=signed + datetime.timedelta(days=chance.randrange(90, 1500)),
        text=head + _body(chance, real),
    )


def _head(
    chance: random.Random, number: str, title: str, customer: str, goods: str, amount: Decimal, signed: datetime.date
) -> str:
    code = "".join(chance.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=16))
    person = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))
    model = f"{chance.choice('ABCXYZ')}{chance.randrange(100, 9999)}-{chance.randrange(10, 99)}"
    return (
        f"{title}\n合同编号：{number}\n甲方（需方）：{customer}\n统一社会信用代码：91{code}\n"
        f"乙方（供方）：江北启辰机电设备有限公司\n签订日期：{signed.year}年{signed.month}月{signed.day}日\n"
        f"委托代理人：{person}　电话：1{chance.randrange(30, 99)}{chance.randrange(10**7, 10**8)}\n"
        f"产品名称：{goods}　型号：{model}　数量：{chance.randrange(1, 5000)}\n合同总价（含税）：¥{amount:,.2f}元\n"
    )


def _body(chance: random.Random, real: dict[str, list[str]]) -> str:
    kind = chance.choice(sorted(real))
    every = sorted(real)
    parts: list[str] = []
    length = 0
    while length < LEAST:
        part = chance.choice(real[kind if chance.random() < 0.7 else chance.choice(every)])
        part = re.sub("＿", lambda _: str(chance.randrange(1, 1000)), part)
        parts.append(part)
        length += len(part)
    return "\n".join(parts) + "\n"
