"""The register over 100,000 contracts: ``python -m bench.register [--contracts N] [--rounds N]`` prints the figures.

A page of 50 rows with totals, over scope × filters × sort, on the database of ``DATABASE_URL`` (SQLite without it).
Every page is asked with a fresh user object, so that working out the person's reach counts too.
"""

import argparse
import datetime
import os
import pathlib
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal

os.environ.setdefault("QIDANG_HOME", str(pathlib.Path(tempfile.gettempdir()) / "qidang-bench-register"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qidang.settings")

import django

django.setup()  # the models below want it

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qidang.accounts.models import Department, Role, User
from qidang.contracts.choices import ContractType, FilingStatus, Kind
from qidang.contracts.models import Company, Contract
from qidang.contracts.register import Filters, Register

TODAY = datetime.date(2026, 6, 30)
PLACES = [
    "杭州",
    "苏州",
    "宁波",
    "合肥",
    "长沙",
    "武汉",
    "成都",
    "西安",
    "青岛",
    "厦门",
    "佛山",
    "东莞",
    "无锡",
    "常州",
    "南通",
    "嘉兴",
]
WORDS = [
    "澄湖",
    "远帆",
    "云岭",
    "临港",
    "北辰",
    "青原",
    "金陵",
    "兰亭",
    "海川",
    "天目",
    "雁荡",
    "松江",
    "太行",
    "嘉禾",
    "长河",
    "星野",
    "砚秋",
    "望舒",
    "栖霞",
    "听澜",
]
TRADES = ["机电", "化工", "纺织", "食品", "建材", "电子", "仪器", "医药", "物流", "能源", "软件", "光学"]
GOODS = [
    "数控车床",
    "轴承",
    "阀门",
    "电缆",
    "水泵",
    "变压器",
    "传感器",
    "控制柜",
    "压缩机",
    "齿轮箱",
    "铝锭",
    "钢板",
    "服务器",
    "涂料",
]
TYPES = [ContractType.SALE] * 6 + list(ContractType)
CURRENCIES = ["CNY"] * 17 + ["USD", "EUR", "HKD"]


def companies(count: int, by: User) -> list[Company]:
    """Make ``count`` companies with names that no two share."""
    made = []
    for no in range(count):
        name = f"{PLACES[no % 16]}{WORDS[no // 16 % 20]}{TRADES[no // 320 % 12]}{no // 3840 + 1}有限公司"
        made.append(Company(name=name, name_key=name, added_by=by, added_at=timezone.now()))
    return Company.objects.bulk_create(made, batch_size=2000)


def staff(rng: random.Random) -> tuple[list[Department], list[User]]:
    """Make two legal units with 20 departments of 3 teams each, and 400 people."""
    places: list[Department] = []

    def add(name: str, code: str, above: Department | None) -> Department:
        one = Department.objects.create(name=name, code=code, parent=above)
        one.settle()
        places.append(one)
        return one

    for unit_no in range(2):
        unit = add(f"启原制造{unit_no}有限公司", f"QY{unit_no}", None)
        for no in range(20):
            department = add(f"销售{no}部", f"X{no:02}", unit)
            for team in range(3):
                add(f"{no}部{team}组", f"T{no:02}{team}", department)
    teams = [place for place in places if place.depth]
    people = [
        User(username=f"person{no}", name=f"员工{no}", department=rng.choice(teams), password="!") for no in range(400)
    ]
    return places, User.objects.bulk_create(people)


def contracts(count: int, rng: random.Random, people: list[User], known: list[Company]) -> Iterator[Contract]:
    """Yield ``count`` contracts of ten years; the last ones are the newest."""
    for no in range(count):
        owner, company = rng.choice(people), known[int(rng.random() ** 2 * len(known))]
        signed = datetime.date(2016, 7, 1) + datetime.timedelta(days=no * 3650 // count)
        type_ = rng.choice(TYPES)
        goods = rng.choice(GOODS)
        filed = rng.random() < 0.7
        contract = Contract(
            unit=owner.department.unit,
            department=owner.department,
            owner=owner,
            registered_by=owner,
            counterparty=company,
            counterparty_name=company.name,
            number=f"{owner.department.unit.code}-XS-{signed.year}-{no:05}",
            title=f"{goods}{type_}",
            contract_type=type_,
            kind=Kind.SALE,
            our_role="SELLER",
            amount=None if rng.random() < 0.05 else Decimal(rng.randrange(100_00, 5_000_000_00)).scaleb(-2),
            currency=rng.choice(CURRENCIES),
            signed_on=None if rng.random() < 0.03 else signed,
            expires_on=None if rng.random() < 0.3 else signed + datetime.timedelta(days=rng.randrange(90, 1500)),
            filing_status=FilingStatus.FILED if filed else FilingStatus.UNFILED,
            reference=f"QY-XS·{signed.year}-D30-{no:05}" if filed else "",
            has_scan=rng.random() < 0.8,
            subject_matter=f"{goods}一批，规格与数量以附件所列为准，质量执行国家标准及双方确认的技术协议。" * 2,
            payment_terms="签订后五日内预付百分之三十，发货前付百分之六十，余款作为质保金于验收满一年后十日内付清。"
            * 2,
            registered_at=datetime.datetime.combine(signed, datetime.time(9), datetime.UTC),
            updated_at=timezone.now(),
        )
        contract.settle(TODAY)
        yield contract


def fill(count: int) -> None:
    """Make the archive, once."""
    call_command("migrate", verbosity=0)
    have = Contract.objects.count()
    if have >= count:
        return
    assert have == 0, "the database holds another archive; use a fresh QIDANG_HOME or DATABASE_URL"
    rng, start = random.Random(7), time.perf_counter()
    with transaction.atomic():
        _, people = staff(rng)
        known = companies(5000, people[0])
        batch: list[Contract] = []
        for contract in contracts(count, rng, people, known):
            batch.append(contract)
            if len(batch) == 2000:
                Contract.objects.bulk_create(batch)
                batch = []
        Contract.objects.bulk_create(batch)
        place_readers()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(f"made {count} contracts in {time.perf_counter() - start:.0f} s")


def place_readers() -> None:
    """Give four of the people a role each, so that every scope is measured."""
    for name, slug in (("person0", "salesperson"), ("person1", "viewer"), ("person2", "sales_manager")):
        person = User.objects.get(username=name)
        if slug == "sales_manager":
            person.department = Department.objects.get(name="启原制造0有限公司")
            person.save()
        person.roles.set(Role.objects.filter(slug=slug))
    User.objects.get(username="person3").roles.set(Role.objects.filter(slug="lawyer"))


SCOPES = {"own": "person0", "department": "person1", "below": "person2", "all": "person3"}


def filter_sets() -> dict[str, Filters]:
    """Return the filters to measure."""
    company = Contract.objects.filter(owner__username="person0").values_list("counterparty__uid", flat=True).first()
    department = Department.objects.get(name="销售3部", parent__name="启原制造0有限公司").pk
    return {
        "none": Filters(),
        "year+type+status": Filters(year=2024, contract_type="买卖合同", status="EXPIRED"),
        "text+year+unfiled": Filters(text="轴承", year=2025, filing="UNFILED"),
        "text of a customer": Filters(text="苏州澄湖 机电"),
        "company+amount+type": Filters(company=company, amount_from=Decimal(100_000), contract_type="买卖合同"),
        "department+expiring+CNY": Filters(department=department, expires_within=90, currency="CNY"),
        "signed+amount+no scan": Filters(
            signed_from=datetime.date(2020, 1, 1), amount_to=Decimal(2_000_000), missing_scan=True
        ),
        "nothing found": Filters(text="没有这样的合同", year=2024, status="VOID"),
    }


def measure(username: str, filters: Filters, sort: str, rounds: int) -> tuple[list[float], int, int]:
    """Return the milliseconds of each page (first, second …), the most queries of one, and the count found."""
    taken, queries, count, after = [], 0, 0, ""
    for no in range(rounds):
        user = User.objects.get(username=username)
        with CaptureQueriesContext(connection) as asked:
            start = time.perf_counter()
            page = Register(user, filters, sort, TODAY).page(after)
            taken.append((time.perf_counter() - start) * 1000)
        queries, count = max(queries, len(asked)), page.count
        after = page.after if no % 4 != 3 else ""
    return taken, queries, count


def p95(taken: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(taken)[max(0, round(len(taken) * 0.95) - 1)]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contracts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=8)
    given = parser.parse_args()
    fill(given.contracts)
    sets, everything, most = filter_sets(), [], 0
    sorts = ["-registered_at", "signed_on", "-amount", "title"]
    print(f"register, {connection.vendor}, {given.contracts} contracts; milliseconds for 50 rows with totals")
    print(f"{'scope':11} {'filters':26} {'found':>7} {'p50':>6} {'p95':>6} {'queries':>7}  slowest sort")
    for scope, username in SCOPES.items():
        for name, filters in sets.items():
            by_sort = {}
            for sort in sorts:
                by_sort[sort], queries, count = measure(username, filters, sort, given.rounds)
                most = max(most, queries)
            taken = [one for times in by_sort.values() for one in times]
            everything += taken
            slowest = max(sorts, key=lambda sort: statistics.median(by_sort[sort]))
            print(
                f"{scope:11} {name:26} {count:7} {statistics.median(taken):6.1f} {p95(taken):6.1f} {queries:7}  "
                f"{slowest} {statistics.median(by_sort[slowest]):.1f}"
            )
    print(
        f"all {len(everything)} pages: p50 {statistics.median(everything):.1f} p95 {p95(everything):.1f} "
        f"max {max(everything):.1f} ms, at most {most} queries"
    )


if __name__ == "__main__":
    main()
