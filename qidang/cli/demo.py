"""示例档案: a sample archive with sample people, made once in an empty home; their passwords are random."""

import importlib
import os
import pathlib
import shutil
import sys
from argparse import Namespace

from qidang.cli.frame import REFUSED, put, say

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ACCOUNTS = "sample-accounts"  # also the mark by which a production start refuses this home (qidang/production.py)
SHOWN = "sample-accounts.shown"
OURS = ("qidang.sqlite3", "blobs", "derived", "index")  # what a used home contains


def run(arguments: Namespace) -> int:
    """Make the sample archive; where there is something already, leave it (``--once``), replace it or refuse."""
    home = pathlib.Path(os.environ.get("QIDANG_HOME") or ROOT / "data").resolve()
    is_sample = (home / ACCOUNTS).exists()
    is_used = any((home / name).exists() for name in OURS)
    if arguments.once and (is_sample or is_used):
        return 0
    if is_used and not (is_sample and arguments.fresh):
        sys.stderr.write(
            say(
                f"{home} 里已有内容；示例请用空目录（QIDANG_HOME=…），或对示例目录用 --fresh [demo.home_in_use]\n",
                f"{home} is in use; take an empty QIDANG_HOME, or --fresh on a sample home [demo.home_in_use]\n",
            )
        )
        return REFUSED
    if arguments.fresh and home.exists():
        _empty(home)
    return _fill(home)


def _empty(home: pathlib.Path) -> None:
    for entry in home.iterdir():
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()


def _fill(home: pathlib.Path) -> int:
    """Open the home, make people and papers, write the accounts down (0600)."""
    put(say("正在生成示例档案……", "making the sample archive…"))
    importlib.import_module("qidang.cli.home").open_home()
    # only now: models can be imported once the home is open
    accounts = importlib.import_module("qidang.samples.archive").fill()
    lines = [f"  {username:<16} {password:<20} {what}" for username, password, what in accounts]
    handle = os.open(home / ACCOUNTS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
    (home / SHOWN).unlink(missing_ok=True)
    return 0
