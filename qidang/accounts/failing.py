"""登录失败: consecutive failures are counted by name, and five lock it for a quarter of an hour.

Names of nobody are counted the same way, so that a lock does not tell who exists; only a keyed digest is kept.
"""

import datetime as dt

from django.db import transaction
from django.utils.crypto import salted_hmac

from qidang.accounts.models import Failures
from qidang.accounts.models.people import plain_username
from qidang.kit import clock

ALLOWED = 5  # consecutive failures
LOCKED_FOR = dt.timedelta(minutes=15)
FORGOTTEN_AFTER = dt.timedelta(days=1)


def name_digest(typed: str) -> str:
    """Return a keyed digest of a typed name, which may be a password typed in the wrong place."""
    return salted_hmac("qidang.accounts.failing", plain_username(typed), algorithm="sha256").hexdigest()


def is_locked(username: str) -> bool:
    """Whether the name is locked now."""
    return Failures.objects.filter(name_digest=name_digest(username), locked_until__gt=clock.now()).exists()


@transaction.atomic
def count_failure(username: str) -> bool:
    """Count one more failure for the name; return whether that locked it."""
    at = clock.now()
    Failures.objects.filter(last_at__lt=at - FORGOTTEN_AFTER).delete()
    failures, _ = Failures.objects.select_for_update().get_or_create(
        name_digest=name_digest(username), defaults={"last_at": at}
    )
    failures.count, failures.last_at = failures.count + 1, at
    is_now_locked = failures.count >= ALLOWED
    if is_now_locked:
        failures.count, failures.locked_until = 0, at + LOCKED_FOR
    failures.save()
    return is_now_locked


def clear(username: str) -> None:
    """Forget the failures of a name, and unlock it."""
    Failures.objects.filter(name_digest=name_digest(username)).delete()
