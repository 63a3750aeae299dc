"""旧档案导入: a ledger and its files, how long they take, and how the pages stay meanwhile.

    python -m bench.onboarding matched [--files 10000]
    python -m bench.onboarding pages [--files 10000] [--contracts 20000] [--users 20] [--think 2.0]

``matched``: on an empty home ``qidang onboard`` brings in a ledger and as many text PDFs (contracts made from real
clauses), matches them by path column, by number in file and folder name and by their text, registers all and makes all
findable; aim: 10,000 in 15 minutes on 2 cores.

``pages``: over an archive the same import runs through a worker as in service, while users, each with a session and a
connection, open a page, read it for about ``--think`` seconds and open the next: register with filters, search, a
contract, its paper, home, the lists of arrivals, and who may the project. Aim: p95 of all pages at most 400 ms while
10,000 files come in. Both make their home anew under the temporary folder; smaller figures are for trying them.
"""

from __future__ import annotations

import argparse
import dataclasses
import http.client
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

ROOT = pathlib.Path(__file__).resolve().parent.parent
TEMPORARY = pathlib.Path(tempfile.gettempdir())
HEAD = ["合同编号", "合同名称", "客户名称", "承办人", "合同金额", "币种", "签订日期", "到期日期", "文件路径"]
ODD = [f"自定义列{n}" for n in range(1, 15)]
AIM_SECONDS, AIM_FILES, AIM_MS = 15 * 60, 10_000, 400
WARM = 5.0  # seconds of pages before the import begins
WORDS = ("轴承", "变压器 采购", "验收 违约金", "不可抗力", "质保期", "苏州", "2024年", "交货 地点", "增值税专用发票")


def project(count: int, folder: pathlib.Path) -> pathlib.Path:
    """Lay out a ledger of ``count`` rows and a PDF for each: one in ten known by the path column, one by its text."""
    from bench.corpus import papers
    from bench.intake import make_files

    files = make_files(count, TEMPORARY / "qidang-bench-pdfs")
    place = folder / "旧合同"
    rows: list[list[Any]] = []
    for made, file in zip(papers(count), files, strict=True):
        way, year = made.serial % 10, f"{made.signed_on.year}年"
        inside = pathlib.Path("合同扫描", year, f"{made.number} {made.title}.pdf")
        if way == 0:
            inside = pathlib.Path("合同扫描", year, "合订", f"旧件{made.serial:06}.pdf")
        elif way == 1:
            inside = pathlib.Path("合同扫描", "未整理", f"SCAN{made.serial:06}.pdf")
        elif way == 2:
            inside = pathlib.Path("合同扫描", year, f"{made.number}（{made.customer}）", "正文.pdf")
        target = place / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        days = (f"{made.signed_on:%Y.%m.%d}", f"{made.signed_on:%Y-%m-%d}", f"{made.signed_on:%Y年%m月%d日}")
        path = "D:\\" + str(inside).replace("/", "\\") if way == 0 else ""
        line = [made.number, made.title, made.customer, f"旧人{made.owner % 50}", f"{made.amount:,.2f}", "人民币"]
        rows.append(
            [*line, days[made.serial % 3], f"{made.expires_on}", path, *(f"{one}的{made.serial}" for one in ODD)]
        )
    _write_ledger(place / "台账.xlsx", rows)
    return place


