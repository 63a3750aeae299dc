"""Customers with many contracts: ``python -m bench.customers [--contracts 20000] [--rounds 40] [--merges 3]``.

One customer has 5,000 contracts with parties and papers, contacts and notes: each tab of its page is asked over HTTP
(granian, eight threads), by somebody who sees everything and by a manager who sees half. Two others have 2,000 each:
they are merged and parted again, with the longest transaction, which is how long anybody else waits to write. The
archive is made once, in ``QIDANG_HOME``, and kept for the next time.
"""

import argparse
import itertools
import os
import pathlib
import statistics
import tempfile
import time

HOME = pathlib.Path(
    os.environ.setdefault("QIDANG_HOME", str(pathlib.Path(tempfile.gettempdir()) / "qidang-bench-customers"))
)
os.environ.setdefault("QIDANG_KEY_FILE", str(HOME.with_name(HOME.name + ".key")))

from django.db import connection, transaction
from django.utils import timezone

from bench import pages, register
from qidang.accounts.models import User
from qidang.contracts import merging
from qidang.contracts.models import Company, Contact, Contract, Document, Note, Party, Version
from qidang.vault.models import Blob

LARGE, TWIN, OTHER_TWIN = 5000, 2000, 2000
NAMES = ("澄湖机电集团有限公司", "远帆机械有限公司", "远帆机械（苏州）有限公司")
TABS = ("contracts", "sums", "papers", "people", "notes", "log")
AIM, MERGE_AIM = 200, 5.0
READERS = {"sees everything": "person3", "sees half": "person2"}


def prepare(count: int) -> list[Company]:
    """Make the archive where it is not there yet; return the large customer and the two that are one."""
    from qidang.vault.preparing import prepare as ready

    register.fill(count)
    ready()
    known = {one.name: one for one in Company.objects.filter(name__in=NAMES)}
    if len(known) < len(NAMES):
        by = User.objects.get(username="person0")
        free = iter(Contract.objects.order_by("pk").values_list("pk", flat=True))
        for name, many in zip(NAMES, (LARGE, TWIN, OTHER_TWIN), strict=True):
            with transaction.atomic():
                known[name] = _customer(name, list(itertools.islice(free, many)), by)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return [known[name] for name in NAMES]


def _customer(name: str, keys: list[int], by: User) -> Company:
    """Make a customer and give it these contracts, with a party and a paper each, and what people write beside it."""
    now = timezone.now()
    company = Company.objects.create(name=name, name_key=name, added_by=by, added_at=now)
    Contract.objects.filter(pk__in=keys).update(counterparty=company, counterparty_name=name)
    Party.objects.bulk_create(
        [Party(contract_id=key, no=1, role="BUYER", side="甲方", name=name, company=company) for key in keys], 2000
    )
    blobs = Blob.objects.bulk_create([Blob(sha256=f"{key:064x}", size=1, stored_at=now) for key in keys], 2000)
    documents = Document.objects.bulk_create(
        [Document(contract_id=key, title=name, added_by=by, added_at=now) for key in keys], 2000
    )
    versions = [
        Version(document=document, no=1, blob=blob, filename="合同.txt", by=by, at=now)
        for document, blob in zip(documents, blobs, strict=True)
    ]
    Version.objects.bulk_create(versions, 2000)
    beside = {"company": company, "department": by.department, "added_by": by, "added_at": now}
    for number in range(40):
        Contact.objects.create(name=f"联系人{number}", phone=f"1390000{number:04}", **beside)
        Note.objects.create(text=f"备注{number}", **beside)
    return company


def opened(customer: Company, rounds: int) -> None:
    """Ask every tab over HTTP and print the milliseconds."""
    print(f"{'tab':10} {'reader':16} {'p50':>6} {'p95':>6} {'worst':>6}  p95 of {AIM} ms  processor ms")
    with pages.Server() as server:
        for tab in TABS:
            for words, username in READERS.items():
                path = f"/companies/{customer.uid}/?tab={tab}"
                server.ask(username, path)
                before = spent(server.process.pid)
                taken = [server.ask(username, path) for _ in range(rounds)]
                own = (spent(server.process.pid) - before) / rounds
                p95, middle = register.p95(taken), statistics.median(taken)
                print(
                    f"{tab:10} {words:16} {middle:6.0f} {p95:6.0f} {max(taken):6.0f}  {p95 / AIM:.2f}{own:22.0f}",
                    flush=True,
                )
        for address in ("/companies/", "/companies/?open=1&year=2024&uscc=missing&sort=-added"):
            taken = [server.ask("person3", address) for _ in range(rounds)]
            print(f"{address}: p50 {statistics.median(taken):.0f}, p95 {register.p95(taken):.0f} ms")


def spent(pid: int) -> float:
    """Return the processor milliseconds of a process and all below it so far, which no load of others changes."""
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    own = (int(stat[11]) + int(stat[12])) * 1000 / os.sysconf("SC_CLK_TCK")
    return own + sum(spent(int(child)) for child in children)


def merged(kept: Company, gone: Company, rounds: int) -> None:
    """Merge and part the two, and print the seconds of each and the longest transaction."""
    by = User.objects.cli()
    for _ in range(rounds):
        gone.refresh_from_db()
        worked, started = time.process_time(), time.perf_counter()
        shown = merging.preview(kept, gone, user=by)
        previewed = time.perf_counter() - started
        merge = merging.merge(kept, gone, by=by)
        seconds, longest = _carried(merge, by)
        worked = time.process_time() - worked
        back, longest_back = _carried_back(merge, by)
        print(
            f"merge of {shown.counts['contract']:,} contracts into {TWIN:,}: {seconds:.2f} s, "
            f"{seconds / MERGE_AIM:.2f} of {MERGE_AIM:.0f} s, longest transaction {longest:.0f} ms; "
            f"processor {worked:.2f} s; preview {previewed * 1000:.0f} ms; "
            f"undone in {back:.2f} s, longest {longest_back:.0f} ms"
        )


def _carried(merge: merging.Merge, by: User) -> tuple[float, float]:
    """Carry a merge on to its end; return the seconds and the longest step in milliseconds."""
    started, longest, is_done = time.perf_counter(), 0.0, False
    while not is_done:
        before = time.perf_counter()
        is_done = merging.carry_on(merge, by=by, seconds=0)
        longest = max(longest, (time.perf_counter() - before) * 1000)
    return time.perf_counter() - started, longest


def _carried_back(merge: merging.Merge, by: User) -> tuple[float, float]:
    merging.undo(merge, by=by, why="measured")
    return _carried(merge, by)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--contracts", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--merges", type=int, default=3)
    given = parser.parse_args()
    customer, kept, gone = prepare(given.contracts)
    held = Contract.objects.filter(counterparty=customer).count()
    print(f"{Contract.objects.count():,} contracts, {held:,} of one customer, {connection.vendor}; milliseconds")
    opened(customer, given.rounds)
    merged(kept, gone, given.merges)


if __name__ == "__main__":
    main()
