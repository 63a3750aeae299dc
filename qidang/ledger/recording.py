"""记录: writes an act into the ledger, in the act's own transaction and as its last step."""

import os
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from qidang.kit import clock, rows
from qidang.ledger import calling, canonical
from qidang.ledger.models import Chain, Entry, EntryDetails, EntrySubject
from qidang.ledger.subjects import Actor, Recorded, Subject, readable

SALT_BYTES = 16
HEAD = "SELECT seq, leaf FROM ledger_chain WHERE name = %s"  # every act writes here: said in SQL, a quarter of the time
MOVE = "UPDATE ledger_chain SET seq = %s, leaf = %s WHERE name = %s"


def record(
    act: str,
    *subjects: Recorded | Subject,
    by: Actor,
    details: Mapping[str, Any] | None = None,
    chain: str = "acts",
) -> Entry:
    """记录 ``act``, done by ``by`` to ``subjects``; the chain's row stays locked until the transaction commits.

    ``details`` is a JSON-able mapping, kept beside the entry and never in the hashed bytes.
    Raises RuntimeError outside a transaction: an act and its entry stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"record({act!r}) stands outside the transaction of its act")
    seq, leaf = _locked_head(chain)
    named = [Subject.of(subject) for subject in subjects]
    salt, body = (os.urandom(SALT_BYTES), canonical.written(dict(details))) if details else (b"", "")
    entry = Entry(
        chain=chain,
        seq=seq + 1,
        act=act,
        at=clock.now(),
        actor_uid=by.uid,
        actor_name=readable(by.ledger_name),
        address=calling.address.get(),
    )
    entry.canonical = _bytes(entry, leaf, named, canonical.digest(salt, body) if body else None)
    entry.leaf = canonical.leaf(entry.canonical)
    rows.insert(entry)
    for position, one in enumerate(named):
        rows.insert(EntrySubject(entry=entry, position=position, kind=one.kind, uid=one.uid, name=one.name))
    if body:
        rows.insert(EntryDetails(entry=entry, salt=salt, body=body))
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [entry.seq, entry.leaf, chain])
    return entry


def take_turn(chain: str = "acts") -> None:
    """排队: lock the chain's row now instead of at ``record``, where what an act reads decides what it writes.

    From here on no other act commits before this one. Only PostgreSQL needs it: SQLite lets one act in at a time.
    """
    if connection.features.has_select_for_update:
        _locked_head(chain)


def _locked_head(chain: str) -> tuple[int, str]:
    """Return seq and leaf of the chain's newest entry; its row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(HEAD + (" FOR UPDATE" if connection.features.has_select_for_update else ""), [chain])
        head: tuple[int, str] | None = cursor.fetchone()
    if head is None:
        raise Chain.DoesNotExist(chain)
    return head


def _bytes(entry: Entry, prev: str, subjects: list[Subject], details: str | None) -> bytes:
    return canonical.envelope(
        chain=entry.chain,
        seq=entry.seq,
        prev=prev,
        act=entry.act,
        at=canonical.moment(entry.at),
        actor_uid=str(entry.actor_uid),
        actor_name=entry.actor_name,
        address=entry.address,
        subjects=[canonical.subject(one.kind, one.name, str(one.uid)) for one in subjects],
        details=details,
    )


def record_read(act: str, *subjects: Recorded | Subject, by: Actor, details: Mapping[str, Any] | None = None) -> Entry:
    """记录查阅: a view, download, print, export or search, in the chain ``reads``; opens a transaction if none is."""
    with transaction.atomic():
        return record(act, *subjects, by=by, details=details, chain="reads")
