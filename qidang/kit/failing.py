"""What the machine underneath refuses: a full disk, a locked database, a value that no column takes: not our faults."""

import errno

from django.db import DatabaseError, DataError

from qidang.kit.refusal import Refused

UNREACHABLE = ("connection failed", "connection refused", "server closed the connection", "unable to open database")
FULL = {errno.ENOSPC, errno.EDQUOT}


def refusal_for(error: BaseException) -> Refused | None:
    """Return the refusal that ``error`` amounts to; None for every other error, which is a fault of ours."""
    if isinstance(error, OSError) and error.errno in FULL:
        return Refused("system.disk_full")
    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return Refused("system.read_only")
    return _of_database(error) if isinstance(error, DatabaseError) else None


def _of_database(error: DatabaseError) -> Refused | None:
    text = str(error).lower()
    if isinstance(error, DataError):  # PostgreSQL: a NUL in a text, a text too long for its column
        return Refused("system.bad_value")
    if "disk is full" in text or "no space left" in text:
        return Refused("system.disk_full")
    if "readonly database" in text or "read-only" in text:
        return Refused("system.read_only")
    if "database is locked" in text or "lock timeout" in text or "deadlock detected" in text:
        return Refused("system.database_locked")
    if "not a database" in text or "malformed" in text:
        return Refused("system.database_damaged")
    if any(words in text for words in UNREACHABLE):
        return Refused("system.database_unreachable")
    return None
