"""Pages over a full archive: ``python -m bench.pages [--contracts 100000] [--rounds 3] [--busy 10]``.

The real web server (granian, eight threads) over contracts with papers of real clauses and their index, asked over
HTTP, one request after the other: the register over scope × filters × sort, the search page over a mix of queries by
the same people; then both once more while a command takes text PDFs in beside it. The archive is made once, in
``QIDANG_HOME`` (a folder of its own under the temporary one without it), and kept for the next time.
"""

import argparse
import http.client
import itertools
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from urllib.parse import urlencode

HOME = pathlib.Path(
    os.environ.setdefault("QIDANG_HOME", str(pathlib.Path(tempfile.gettempdir()) / "qidang-bench-pages"))
)
os.environ.setdefault("QIDANG_KEY_FILE", str(HOME.with_name(HOME.name + ".key")))

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import corpus, register, search
from bench.intake import make_files
from qidang import vault
from qidang.accounts.adding import add_department
from qidang.accounts.models import Department, User
from qidang.contracts.models import Company, Contract, Document, Version
from qidang.intake.texts import TEXT
from qidang.reading import READER_VERSION
from qidang.reading.paper import Line, Page, Paper
from qidang.search import following, index
from qidang.vault.models import Blob

CHUNK = 2000
SORTS = ["", "signed_on", "-amount", "title"]
Times = list[float]


def prepare(count: int) -> None:
    """Make the archive where it is not there yet: contracts, a paper each, the index."""
    from qidang.vault.preparing import prepare as ready

    register.fill(count)
    ready()
    if not Company.objects.filter(is_ours=True).exists():
        by = User.objects.cli()
        unit = add_department(name="江北启辰机电设备有限公司", code="QMJ", parent=None, by=by)
        Company.add(by=by, name=unit.name, is_ours=True, unit=unit)
    if not Version.objects.exists():
        started = time.perf_counter()
        for rows in itertools.batched(
            zip(Contract.objects.order_by("pk").iterator(), corpus.papers(count), strict=False), CHUNK
        ):
            add_papers(list(rows))
        print(f"made {count:,} papers in {time.perf_counter() - started:.0f} s")
    if index.current() is None:
        started = time.perf_counter()
        following.rebuild()
        seconds = time.perf_counter() - started
        print(f"indexed {count:,} contracts in {seconds:.0f} s ({count / seconds:.0f}/s), {search.peak()}")


def add_papers(rows: list[tuple[Contract, corpus.Made]]) -> None:
    """Give each contract a paper: its text kept as read, and the rows that lead to it."""
    now, by = timezone.now(), User.objects.get(username="person0")
    blobs = [Blob(sha256=f"{made.serial:064x}", size=len(made.text), stored_at=now) for _, made in rows]
    for blob, (_, made) in zip(blobs, rows, strict=True):
        pages = [
            Page(number, lines=[Line(line) for line in text.split("\n")])
            for number, text in enumerate(search._pages(made.text), 1)
        ]
        vault.derive(blob.sha256, TEXT, READER_VERSION, Paper("text/plain", pages).pack())
    with transaction.atomic():
        Blob.objects.bulk_create(blobs)
        documents = [
            Document(contract=contract, title=contract.title, added_by=by, added_at=now) for contract, _ in rows
        ]
        Document.objects.bulk_create(documents)
        Version.objects.bulk_create(
            Version(document=document, no=1, blob=blob, filename="合同.txt", by=by, at=now)
            for document, blob in zip(documents, blobs, strict=True)
        )


class Server:
    """The web server as in service, and the people who are signed in there."""

    def __init__(self) -> None:
        self.port = 20000 + os.getpid() % 20000
        command = [sys.executable, "-m", "qidang.cli", "web", "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        self.cookies: dict[str, str] = {}
        self.line: http.client.HTTPConnection | None = None

    def __enter__(self) -> "Server":
        for username in register.SCOPES.values():
            client = Client()
            client.force_login(User.objects.get(username=username))
            self.cookies[username] = client.cookies["qidang_session"].value
        until = time.monotonic() + 60
        while True:
            try:
                self.ask("person3", "/contracts/")
                return self
            except OSError:
                assert time.monotonic() < until, "no page came"
                time.sleep(0.2)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)

    def ask(self, username: str, path: str) -> float:
        """Return the milliseconds until the page has come whole."""
        self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            started = time.perf_counter()
            self.line.request("GET", path, headers={"Cookie": f"qidang_session={self.cookies[username]}"})
            answer = self.line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.line = None
            raise OSError from error
        assert answer.status == 200, (answer.status, path)
        return (time.perf_counter() - started) * 1000


