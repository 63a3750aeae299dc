"""The vault: how long a paper takes, how fast a big file goes, and how much memory that needs.

    python -m bench.vault [--big MB]

Prints figures, and the same bytes written bare (fsync, rename, fsync of the folder) on the same disk beside them.
"""

import argparse
import hashlib
import os
import pathlib
import resource
import statistics
import tempfile
import time
from collections.abc import Callable

from django.conf import settings

PAPER = 100_000  # bytes: a contract of some pages
MB = 1024 * 1024


class Pattern:
    """A source of so many bytes that are never all in memory."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.block = os.urandom(MB)

    def read(self, size: int) -> bytes:
        """Return the next bytes."""
        part = self.block[: min(size, self.left)]
        self.left -= len(part)
        return part


def bare(folder: pathlib.Path, data: bytes) -> None:
    """What a durable write costs without any sealing."""
    name = hashlib.sha256(data).hexdigest()
    with (folder / "temporary").open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    (folder / "temporary").replace(folder / name)
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def times(act: Callable[[bytes], object], papers: list[bytes]) -> list[float]:
    """Return the milliseconds that ``act`` took for each paper."""
    taken = []
    for data in papers:
        start = time.perf_counter()
        act(data)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def said(what: str, taken: list[float]) -> None:
    """Print median and 95th percentile."""
    taken = sorted(taken)
    print(f"{what:<44} {statistics.median(taken):7.2f} ms median {taken[int(len(taken) * 0.95)]:7.2f} ms p95")


def peak() -> float:
    """Return the most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def small(folder: pathlib.Path) -> None:
    """Papers one by one, with and without the waiting for the disk."""
    from qidang import vault
    from qidang.vault.sealing import Stored

    papers = [os.urandom(PAPER) for _ in range(200)]
    (folder / "bare").mkdir()
    vault.put(b"first")
    said("bare write of 100 KB, fsynced", times(lambda data: bare(folder / "bare", data), papers))
    said("vault.put of 100 KB", times(vault.put, papers))
    kept = {data: Stored(hashlib.sha256(data).hexdigest(), len(data)) for data in papers}
    said("vault.read of 100 KB", times(lambda data: vault.read(kept[data]), papers))
    real, os.fsync = os.fsync, lambda number: None
    said("vault.put of 100 KB without the disk's fsync", times(vault.put, [os.urandom(PAPER) for _ in range(200)]))
    os.fsync = real


def big(size: int) -> None:
    """One file of ``size`` MB in and out."""
    from qidang import vault

    before = peak()
    start = time.perf_counter()
    stored = vault.put(Pattern(size * MB))  # type: ignore[arg-type]
    print(f"vault.put of {size} MB: {size / (time.perf_counter() - start):.0f} MB/s, peak {peak():.0f} MB", end="")
    print(f" ({peak() - before:.0f} MB more than before)")
    start = time.perf_counter()
    vault.check(stored)
    print(f"vault.check of {size} MB: {size / (time.perf_counter() - start):.0f} MB/s, peak {peak():.0f} MB")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--big", type=int, default=2048, metavar="MB")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qidang-bench-") as name:
        folder = pathlib.Path(name)
        settings.configure(HOME=folder / "data", KEY_FILE=folder / "key")
        from qidang.vault import keys

        keys.create(settings.KEY_FILE)
        small(folder)
        big(arguments.big)


if __name__ == "__main__":
    main()
