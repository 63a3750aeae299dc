"""bench/RESULTS.md: ``some-command | python -m bench.results NAME`` passes its input on and puts it under NAME.

What stands between ``<!-- NAME -->`` and ``<!-- /NAME -->`` is replaced; everything else was written by a person and
stays. ``python -m bench.results --machine`` writes the head: the machine, its disk, the versions.
"""

import argparse
import datetime
import os
import pathlib
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time

RESULTS = pathlib.Path(__file__).with_name("RESULTS.md")


def put(name: str, text: str) -> None:
    """Put ``text`` between the markers of ``name``, at the end where there are none yet."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    whole = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results\n"
    if begin not in whole:
        whole += f"\n## {name}\n\n{begin}\n{end}\n"
    before, rest = whole.split(begin, 1)
    RESULTS.write_text(f"{before}{begin}\n{text}\n{end}{rest.split(end, 1)[1]}", encoding="utf-8")


def fsync_ms() -> float:
    """Return how long a small file takes to come safely onto the disk, in milliseconds."""
    started = time.perf_counter()
    for _ in range(50):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
    return (time.perf_counter() - started) * 1000 / 50


def machine() -> str:
    """Return what the figures were taken on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return (
        f"{datetime.date.today():%Y-%m-%d}, commit {commit.stdout.strip() or '?'}: {os.cpu_count()} cores "
        f"({platform.machine()}), {memory:.0f} GiB of memory, {system}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}; fsync of a small file {fsync_ms():.1f} ms; load {os.getloadavg()[0]:.1f}."
    )


def main() -> None:
    """Pass standard input on and keep it, or keep the machine."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", nargs="?")
    parser.add_argument("--machine", action="store_true")
    given = parser.parse_args()
    if given.machine:
        put("machine", machine())
        return
    lines = []
    for line in sys.stdin:
        print(line, end="", flush=True)
        lines.append(line)
    took = f"{datetime.datetime.now():%Y-%m-%d %H:%M}, load {os.getloadavg()[0]:.1f} at the end"
    put(given.name, f"{took}\n\n```\n{''.join(lines).rstrip()}\n```")


if __name__ == "__main__":
    main()
