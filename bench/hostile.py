"""Hostile files: everything in ../shared/data/robustness through the pool; each is read or refused with a code.

    python -m bench.hostile [FOLDER]

Prints counts per folder and code, the slowest files, and fails when one hung, was lost, or left the pool unusable.
"""

import argparse
import collections
import pathlib
import sys
import time

from qidang.reading.pool import Job, Pool, Reading
from qidang.reading.warming import WORDS, pdf

SHARED = pathlib.Path(__file__).resolve().parents[2] / "shared/data/robustness"
LONGEST = 60.0  # seconds a file may take when no page of it has to be recognised


def main() -> int:
    """Read every file, print the counts, return 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=SHARED)
    folder: pathlib.Path = parser.parse_args().folder
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    started = time.monotonic()
    done: list[tuple[pathlib.Path, Reading]] = []
    with Pool(size=2) as pool:
        for job, reading in pool.read_many(Job(path, path.name, key=path) for path in paths):
            done.append((job.key, reading))
        afterwards = pool.read(pdf([(60, 700, 12, WORDS[0])]), "afterwards.pdf")
    print_counts(folder, done)
    print(f"\n{len(done)} of {len(paths)} files in {time.monotonic() - started:.0f} s")
    slow = [path.name for path, reading in done if reading.seconds > LONGEST and not reading.ocr_pages]
    print(f"over {LONGEST:.0f} s without recognition: {slow or 'none'}")
    print(f"pool afterwards: {'works' if afterwards.paper else 'broken'}")
    return 0 if len(done) == len(paths) and not slow and afterwards.paper else 1


def print_counts(folder: pathlib.Path, done: list[tuple[pathlib.Path, Reading]]) -> None:
    """Print how each folder fared, the refusals by code, the problems by code, and the slowest files."""
    by_folder: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    problems: collections.Counter[str] = collections.Counter()
    for path, reading in done:
        by_folder[path.relative_to(folder).parts[0]][reading.refused or "read"] += 1
        problems.update(problem.code for problem in reading.problems)
    for name, counts in sorted(by_folder.items()):
        print(f"{name:12} " + "  ".join(f"{code} {count}" for code, count in counts.most_common()))
    total = collections.Counter(reading.refused or "read" for _, reading in done)
    print(f"{'all':12} " + "  ".join(f"{code} {count}" for code, count in total.most_common()))
    print("problems     " + "  ".join(f"{code} {count}" for code, count in problems.most_common()))
    for path, reading in sorted(done, key=lambda pair: -pair[1].seconds)[:5]:
        pages = f"{reading.ocr_pages} pages recognised" if reading.ocr_pages else "no page recognised"
        print(f"slowest      {reading.seconds:6.1f} s  {path.name} ({pages})")


if __name__ == "__main__":
    sys.exit(main())