def _write_ledger(path: pathlib.Path, rows: list[list[Any]]) -> None:
    """Write the rows below a heading of three rows with merged cells."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("总台账")
        sheet.merge_range(0, 0, 0, len(HEAD) + len(ODD) - 1, "历年销售合同总台账")
        sheet.write_row(1, 0, ["基本信息"] * 4 + ["金额与时间"] * 4 + ["归档"] + ["其他"] * len(ODD))
        sheet.write_row(2, 0, HEAD + ODD)
        for number, row in enumerate(rows, start=3):
            sheet.write_row(number, 0, row)


@dataclasses.dataclass
class Import:
    """``qidang onboard`` as a command of its own: what it said, and when its rows stood."""

    process: subprocess.Popen[str]
    started: float
    ended: float = 0.0
    rows_stood: float = 0.0
    states: Counter[str] = dataclasses.field(default_factory=Counter)
    last: dict[str, Any] = dataclasses.field(default_factory=dict)

    @classmethod
    def begin(cls, place: pathlib.Path) -> Import:
        """Start it."""
        command = [sys.executable, "-m", "qidang.cli", "onboard", str(place), "--unit", "QMJ", "--json"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return cls(process, time.perf_counter())

    def follow(self) -> None:
        """Read what it prints to its end."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told = json.loads(line)
            if "kind" not in told:
                raise SystemExit(f"the import was refused: {line}")
            self.states[f"{told['kind']} {told.get('state') or ''}".strip()] += 1
            if told["kind"] == "row":
                self.rows_stood = time.perf_counter() - self.started
            self.last = told
        self.process.wait()
        self.ended = time.perf_counter() - self.started

    def told(self, count: int) -> str:
        """Return how long it took, and what it came to."""
        pace = count / self.ended
        whole = AIM_FILES / pace
        came = {name: self.last.get(name) for name in ("rows", "registered", "refused", "files", "paired", "proposed")}
        return (
            f"{count:,} rows and files: {self.ended:.0f} s ({pace:.1f}/s), rows usable after {self.rows_stood:.0f} s; "
            f"at this pace 10,000 take {whole / 60:.1f} min (aim 15, {whole / AIM_SECONDS:.2f} of it)\n"
            f"{came}; exit code {self.process.returncode}; {dict(self.states)}"
        )


def matched(given: argparse.Namespace) -> None:
    """The whole import alone, by one command without a worker."""
    from bench.intake import open_archive, processor

    open_archive()
    with tempfile.TemporaryDirectory() as folder:
        place = project(given.files, pathlib.Path(folder))
        used = processor()
        one = Import.begin(place)
        one.follow()
    used = processor() - used
    print(one.told(given.files))
    print(f"{1000 * used / given.files:.0f} ms of processor a row with its file; load {os.getloadavg()[0]:.1f}")


class Visitor(threading.Thread):
    """A person who opens a page, reads it, and opens the next; each with a session and a connection."""

    def __init__(
        self, port: int, username: str, serial: int, think: float, pages: Callable[[], tuple[str, str]]
    ) -> None:
        super().__init__(daemon=True)
        self.port, self.think, self.pages = port, think, pages
        self.dice = random.Random(serial)
        self.cookie = _session(username)
        self.line: http.client.HTTPConnection | None = None
        self.taken: list[tuple[str, float, float]] = []
        self.failed: list[str] = []
        self.leaves = threading.Event()

    def run(self) -> None:
        """Open pages until told to leave."""
        self.leaves.wait(self.dice.uniform(0, self.think))
        while not self.leaves.is_set():
            kind, path = self.pages()
            self.ask(kind, path)
            self.leaves.wait(self.dice.uniform(0.5, 1.5) * self.think)

    def ask(self, kind: str, path: str) -> None:
        """Ask for one page and note how long it took to come whole."""
        try:
            self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            started = time.perf_counter()
            self.line.request("GET", path, headers={"Cookie": f"qidang_session={self.cookie}"})
            answer = self.line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.line = None
            self.failed.append(f"{path}: {error!r}")
            return
        if answer.status != 200:
            self.failed.append(f"{path}: {answer.status}")
        self.taken.append((kind, started, (time.perf_counter() - started) * 1000))


def _session(username: str) -> str:
    from django.test import Client

    from qidang.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username=username))
    return client.cookies["qidang_session"].value


def tour(username: str, serial: int) -> Callable[[], tuple[str, str]]:
    """Return what yields (kind, path) of the next page that this person opens, from what this person may see."""
    from bench.register import filter_sets
    from qidang.accounts.capabilities import may
    from qidang.accounts.models import User
    from qidang.contracts.models import Contract, Version
    from qidang.intake.models import Project

    dice, person = random.Random(serial), User.objects.get(username=username)
    mine = Contract.objects.visible_to(person)
    contracts = [str(uid) for uid in mine.order_by("-pk").values_list("uid", flat=True)[:300]]
    papers = [
        str(uid) for uid in Version.objects.filter(document__contract__in=mine).values_list("uid", flat=True)[:300]
    ]
    queries = [filters.query() for filters in filter_sets().values()]
    lists = ["/", "/companies/"] + (["/intake/to-review/", "/intake/batches/"] if may(person, "intake.review") else [])

    def next_page() -> tuple[str, str]:
        chance = dice.random()
        if chance < 0.35 or not contracts:
            return "register", f"/contracts/?{dice.choice(queries)}"
        if chance < 0.6:
            return "search", "/search/?" + urlencode({"q": dice.choice(WORDS)})
        if chance < 0.8:
            return "contract", f"/contracts/{dice.choice(contracts)}/"
        if chance < 0.88 and papers:
            return "paper", f"/versions/{dice.choice(papers)}/"
        if chance < 0.93 and may(person, "intake.review"):
            newest = Project.objects.visible_to(person).order_by("-pk").values_list("uid", flat=True).first()
            return "project", f"/intake/projects/{newest}/" if newest else "/intake/projects/"
        return "lists", dice.choice(lists)

    return next_page