def register_pages() -> Iterator[tuple[str, str]]:
    """Yield who asks for which page of the register."""
    for username in register.SCOPES.values():
        for filters in register.filter_sets().values():
            for sort in SORTS:
                query = "&".join(part for part in (filters.query(), urlencode({"sort": sort}) if sort else "") if part)
                yield username, f"/contracts/?{query}"


def search_pages(count: int) -> Iterator[tuple[str, str]]:
    """Yield who asks for which words, of every kind of query some."""
    chance = random.Random(5)
    for username in register.SCOPES.values():
        for texts in search.queries(count).values():
            for text in chance.sample(texts, min(len(texts), 6)):
                if text:
                    yield username, "/search/?" + urlencode({"q": text})


def timed(server: Server, pages: list[tuple[str, str]], rounds: int, seconds: float = 1e9) -> Times:
    """Ask for the pages in turn, after a warming round where there is time for one."""
    until = time.monotonic() + seconds
    if seconds > 1e6:
        for username, path in pages:
            server.ask(username, path)
    taken = []
    for username, path in itertools.chain.from_iterable(itertools.repeat(pages, rounds)):
        taken.append(server.ask(username, path))
        if time.monotonic() > until:
            break
    return taken


def spread(name: str, taken: Times) -> None:
    """Print the median, the 95th percentile and the worst."""
    print(
        f"{name:36s} n={len(taken):4d}  p50 {statistics.median(taken):6.1f} ms  p95 {register.p95(taken):6.1f}"
        f"  worst {max(taken):6.1f}  load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def queries(pages: list[tuple[str, str]], name: str) -> None:
    """Print how many queries the pages make at most, and how many of them are for session and person."""
    most, own = 0, 0
    for username, path in pages:
        client = Client()
        client.force_login(User.objects.get(username=username))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        frame = [
            query for query in asked.captured_queries if "session" in query["sql"] or "accounts_user" in query["sql"]
        ]
        if len(asked) > most:
            most, own = len(asked), len(frame)
    print(f"{name:36s} at most {most} queries, {own} of them for session and person")


def busy(server: Server, count: int, seconds: float) -> None:
    """Measure both once more while text PDFs are taken in by command."""
    files = make_files(500, pathlib.Path(tempfile.gettempdir()) / "qidang-bench-pdfs")
    with tempfile.TemporaryDirectory() as folder:
        for path in files:  # other bytes each time: what is there already would not be read
            pathlib.Path(folder, path.name).write_bytes(path.read_bytes() + f"\n% {time.time_ns()}".encode())
        command = [sys.executable, "-m", "qidang.cli", "intake", folder, "--confirm", "--json"]
        intake = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(3)
        shuffled = random.Random(3)
        for name, pages in (("register", list(register_pages())), ("search page", list(search_pages(count)))):
            shuffled.shuffle(pages)
            spread(f"{name}, while an intake runs", timed(server, pages, 100, seconds))
        print("the intake " + ("was still going on" if intake.poll() is None else "ended before"))
        intake.terminate()
        intake.wait(timeout=60)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--contracts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--busy", type=float, default=10.0, help="seconds of each kind of page beside an intake")
    given = parser.parse_args()
    prepare(given.contracts)
    print(f"{Contract.objects.count():,} contracts, {connection.vendor}, {Department.objects.count()} departments")
    queries(list(register_pages()), "register")
    queries(list(search_pages(given.contracts))[::5], "search page")
    with Server() as server:
        spread("register", timed(server, list(register_pages()), given.rounds))
        spread("search page", timed(server, list(search_pages(given.contracts)), given.rounds))
        busy(server, given.contracts, given.busy)


if __name__ == "__main__":
    main()
