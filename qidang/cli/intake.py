"""收进: keep, read and register files, and return when all of it can be found."""

import time
from argparse import Namespace
from typing import Any

from qidang.accounts.models import User
from qidang.cli.frame import REFUSED, put, put_json, say
from qidang.cli.home import worker_lock
from qidang.intake.commands import take_in
from qidang.kit.single import is_held
from qidang.search.following import catch_up, head, indexed_up_to

PATIENCE = 60.0  # seconds
STATES = {
    "registered": ("已登记", "registered"),
    "to_review": ("待登记", "to review"),
    "duplicate": ("重复", "duplicate"),
    "refused": ("拒收", "refused"),
    "skipped": ("跳过", "skipped"),
    "isolated": ("已隔离", "isolated"),
}


def run(arguments: Namespace) -> int:
    """Take everything in, print a line a file, and return 1 where one was refused."""
    code = 0
    by = User.objects.cli()
    worker_runs = is_held(worker_lock())
    for row in take_in(arguments.paths, by=by, confirm=arguments.confirm, worker_runs=worker_runs, note=arguments.note):
        code = REFUSED if row["state"] == "refused" else code
        put_json(row) if arguments.json else put(_line(row))
    wait_until_findable(worker_runs=worker_runs)
    return code


def wait_until_findable(*, worker_runs: bool) -> None:
    """Index what was taken in, or wait until the worker has; give up after a minute: the index follows anyway."""
    end, until = head(), time.monotonic() + PATIENCE
    while indexed_up_to() < end and time.monotonic() < until:
        if worker_runs or not catch_up():
            time.sleep(0.1)


def _line(row: dict[str, Any]) -> str:
    what = [
        say(*STATES.get(row["state"], (row["state"], row["state"]))),
        row["file"],
        row["contract"],
        row["reference"],
    ]
    why = f"{row['message']} [{row['code']}]" if row["code"] else None
    return "  ".join(word for word in (*what, why) if word)
