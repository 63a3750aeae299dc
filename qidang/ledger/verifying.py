"""核验: hashes the stored bytes again and compares them with the plain columns, the chain and the details.

It reads in slices by seq, so that it needs little memory and holds no long snapshot, and in plain SQL, because a
million model instances would cost more than the hashing.
"""

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

from qidang.ledger import canonical
from qidang.ledger.models import CHAINS, GENESIS, Chain

SLICE = 2000
LEAF = 8

ENTRIES = """
    SELECT e.id, e.seq, e.act, CAST(e.at AS text), CAST(e.actor_uid AS text), e.actor_name, e.address,
           e.canonical, e.leaf, d.salt, d.body
    FROM ledger_entry e LEFT JOIN ledger_entrydetails d ON d.entry_id = e.id
    WHERE e.chain = %s AND e.seq > %s AND e.seq <= %s ORDER BY e.seq"""
SUBJECTS = """
    SELECT s.entry_id, s.kind, s.name, CAST(s.uid AS text)
    FROM ledger_entry e JOIN ledger_entrysubject s ON s.entry_id = e.id
    WHERE e.chain = %s AND e.seq > %s AND e.seq <= %s ORDER BY e.seq, s.position"""


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What 核验 found: entries that hold, the last leaf, and the seq and reason of the first that does not."""

    chain: str
    entries: int
    head: str
    first_bad: int | None = None
    why: str = ""

    @property
    def ok(self) -> bool:
        """Everything holds."""
        return self.first_bad is None

    def as_json(self) -> dict[str, Any]:
        """The verdict for ``qidang ledger verify --json``; ``first_bad`` is a seq or null."""
        return {"entries": self.entries, "ok": self.ok, "head": self.head, "first_bad": self.first_bad} | (
            {} if self.ok else {"chain": self.chain, "why": self.why}
        )


def verify(chain: str = "acts") -> Verdict:
    """核验 one chain from its first entry to its head; stops at the first entry that does not hold."""
    head = Chain.objects.get(name=chain)
    prev, seq = GENESIS, 0
    for stored in _entries(chain, head.seq):
        why = _fault(stored, chain, seq + 1, prev)
        if why:
            return Verdict(chain, seq, prev, seq + 1, why)
        prev, seq = stored[LEAF], seq + 1
    if seq != head.seq:
        return Verdict(chain, seq, prev, seq + 1, "the entry is missing")
    if prev != head.leaf:
        return Verdict(chain, seq, prev, seq, "the chain's head has another hash")
    return Verdict(chain, seq, prev)


def verify_all() -> Verdict:
    """核验 both chains as one verdict: entries of both, the head of ``acts``, the first fault found."""
    verdicts = [verify(chain) for chain in CHAINS]
    worst = next((verdict for verdict in verdicts if not verdict.ok), verdicts[0])
    return dataclasses.replace(worst, entries=sum(verdict.entries for verdict in verdicts), head=verdicts[0].head)


def _entries(chain: str, last: int) -> Iterator[tuple[Any, ...]]:
    """Every entry as a row of ENTRIES, with its subjects as the envelope writes them in place of the row's id."""
    with connection.cursor() as cursor:
        for start in range(0, last, SLICE):
            bounds: list[Any] = [chain, start, min(start + SLICE, last)]
            cursor.execute(SUBJECTS, bounds)
            subjects: dict[int, list[str]] = {}
            for entry_id, kind, name, uid in cursor.fetchall():
                subjects.setdefault(entry_id, []).append(canonical.subject(kind, name, _uid(uid)))
            cursor.execute(ENTRIES, bounds)
            for row in cursor.fetchall():
                yield (subjects.get(row[0], ()), *row[1:])


def _fault(stored: tuple[Any, ...], chain: str, due: int, prev: str) -> str:
    """Say what is wrong with the entry that should stand at seq ``due`` behind ``prev``, or nothing."""
    try:
        return _compare(stored, chain, due, prev)
    except (AttributeError, TypeError, ValueError):  # SQLite lets a column hold anything
        return "a column holds what the ledger never writes"


def _compare(stored: tuple[Any, ...], chain: str, due: int, prev: str) -> str:
    subjects, seq, act, at, actor_uid, actor_name, address, held, leaf, salt, body = stored
    if seq != due:
        return "the entry is missing"
    held = bytes(held)
    if canonical.leaf(held) != leaf:
        return "the stored bytes have another hash"
    built = canonical.envelope(
        chain=chain,
        seq=seq,
        prev=prev,
        act=act,
        at=_moment(at),
        actor_uid=_uid(actor_uid),
        actor_name=actor_name,
        address=address,
        subjects=subjects,
        details=None if body is None else canonical.digest(bytes(salt), body),
    )
    return "" if built == held else _difference(held, built)


def _difference(held: bytes, built: bytes) -> str:
    """Name the parts in which the stored bytes and the columns differ."""
    said, columns = json.loads(held), json.loads(built)
    if said.get("v") != canonical.VERSION:
        return f"the envelope has an unknown version {said.get('v')}"
    parts = ", ".join(key for key in columns if said.get(key) != columns[key])
    return f"the columns differ from the stored bytes: {parts or 'form'}"


def _uid(stored: str) -> str:
    """Return a uid as the envelope writes it; SQLite keeps 32 hex digits."""
    if len(stored) == 32:
        return f"{stored[:8]}-{stored[8:12]}-{stored[12:16]}-{stored[16:20]}-{stored[20:]}"
    return stored


def _moment(stored: str) -> str:
    """Return a moment as the envelope writes it; stored are ``2026-03-05 02:00:00.5+00`` or without zone, in UTC."""
    date, _, time = stored.removesuffix("+00").partition(" ")
    clock, _, fraction = time.partition(".")
    return f"{date}T{clock}.{fraction:0<6}Z"