def pages(given: argparse.Namespace) -> None:
    """The pages of many people while the same import runs through a worker."""
    from bench import pages as archive
    from bench.killing import start
    from bench.register import SCOPES

    archive.prepare(given.contracts)
    usernames = list(SCOPES.values())
    with tempfile.TemporaryDirectory() as folder, archive.Server() as server:
        place = project(given.files, pathlib.Path(folder))
        visitors = [
            Visitor(server.port, name, serial, given.think, tour(name, serial))
            for serial, name in enumerate(usernames[n % len(usernames)] for n in range(given.users))
        ]
        worker = start()
        try:
            for visitor in visitors:
                visitor.start()
            time.sleep(WARM)
            begun = time.perf_counter()
            one = Import.begin(place)
            one.follow()
        finally:
            for visitor in visitors:
                visitor.leaves.set()
            for visitor in visitors:
                visitor.join(timeout=60)
            worker.terminate()
            worker.wait(timeout=60)
    print(f"{given.users} users, a page each about every {given.think:g} s, over {given.contracts:,} contracts")
    print(one.told(given.files))
    report(visitors, begun, begun + one.rows_stood)


def report(visitors: list[Visitor], begun: float, stood: float) -> None:
    """Print the spread of every kind of page and of all, before the import, while rows and while papers came in."""
    taken = [one for visitor in visitors for one in visitor.taken]
    during = [(kind, took) for kind, started, took in taken if started >= begun]
    print("| pages while the import runs | asked | p50 | p95 | worst |\n|---|---|---|---|---|")
    for kind in sorted({kind for kind, _ in during}):
        _line(kind, [took for other, took in during if other == kind])
    _line("all while rows came in", [took for _, started, took in taken if begun <= started < stood])
    _line("all while papers came in", [took for _, started, took in taken if started >= stood])
    every = [took for _, took in during]
    _line("all", every)
    _line("before the import", [took for _, started, took in taken if started < begun])
    if every:
        reached = _p95(every)
        print(f"\np95 {reached:.0f} ms (aim {AIM_MS}, {reached / AIM_MS:.2f} of it); load {os.getloadavg()[0]:.1f}")
    failed = [one for visitor in visitors for one in visitor.failed]
    print(f"{len(failed)} pages failed" + "".join(f"\n  {one}" for one in failed[:10]))


def _line(name: str, took: list[float]) -> None:
    if took:
        print(f"| {name} | {len(took)} | {statistics.median(took):.0f} ms | {_p95(took):.0f} ms | {max(took):.0f} ms |")


def _p95(took: list[float]) -> float:
    return sorted(took)[max(0, round(len(took) * 0.95) - 1)]


def parts() -> Iterator[tuple[str, Callable[[argparse.Namespace], None]]]:
    """Yield the parts by name."""
    yield "matched", matched
    yield "pages", pages


def main() -> None:
    """Print the figures of one part, on a home made anew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("part", choices=[name for name, _ in parts()])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--contracts", type=int, default=20_000, help="in the archive before (pages)")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--think", type=float, default=2.0, help="seconds between two pages of one user, about")
    given = parser.parse_args()
    home = TEMPORARY / f"qidang-bench-onboarding-{given.part}"
    shutil.rmtree(home, ignore_errors=True)
    os.environ["QIDANG_HOME"], os.environ["QIDANG_KEY_FILE"] = str(home), f"{home}.key"
    dict(parts())[given.part](given)


if __name__ == "__main__":
    main()
