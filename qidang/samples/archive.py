"""示例档案: people, companies and papers that are invented, taken in the way a clerk takes papers in."""

from __future__ import annotations

import datetime as dt
import pathlib
import random
import secrets
from collections.abc import Iterator

from django.contrib.auth.hashers import make_password
from django.utils import translation

from qidang.accounts.models import User
from qidang.cast import Cast, make_cast
from qidang.contracts.models import Company, Contract
from qidang.holdings.filing import file
from qidang.intake.models import Batch, Source
from qidang.intake.receiving import keep, open_batch, receive
from qidang.intake.sheets import bring, bring_in
from qidang.intake.work import read_slice
from qidang.kit.sheets import write_sheet
from qidang.samples.typesetting import as_scan, typeset
from qidang.search.following import catch_up

HERE = pathlib.Path(__file__).resolve().parent
FILED = 3
ROWS = 40
TOWNS = ("临江", "青原", "北辰", "云岭", "海川", "嘉禾", "雁荡", "兰亭")
TRADES = ("精工机械", "动力部件", "电气设备", "模具制造", "泵阀", "传动科技", "仪表", "轨道配件")
GOODS = ("数控车床", "立式加工中心", "平面磨床", "卧式镗床", "机床备件", "自动送料机", "激光切割机", "数控折弯机")
HEADINGS = [
    "合同编号",
    "合同名称",
    "客户名称",
    "合同类型",
    "合同金额",
    "签订日期",
    "到期日期",
    "签约部门",
    "业务员",
    "备注",
]
SHOWN = ("administrator", "salesperson", "manager", "archivist", "lawyer", "auditor", "outsider")


def fill() -> list[tuple[str, str, str]]:
    """Make the sample archive in an open, empty home; return (username, password, what the person is) to be shown."""
    with translation.override("zh-hans"):
        cast = make_cast(password=secrets.token_urlsafe(16))
        accounts = [(name, _own_password(cast.people[name]), _role_of(cast.people[name])) for name in SHOWN]
        _our_companies(cast)
        _old_register(cast)
        _signed_contracts(cast)
        _waiting_papers(cast)
        _file_some(cast)
        _index()
    return accounts


def _own_password(person: User) -> str:
    password = f"{secrets.token_hex(3)}-{secrets.token_hex(3)}"
    person.password = make_password(password)
    person.save(update_fields=["password"])
    return password


def _role_of(person: User) -> str:
    roles = "、".join(role.name_zh for role in person.roles.all()) or "没有权限的旁人"
    return f"{person.name}，{roles}"


def _our_companies(cast: Cast) -> None:
    by = cast.administrator
    for key in ("qmj", "qmz"):
        unit = cast.department(key)
        Company.add(by=by, name=unit.name, is_ours=True, unit=unit)


def _old_register(cast: Cast) -> None:
    """The Excel register that was kept before: contracts whose papers are still to be scanned."""
    sheet = bring(
        write_sheet(_rows(cast), HEADINGS), "2023-2026合同台账.xlsx", by=cast.archivist, unit=cast.department("qmj")
    )
    bring_in(sheet, by=cast.archivist)


def _rows(cast: Cast) -> Iterator[list[str]]:
    chance = random.Random(2026)
    people = [cast.salesperson, cast.colleague, cast.rival]
    first = dt.date(2023, 2, 1)
    for serial in range(ROWS):
        signed = first + dt.timedelta(days=serial * 33 + chance.randrange(20))
        goods, person = chance.choice(GOODS), chance.choice(people)
        is_lease = serial % 9 == 4
        yield [
            f"QMJ-{'ZL' if is_lease else 'XS'}-{signed.year}-{900 + serial:04d}",
            f"{goods}{'租赁' if is_lease else '买卖'}合同",
            f"{chance.choice(TOWNS)}{chance.choice(TRADES)}有限公司",
            "租赁合同" if is_lease else "买卖合同",
            f"{chance.randrange(40, 3200) * 1000}.00",
            signed.isoformat(),
            (signed + dt.timedelta(days=chance.choice([180, 365, 730]))).isoformat(),
            str(person.department),
            person.name,
            "原件在档案室二号柜" if serial % 5 == 0 else "",
        ]


def texts() -> Iterator[tuple[str, str]]:
    """Yield name and text of every sample contract."""
    for path in sorted(HERE.glob("*.txt")):
        yield path.stem, path.read_text(encoding="utf-8")


def _signed_contracts(cast: Cast) -> None:
    """Signed contracts as PDF, registered without review where they read well."""
    batch = _batch(cast.salesperson, "历年已签合同", registers=True)
    kept = [keep(typeset(text), f"{name}.pdf") for name, text in texts()]
    receive(batch, kept, by=cast.salesperson)
    while read_slice(batch.pk):
        pass


def _waiting_papers(cast: Cast) -> None:
    """What a clerk finds in the morning: a scan, a plain text, a letter that is no contract; the worker reads them."""
    some = list(texts())
    batch = _batch(cast.colleague, "今天收到的", registers=False)
    name, text = some[0]
    other, other_text = some[-1]
    letter = "关于召开季度例会的通知\n\n各销售组：\n\n定于本周五下午两点在三楼会议室开会，请准时参加。\n\n销售部\n"
    scan = as_scan(typeset(text.replace(text.split("\n", 1)[0], text.split("\n", 1)[0] + "（副本）", 1)))
    kept = [
        keep(scan, f"扫描件_{name}.pdf"),
        keep(other_text.replace("2025", "2026").encode("gb18030"), f"{other}_续签稿.txt"),
        keep(letter.encode(), "季度例会通知.txt"),
    ]
    receive(batch, kept, by=cast.colleague)


def _batch(by: User, note: str, *, registers: bool) -> Batch:
    return open_batch(Source.UPLOAD, by=by, note=note, registers_by_itself=registers)


def _file_some(cast: Cast) -> None:
    papered = Contract.objects.exclude(documents=None)
    for contract in papered.order_by("signed_on", "id")[:FILED]:
        file(contract, year=contract.year, retention="D30", org=contract.department.code, by=cast.archivist)


def _index() -> None:
    for _ in range(100):
        if catch_up():
            return
