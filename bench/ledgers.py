"""A ledger of 10,000 rows: ``python -m bench.ledgers [--rows N]`` prints rows a second of each step.

A heading of three rows, 14 columns that no field takes, an error in every twentieth row; then the corrected ledger with
every tenth amount changed; then the whole taken back. Rows a second are by processor time of this process (the machine
is seldom quiet), with the clock beside it; reading the cells is done by a child and counted by the clock alone.
"""

import argparse
import functools
import io
import os
import pathlib
import tempfile
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("QIDANG_HOME", str(pathlib.Path(tempfile.gettempdir()) / "qidang-bench-ledgers"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qidang.settings")

import django

django.setup()  # the models below want it

import xlsxwriter
from django.db import connection

from qidang.accounts.adding import add_department
from qidang.accounts.models import Department, User
from qidang.cli.home import open_home
from qidang.intake.models import SheetImport, Work
from qidang.intake.sheets import SLICE, bring, counts, work_on
from qidang.intake.texts import pool
from qidang.kit.clock import now

HEAD = ["序号", "编号", "合同名称", "签订日期", "含税金额", "名称", "业务员"]
ODD = [f"自定义列{n}" for n in range(1, 15)]
DAYS = ("2024.3.5", "2024年3月5日", "45356", "2024/3/5")


def ledger(count: int, *, corrected: bool = False) -> bytes:
    """Return an XLSX with ``count`` rows below a heading of three."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.merge_range(0, 0, 0, 20, "历年销售合同台账")
        sheet.write_row(1, 0, ["", "合同信息", "合同信息", "合同信息", "金额", "客户", "承办", *["其他"] * 14])
        sheet.write_row(2, 0, HEAD + ODD)
        for number in range(1, count + 1):
            amount: Any = f"{number * 100}" if not corrected or number % 10 else f"{number * 100 + 50}"
            amount = "约十万" if number % 20 == 0 else amount
            customer = f"云岭机电{number % 2000}有限公司"
            line = [number, f"HT-{number:06}", f"数控车床{number}号买卖合同", DAYS[number % 4], amount, customer]
            sheet.write_row(number + 2, 0, [*line, f"旧人{number % 50}", *(f"{one}的{number}" for one in ODD)])
    return out.getvalue()


def measured(what: str, rows: int, step: Callable[[], Any]) -> Any:
    """Do one step and print its rows a second."""
    clock, processor = time.perf_counter(), time.process_time()
    result = step()
    clock, processor = time.perf_counter() - clock, max(time.process_time() - processor, 1e-6)
    print(f"| {what} | {rows / processor:,.0f} | {rows / clock:,.0f} |")
    return result


def worked(sheet: SheetImport, work: str, by: User) -> None:
    """Do one kind of work with the sheet as the worker does, slice after slice."""
    sheet.refresh_from_db()
    sheet.work, sheet.started_by, sheet.undone_by, sheet.undo_why = work, by, by, "测量"
    if work == Work.IMPORT:
        sheet.started_at = now()
    sheet.save()
    while work_on(sheet, SLICE):
        pass


def main() -> None:
    """Measure on an empty database and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    rows = parser.parse_args().rows
    open_home()
    by = User.objects.cli()
    unit = Department.objects.units().first() or add_department(name="测量有限公司", code="CL", by=by)
    print(f"{rows:,} rows, {connection.vendor}\n\n| step | rows/s, processor time | rows/s, clock |\n|---|---|---|")
    for corrected in (False, True):
        content, name = ledger(rows, corrected=corrected), "corrected" if corrected else "first"
        bringing = functools.partial(bring, content, "台账.xlsx", by=by, unit=unit)
        sheet = measured(f"{name}: kept and its cells read", rows, bringing)
        measured(f"{name}: every row understood and planned", rows, functools.partial(worked, sheet, Work.PLAN, by))
        waiting = counts(sheet).waiting
        importing = functools.partial(worked, sheet, Work.IMPORT, by)
        measured(f"{name}: {waiting:,} rows brought in", waiting, importing)
    measured(f"corrected: {waiting:,} rows taken back", waiting, functools.partial(worked, sheet, Work.UNDO, by))
    pool().close()


if __name__ == "__main__":
    main()
