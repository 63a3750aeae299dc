"""Search over 100,000 contracts made from real clauses: ``python -m bench.search [contracts]`` prints the figures.

The engine alone: query language, rights filter, total, five facets and the first 20 hits; no database, no snippets.
Cold start is the first query of a fresh process.
"""

import argparse
import datetime
import itertools
import os
import pathlib
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zlib

os.environ.setdefault("QIDANG_HOME", str(pathlib.Path(tempfile.gettempdir()) / "qidang-bench-search"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qidang.settings")

from bench import corpus
from qidang.search import engine, index, language, matching
from qidang.search.papers import CONTRACT, IndexedPaper

NAMES = matching.Names(
    types=lambda text: ["买卖合同"],
    statuses=lambda text: ["IN_FORCE"],
    departments=lambda text: [1],
    owners=lambda text: [7],
    today=datetime.date(2026, 3, 1),
)
COMMON = ["甲方", "合同", "乙方", "双方", "应当", "协议", "规定", "本合同", "公司", "有关", "时间", "支付"]
PHRASES = ["违约责任", "人民法院", "协商一致", "不可抗力", "中华人民共和国", "承担违约责任", "双方协商解决"]
COMPOUND = [
    "客户:机电 金额:>100000",
    "签订:2023..2024 违约责任",
    "(仲裁 OR 法院) -保险",
    "编号:2021-00",
    "轴承 金额:1万..500万 签订:2022",
    "非 保险 甲方",
]
Rights = list[matching.Part]
Took = tuple[float, float]  # milliseconds by the clock, milliseconds of processor time (two threads share the work)


def indexed(made: corpus.Made) -> IndexedPaper:
    """Return a made contract as the index takes it."""
    return IndexedPaper(
        uid=f"00000000-0000-7000-8000-{made.serial:012d}",
        kind=CONTRACT,
        rights=[f"o:{made.owner}", f"d:{made.department}"],
        numbers=[made.number],
        title=made.title,
        companies=[made.customer, "江北启辰机电设备有限公司"],
        papers=[_pages(made.text)],
        year=made.signed_on.year,
        contract_type=made.contract_type,
        customer=made.customer,
        customer_key=zlib.crc32(made.customer.encode()) % 50_000,
        department=made.department,
        owner=made.owner,
        status=made.status,
        amount=made.amount,
        signed_on=made.signed_on,
        expires_on=made.expires_on,
    )


def _pages(text: str) -> list[str]:
    lines = [line[at : at + 40] for line in text.splitlines() for at in range(0, len(line), 40)]
    return ["\n".join(lines[at : at + 42]) for at in range(0, len(lines), 42)]


def build(count: int) -> None:
    """Build the index afresh and print what it took."""
    started, today = time.perf_counter(), datetime.date(2026, 3, 1)
    folder = index.create()
    with index.writing(folder) as writer:
        for batch in itertools.batched(map(indexed, corpus.papers(count)), 5000):
            writer.add(batch)
            writer.commit(0, today)
        writer.commit(1, today)
    seconds = time.perf_counter() - started
    index.turn_to(folder)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    print(f"built {count:,} contracts in {seconds:.0f} s ({count / seconds:.0f}/s), {size:.0f} MB, {peak()}")


def peak() -> str:
    """Return the peak memory of this process and the load of the machine, in words."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"peak RSS {used:.0f} MB, load {os.getloadavg()[0]:.1f}"


def queries(count: int) -> dict[str, list[str]]:
    """Return queries of each kind, the words taken from the corpus itself."""
    chance = random.Random(7)
    made = list(corpus.papers(min(count, 2000)))
    clauses = [part for parts in corpus.clauses().values() for part in parts]
    cuts = _cuts(chance, clauses)
    return {
        "rare: numbers, codes, companies": [
            *(chance.choice(made).number for _ in range(20)),
            *(chance.choice(made).number[5:] for _ in range(10)),
            *(chance.choice(made).customer for _ in range(10)),
        ],
        "common words": COMMON,
        "common phrases": PHRASES,
        "any 4 to 12 characters": [next(cuts[length % 9 + 4]) for length in range(60)],
        "any 2 or 3 characters": [next(cuts[length % 2 + 2]) for length in range(40)],
        "two or three words": [" ".join(next(cuts[2]) for _ in range(number % 2 + 2)) for number in range(40)],
        "fields and operators": COMPOUND,
        "one character": ["甲", "税", "的"],
        "filters only": ["", "签订:2024", "金额:>500万"],
    }


def _cuts(chance: random.Random, clauses: list[str]) -> dict[int, "itertools.chain[str]"]:
    """Return endless random pieces of the clauses, all Chinese characters, by their length."""

    def pieces(length: int) -> "itertools.chain[str]":
        while True:
            clause = chance.choice(clauses)
            at = chance.randrange(len(clause) - length)
            if re.fullmatch("[\u4e00-\u9fff]+", clause[at : at + length]):
                yield clause[at : at + length]

    return {length: pieces(length) for length in range(2, 13)}


def people() -> dict[str, Rights]:
    """Return the rights filters of three kinds of people, as ``search.rights`` makes them."""
    own = matching.any_of("rights", ["o:7"])
    below = matching.any_of("rights", ["o:7", *(f"d:{key}" for key in range(0, 40, 3))])
    waiting = matching.every([(matching.MUST, matching.term("kind", "arrival")), (matching.NOT, own)])
    return {
        "own (0.3 %)": [(matching.MUST, own)],
        "departments (38 %)": [(matching.MUST, below)],
        "everything": [(matching.NOT, matching.term("kind", "cursor")), (matching.NOT, waiting)],
    }


def ask(text: str, permitted: Rights, order: str = "") -> Took:
    """Answer one query as ``query.find`` does, without the database; return what it took."""
    started, used = time.perf_counter(), time.process_time()
    searcher = index.searcher()
    assert searcher is not None
    tree = language.parse(text)
    index.state(searcher)
    found = matching.every([(matching.MUST, matching.match(tree, NAMES)), *permitted])
    engine.ask(searcher, engine.Question(found, matching.ranked(found, language.wanted(tree)), order=order))
    return (time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000


def measure(count: int) -> None:
    """Print p50 and p95 per kind of query and person: every query three times after a warming round."""
    print(f"cold: first query of a fresh process {cold():.0f} ms, with the disk cache emptied {cold(drop=True):.0f} ms")
    every: list[Took] = []
    for who, permitted in people().items():
        his: list[Took] = []
        for kind, texts in queries(count).items():
            for text in texts:
                ask(text, permitted)
            times = [ask(text, permitted, order) for order in ("", "", "date") for text in texts]
            his += times
            print(f"{who:20s} {kind:32s} {spread(times)}")
        print(f"{who:20s} {'all kinds':32s} {spread(his)}")
        every += his
    print(f"{'everybody':20s} {'all kinds':32s} {spread(every)}  ({peak()}, mapped index pages included)")


def spread(times: list[Took]) -> str:
    """Return p50, p95 and the worst in words; processor time tells how much of it is a busy machine."""
    clock, processor = (sorted(one) for one in zip(*times, strict=True))
    place = min(len(times) - 1, round(0.95 * len(times)))
    return (
        f"n={len(times):4d}  p50 {statistics.median(clock):6.2f} ms  p95 {clock[place]:6.2f}  worst {clock[-1]:6.2f}"
        f"  processor p95 {processor[place]:6.2f}"
    )


def cold(*, drop: bool = False) -> float:
    """Return the milliseconds of the first query in a fresh process, opening the index included."""
    folder = index.current()
    assert folder is not None
    for path in folder.iterdir() if drop else ():
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    code = "from bench import search; print(search.ask('违约责任', search.people()['departments (38 %)'])[0])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Build where asked or needed, then measure."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("contracts", type=int, nargs="?", default=100_000)
    arguments.add_argument("--build", action="store_true", help="build the index even where there is one")
    options = arguments.parse_args()
    if options.build or index.current() is None:
        build(options.contracts)
    measure(options.contracts)


if __name__ == "__main__":
    main()
