"""重建索引: make the search index again from the database and the vault, while search goes on with the old one."""

import sys
import time
from argparse import Namespace

from qidang.cli.frame import put, put_json, say
from qidang.search.following import rebuild

WIDTH = 40  # characters of the progress bar


def run(arguments: Namespace) -> int:
    """Rebuild, showing how far it is where somebody looks."""
    started = time.monotonic()
    count = rebuild(_show)
    seconds = round(time.monotonic() - started, 1)
    if arguments.json:
        put_json({"documents": count, "seconds": seconds})
    else:
        put(say(f"索引已重建：{count} 份，{seconds} 秒", f"rebuilt: {count} documents, {seconds} s"))
    return 0


def _show(done: int, total: int) -> None:
    if sys.stderr.isatty():
        full = WIDTH * done // max(total, 1)
        end = "\n" if done >= total else ""
        sys.stderr.write(f"\r[{'█' * full}{' ' * (WIDTH - full)}] {done}/{total}{end}")
