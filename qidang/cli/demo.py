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
    accounts = home / ACCOUNTS
    is_half_made = accounts.exists() and accounts.stat().st_size == 0
    is_used = accounts.exists() or any((home / name).exists() for name in OURS)
    if arguments.once and is_used and not is_half_made:
        return 0
    if is_used and not (is_half_made or (accounts.exists() and arguments.fresh)):
        return _refuse(str(home))
    if is_used:
        _empty(home)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    accounts.touch(mode=0o600)  # empty: half made, to be begun again where this is broken off
    importlib.import_module("qidang.cli.home").open_home()
    # only now: models can be imported once the home is open
    if importlib.import_module("qidang.accounts.models").User.objects.filter(kind="PERSON").exists():
        accounts.unlink()
        return 0 if arguments.once else _refuse("DATABASE_URL")
    return _fill(accounts)


def _refuse(place: str) -> int:
    sys.stderr.write(
        say(
            f"{place} 里已有内容；示例请用空目录（QIDANG_HOME=…），或对示例目录用 --fresh [demo.home_in_use]\n",
            f"{place} is in use; take an empty QIDANG_HOME, or --fresh on a sample home [demo.home_in_use]\n",
        )
    )
    return REFUSED


def _empty(home: pathlib.Path) -> None:
    for entry in home.iterdir():
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()


def _fill(accounts: pathlib.Path) -> int:
    """Make people and papers, and write the accounts down."""
    put(say("正在生成示例档案……", "making the sample archive…"))
    made = importlib.import_module("qidang.samples.archive").fill()
    lines = [f"  {username:<16} {password:<20} {what}" for username, password, what in made]
    accounts.write_text("\n".join(lines) + "\n", encoding="utf-8")
    accounts.with_name(SHOWN).unlink(missing_ok=True)
    return 0
