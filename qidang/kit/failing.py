"""What the machine underneath refuses: a full disk, a database that stays locked; told as refusals, not as faults."""

import errno

from django.db import DatabaseError

from qidang.kit.refusal import Refused

UNREACHABLE = ("connection failed", "connection refused", "server closed the connection", "unable to open database")
FULL = {errno.ENOSPC, errno.EDQUOT}


def refusal_for(error: BaseException) -> Refused | None:
    """Return the refusal that ``error`` amounts to; None for every other error, which is a fault of ours."""
    if isinstance(error, OSError) and error.errno in FULL:
        return Refused("system.disk_full")
    if not isinstance(error, DatabaseError):
        return None
    text = str(error).lower()
    if "disk is full" in text or "no space left" in text:
        return Refused("system.disk_full")
    if "database is locked" in text or "lock timeout" in text or "deadlock detected" in text:
        return Refused("system.database_locked")
    if any(words in text for words in UNREACHABLE):
        return Refused("system.database_unreachable")
    return None
