"""操作日志: what was done, by whom, to what; append-only and hash-chained.

The door of the room: ``from qidang.ledger import record``. The names are brought in when first asked for,
because Django loads this package before any model may be loaded.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qidang.ledger.calling import address, calling_from
    from qidang.ledger.following import follow
    from qidang.ledger.models import Chain, Cursor, Entry, EntryDetails, EntrySubject
    from qidang.ledger.recording import record, record_read, take_turn
    from qidang.ledger.subjects import Actor, Recorded, Subject
    from qidang.ledger.verifying import Verdict, verify, verify_all

__all__ = [
    "Actor",
    "Chain",
    "Cursor",
    "Entry",
    "EntryDetails",
    "EntrySubject",
    "Recorded",
    "Subject",
    "Verdict",
    "address",
    "calling_from",
    "follow",
    "record",
    "record_read",
    "take_turn",
    "verify",
    "verify_all",
]

HOMES = {
    "calling": ["address", "calling_from"],
    "following": ["follow"],
    "models": ["Chain", "Cursor", "Entry", "EntryDetails", "EntrySubject"],
    "recording": ["record", "record_read", "take_turn"],
    "subjects": ["Actor", "Recorded", "Subject"],
    "verifying": ["Verdict", "verify", "verify_all"],
}


def __getattr__(name: str) -> Any:
    for home, names in HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"qidang.ledger.{home}"), name)
    raise AttributeError(f"module 'qidang.ledger' has no attribute {name!r}")
