"""健康: whether this node can answer pages, and whether a worker still works. Reasons are for the log.

A check returns nothing where all is well, else the reason in English, for whoever looks after the machine. ``READY`` is
what a page needs; the worker stands apart, because pages go on without it and a balancer must not take them away.
"""

import datetime as dt
import logging
import shutil
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Max
from django_ox.models import OxScheduleTick

from qidang.kit import clock
from qidang.ledger.models import Chain
from qidang.vault import keys

BEAT = "look-into-folders"  # of qidang/schedule.py: every quarter of a minute, by whichever worker is there
LONGEST_SILENCE = dt.timedelta(minutes=2)
LEAST_FREE = 1 << 30  # bytes: below it uploads and the database soon fail
KEPT = 1.0  # seconds for which an answer stands, however often strangers ask

log = logging.getLogger(__name__)
_known: dict[str, tuple[float, str]] = {}


def database() -> str:
    """Whether the database answers."""
    try:
        Chain.objects.filter(name="acts").exists()
    except DatabaseError as error:
        return f"the database does not answer: {type(error).__name__}"
    return ""


def key() -> str:
    """Whether the key file can be read and is a key; what this process has loaded already does not count."""
    try:
        length = len(settings.KEY_FILE.read_bytes())
    except OSError as error:
        return f"{settings.KEY_FILE} cannot be read: {error.strerror}"
    return "" if length == keys.LENGTH else f"{settings.KEY_FILE} holds {length} bytes, not {keys.LENGTH}"


def disk() -> str:
    """Whether the home has room."""
    try:
        free = shutil.disk_usage(settings.HOME).free
    except OSError as error:
        return f"{settings.HOME} cannot be looked at: {error.strerror}"
    return "" if free >= LEAST_FREE else f"{free >> 20} MB left at {settings.HOME}"


def worker() -> str:
    """Whether some worker of this database has looked at what is due lately."""
    try:
        beat = OxScheduleTick.objects.filter(schedule_name=BEAT).aggregate(last=Max("scheduled_for"))["last"]
    except DatabaseError as error:
        return f"the database does not answer: {type(error).__name__}"
    if beat is None:
        return "no worker has worked here yet"
    silence = clock.now() - beat
    return "" if silence <= LONGEST_SILENCE else f"no worker since {beat:%Y-%m-%d %H:%M:%S} UTC"


READY: dict[str, Callable[[], str]] = {"database": database, "key": key, "disk": disk}
WORKER: dict[str, Callable[[], str]] = {"worker": worker}


def looked(checks: dict[str, Callable[[], str]]) -> dict[str, str]:
    """Return what each check says; one asked a moment ago is not asked again, and a change is written to the log."""
    found = {}
    for name, check in checks.items():
        asked, said = _known.get(name, (0.0, ""))
        if not asked or time.monotonic() - asked > KEPT:
            before, said = said, check()
            _known[name] = time.monotonic(), said
            if said != before:
                log.warning("%s: %s", name, said or "well again")
        found[name] = said
    return found
