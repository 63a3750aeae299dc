"""导入项目: ledgers and folders of files at once, to the gap list of both sides."""

from argparse import Namespace
from typing import Any

from qidang.accounts.models import User
from qidang.cli.frame import REFUSED, put, put_json, say
from qidang.cli.home import worker_lock
from qidang.cli.intake import wait_until_findable
from qidang.intake.onboarding import Brought, onboard
from qidang.kit.single import is_held


def run(arguments: Namespace) -> int:
    """Bring everything in, print a line a row and a file, and return 1 where one was refused."""
    code, worker_runs = 0, is_held(worker_lock())
    brought = Brought(
        arguments.paths, arguments.ledger or (), arguments.name, arguments.unit, is_historical=arguments.historical
    )
    for line in onboard(brought, by=User.objects.cli(), worker_runs=worker_runs):
        code = REFUSED if line.get("state") == "refused" else code
        put_json(line) if arguments.json else put(_told(line))
    wait_until_findable(worker_runs=worker_runs)
    return code


def _told(line: dict[str, Any]) -> str:
    if line["kind"] == "project":
        return say(
            "{name}：{rows} 行台账，登记 {registered}，未导入 {refused}；{files} 个文件，已匹配 {paired}，"
            "待确认 {proposed}；有台账无扫描 {rows_left}，有扫描无台账 {files_left}，差异 {differences}",
            "{name}: {rows} rows, {registered} registered, {refused} not imported; {files} files, {paired} matched, "
            "{proposed} to confirm; {rows_left} rows without a scan, {files_left} scans without a row, "
            "{differences} differences",
        ).format(**line)
    what = line["file"] if line["kind"] == "file" else f"{line['ledger']}:{line['row']}"
    why = f"{line.get('message') or ''} [{line['code']}]".strip() if line.get("code") else ""
    parts = (line["state"], what, line.get("contract"), line.get("way"), line.get("sure"), why)
    return "  ".join(str(part) for part in parts if part)
