"""跟随: what the ledger says happened becomes what the index holds.

``catch_up`` is what the worker calls: it reads the acts behind the index's own cursor, works out which contracts and
arrivals they touched, and puts these as they stand now. Doing so twice changes nothing. A new day touches the
contracts that came into force or ended since the day of the last commit.
"""

import contextlib
import datetime
import fcntl
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from django.db.models import Q

from qidang.contracts.choices import GONE
from qidang.contracts.models import Contract
from qidang.intake.models import Arrival, Clearing
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import follow
from qidang.ledger.models import Chain, Entry
from qidang.search import gathering, index

SLICE = 500  # acts of one commit while following
WITHOUT_EFFECT = {  # nothing of arrivals can be found before they are read, and who checked a field is not searched
    *("arrival.received", "batch.opened"),
    "contract.checked",
}
COMMIT_EVERY = 5000  # entries of one commit while rebuilding
Progress = Callable[[int, int], None]


def head() -> int:
    """Return the seq of the newest act."""
    return Chain.objects.filter(name="acts").values_list("seq", flat=True).first() or 0


def indexed_up_to() -> int:
    """Return how far the index in use has come in the chain ``acts``; -1 where there is none."""
    searcher = index.searcher()
    return index.state(searcher).seq if searcher else -1


def is_current() -> bool:
    """Return whether every act so far can be found."""
    return indexed_up_to() >= head()


def catch_up(limit_seconds: float = 2.0) -> bool:
    """Index what happened since; return True when nothing is left, False when time ran out or another process writes.

    Where there is no index, or one of another schema, a new one is begun and grows from the first act on.
    """
    until = time.monotonic() + limit_seconds
    if index.searcher() is None and not _begin():
        return False
    if indexed_up_to() >= head() and _state().day == clock.today():
        return True
    folder = index.current()
    assert folder is not None
    try:
        with index.writing(folder, keep=True) as writer:
            _turn_the_day(writer, _state())
            return _follow(writer, _state().seq, until)
    except index.Busy:
        return False


def rebuild(progress: Progress = lambda done, total: None) -> int:
    """重建索引: build a new index beside the old one, then put it in use; return how many entries it has.

    Search goes on with the old one meanwhile. Raises Refused ``search.rebuilding`` while another process does the same.
    """
    with _building() as free:
        if not free:
            raise Refused("search.rebuilding")
        started = clock.now()
        folder, seq = index.create(), head()
        contracts, arrivals = Contract.objects.standing().order_by("pk"), gathering.waiting().order_by("pk")
        total, done = contracts.count() + arrivals.count(), 0
        with index.writing(folder) as writer:
            papers = itertools.chain(gathering.contracts(contracts), gathering.arrivals(arrivals))
            for batch in itertools.batched(papers, 100):
                done += writer.add(batch)
                progress(done, max(done, total))
                if done % COMMIT_EVERY == 0:
                    writer.commit(0, clock.today())
            writer.commit(seq, clock.today())
            _follow(writer, seq, float("inf"))
        index.turn_to(folder)
        Clearing.objects.filter(is_agreed=True, decided_at__lt=started).update(index_rewritten_at=clock.now())
    return done


def rewrite_after_clearing() -> bool:
    """误传清除: write the index anew where its files still carry words of what was cleared; return whether."""
    left = Clearing.objects.filter(is_agreed=True, index_rewritten_at=None).exists()
    if left:
        rebuild()
    return left


def _state() -> index.State:
    searcher = index.searcher()
    return index.state(searcher) if searcher else index.State(0, datetime.date.min)


def _begin() -> bool:
    """Put an empty index in use where there is none."""
    with _building() as free:
        if free and index.searcher() is None:
            index.turn_to(index.create())
    return index.searcher() is not None


def _follow(writer: index.Writer, seq: int, until: float) -> bool:
    while entries := follow(seq, limit=SLICE):
        seq = entries[-1].seq
        _put(writer, entries)
        writer.commit(seq, clock.today())
        if time.monotonic() > until:
            return seq >= head()
    return True


def _put(writer: index.Writer, entries: Sequence[Entry]) -> None:
    """Put what these acts touched as it stands now, and take out the arrivals that wait no longer."""
    touched: dict[str, set[UUID]] = {}
    telling = (entry for entry in entries if entry.act not in WITHOUT_EFFECT)
    for subject in (subject for entry in telling for subject in entry.subjects.all()):
        touched.setdefault(subject.kind, set()).add(subject.uid)
    arrivals = touched.get("arrival", set())
    contracts = Q(uid__in=touched.get("contract", set())) | Q(arrivals__uid__in=arrivals)
    contracts |= Q(counterparty__uid__in=touched.get("company", set()))
    rows = Contract.objects.filter(pk__in=Contract.objects.filter(contracts).values("pk"))
    writer.put(gathering.contracts(rows.standing().order_by("pk")))
    writer.remove(str(uid) for uid in rows.filter(status__in=GONE).values_list("uid", flat=True))
    writer.remove(str(uid) for uid in arrivals)
    writer.put(gathering.arrivals(Arrival.objects.filter(uid__in=arrivals, pk__in=gathering.waiting().values("pk"))))


def _turn_the_day(writer: index.Writer, state: index.State) -> None:
    """Put the contracts whose status changed with the date, with no act that says so."""
    today = clock.today()
    if state.day == today or state.day == datetime.date.min:
        return
    passed = Q(expires_on__gte=state.day - datetime.timedelta(days=1), expires_on__lt=today)
    begun = Q(in_force_on__gt=state.day, in_force_on__lte=today)
    closed = Q(closed_on__gt=state.day, closed_on__lte=today)
    writer.put(gathering.contracts(Contract.objects.standing().filter(passed | begun | closed).order_by("pk")))
    writer.commit(state.seq, today)


@contextlib.contextmanager
def _building() -> Iterator[bool]:
    """Hold the lock of who may begin a new generation; yield False where another process holds it."""
    index.root().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (index.root() / "building.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
