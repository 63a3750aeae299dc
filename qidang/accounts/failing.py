"""登录失败: what a run of failures closes, for a quarter of an hour, and for whom it stays open.

Five failures close a name for the address they came from; only many more close it for every stranger, and many from
one address close that address. A device on which the person has signed in before has a door of its own: no stranger
can close it. Names of nobody are counted the same way, so that a lock does not tell who exists; only digests are kept.
"""

import dataclasses
import datetime as dt
import ipaddress

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from qidang.accounts.models import Failures
from qidang.accounts.models.people import plain_username
from qidang.kit import clock
from qidang.ledger import calling

ALLOWED = 5  # failures for a name from one place, in a day
LOCKED_FOR = dt.timedelta(minutes=15)
DAY, QUARTER = dt.timedelta(days=1), dt.timedelta(minutes=15)
LOCKED, TOO_MANY = "accounts.locked", "accounts.too_many_attempts"


@dataclasses.dataclass(frozen=True, slots=True)
class Door:
    """一道门: its digest, after how many failures within how long it closes, and the refusal it then gives."""

    digest: str
    allowed: int
    within: dt.timedelta
    code: str
    name_digest: str = ""


def name_digest(typed: str) -> str:
    """Return a keyed digest of a typed name, which may be a password typed in the wrong place."""
    return _digest(plain_username(typed))


def doors(username: str, device: str = "") -> list[Door]:
    """Return the doors that a sign-in goes through; one alone from a ``device`` known for this name.

    The address is the one that the ledger writes (``calling_from``); without one, as on the command line, none counts.
    """
    name = name_digest(username)
    if device:
        return [Door(_digest(f"device {name} {device}"), ALLOWED, DAY, LOCKED, name)]
    address = _network(calling.address.get())
    found = [
        Door(_digest(f"place {name} {address}"), ALLOWED, DAY, LOCKED, name),
        Door(name, settings.SIGN_IN_FAILURES_PER_NAME, DAY, LOCKED, name),
    ]
    if address:
        per_address = settings.SIGN_IN_FAILURES_PER_ADDRESS
        found.append(Door(_digest(f"address {address}"), per_address, QUARTER, TOO_MANY))
    return found


def own_door(username: str) -> list[Door]:
    """Return the door of who is signed in and has to type his password again."""
    return doors(username, device="session")


def closed(passed: list[Door]) -> str:
    """Return the refusal's code of a door that is closed now, the address first; empty when all are open."""
    shut = set(
        Failures.objects.filter(digest__in=[door.digest for door in passed], locked_until__gt=clock.now()).values_list(
            "digest", flat=True
        )
    )
    return next((door.code for door in reversed(passed) if door.digest in shut), "")


@transaction.atomic
def count_failure(passed: list[Door]) -> str:
    """Count one more failure at each door; return the code of one that this closed, or nothing."""
    at = clock.now()
    Failures.objects.filter(last_at__lt=at - DAY).delete()
    shut = [door.code for door in passed if _count(door, at)]
    return shut[-1] if shut else ""


def clear(passed: list[Door]) -> None:
    """Forget the failures of a name that has signed in here; those of the address stay counted."""
    Failures.objects.filter(digest__in=[door.digest for door in passed if door.name_digest]).delete()


def unlock(username: str) -> None:
    """Forget all failures of a name, wherever they came from."""
    Failures.objects.filter(name_digest=name_digest(username)).delete()


def _count(door: Door, at: dt.datetime) -> bool:
    """Count one more at this door; return whether that closed it."""
    given = {"name_digest": door.name_digest, "since": at, "last_at": at}
    failures, _ = Failures.objects.select_for_update().get_or_create(digest=door.digest, defaults=given)
    if failures.since < at - door.within:
        failures.count, failures.since = 0, at
    failures.count, failures.last_at = failures.count + 1, at
    is_full = failures.count >= door.allowed
    if is_full:
        failures.count, failures.since, failures.locked_until = 0, at, at + LOCKED_FOR
    failures.save()
    return is_full


def _network(address: str) -> str:
    """Return what counts as one address: of IPv6 the /64 that one customer of a provider has."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        mapped = known.ipv4_mapped
        return str(mapped or ipaddress.ip_network((known, 64), strict=False))
    return str(known)


def _digest(words: str) -> str:
    return salted_hmac("qidang.accounts.failing", words, algorithm="sha256").hexdigest()
