"""Memory of everything that `qidang serve` starts: proportional set size (PSS), in MB.

``python -m bench.memory``: starts it on an empty home, opens a page a few times, waits, and adds up; then takes fifty
text papers in and reports the worker's highest resident size. ``--pid N`` measures a running supervisor instead.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

AT_REST = 8.0  # seconds of quiet before measuring
PAGES = 20
PAPERS = 50
PATIENCE = 60.0  # seconds


def below(pid: int) -> list[int]:
    """Return ``pid`` and every process below it."""
    text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [pid, *(descendant for child in text.split() for descendant in below(int(child)))]


def kilobytes(pid: int, file: str, field: str) -> int:
    """Return one field of a process's memory file."""
    for line in pathlib.Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1])
    return 0


def title(pid: int) -> str:
    """Return a process's command line without its interpreter."""
    words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    return " ".join(word for word in words[1:] if word)[:60]


def report(pid: int, when: str) -> float:
    """Print every process and the sum; return the sum in MB."""
    total = 0.0
    for process in below(pid):
        size = kilobytes(process, "smaps_rollup", "Pss") / 1024
        total += size
        print(f"  {size:7.1f} MB  {title(process)}")
    print(f"{when}: {total:.0f} MB PSS in all")
    return total


def answers(port: int) -> bool:
    """Say whether a page comes."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def take_in(folder: pathlib.Path, environment: dict[str, str]) -> None:
    """Hand fifty text papers to the running worker and wait until they can be found."""
    for number in range(PAPERS):
        text = f"销售合同\n合同编号：XS-{number:04d}\n甲方：北方样品有限公司\n乙方：南方样品有限公司\n"
        text += f"合同金额：人民币{number + 1}000元\n"
        (folder / f"{number:04d}.txt").write_text(text * 20, encoding="utf-8")
    command = [sys.executable, "-m", "qidang.cli", "intake", str(folder), "--json"]
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def serve(folder: pathlib.Path) -> None:
    """Start, measure, take papers in, measure again, stop."""
    port = 20000 + os.getpid() % 20000
    environment = os.environ | {"QIDANG_HOME": str(folder / "home"), "QIDANG_KEY_FILE": str(folder / "key")}
    command = [sys.executable, "-m", "qidang.cli", "serve", "--port", str(port)]
    started = time.monotonic()
    supervisor = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not answers(port):
            if time.monotonic() - started > PATIENCE:
                sys.exit("no page came")
            time.sleep(0.1)
        print(f"first page of an empty home after {time.monotonic() - started:.1f} s")
        for _page in range(PAGES):
            answers(port)
        time.sleep(AT_REST)
        report(supervisor.pid, "at rest")
        (folder / "papers").mkdir()
        take_in(folder / "papers", environment)
        worker = next(pid for pid in below(supervisor.pid) if title(pid).endswith("worker"))
        peak = kilobytes(worker, "status", "VmHWM") / 1024
        print(f"worker's peak while taking {PAPERS} text papers in: {peak:.0f} MB RSS")
    finally:
        supervisor.terminate()
        supervisor.wait(timeout=60)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pid", type=int)
    arguments = parser.parse_args()
    if arguments.pid:
        report(arguments.pid, "now")
        return
    with tempfile.TemporaryDirectory(prefix="qidang-memory-") as folder:
        serve(pathlib.Path(folder))


if __name__ == "__main__":
    main()
