"""登录与退出. The page calls ``open_session`` and then Django's ``login`` with the person it returns."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from qidang.accounts.failing import TOO_MANY, clear, closed, count_failure, doors, name_digest
from qidang.accounts.models import User
from qidang.accounts.models.people import plain_username
from qidang.accounts.scopes import held_by, remember
from qidang.kit.refusal import Refused
from qidang.ledger import record_read

BACKEND = "qidang.accounts.signing_in.PasswordBackend"


def open_session(username: str, password: str, *, device: str = "") -> User:
    """登录: return the person whose name and password these are; recorded either way in the chain ``reads``.

    ``device`` is one on which this name has signed in before; what strangers do does not lock it.
    Raise Refused ``accounts.wrong_credentials`` (the same for a wrong name and a wrong password), ``accounts.locked``,
    ``accounts.too_many_attempts``, ``accounts.disabled`` (only to who knows the password). Not to be called inside a
    transaction: the count of failures must outlive the refusal.
    """
    passed = doors(username, device)
    code = closed(passed)
    if code == TOO_MANY:  # recorded when the address was closed; a flood does not fill the ledger
        raise Refused(code)
    person = User.objects.people().filter(username=plain_username(username)[:150]).first()
    if code:
        address = [door for door in passed if not door.name_digest]
        raise _refusal(count_failure(address) or code, "locked", person, username)
    if not _knows(person, password):
        code = count_failure(passed) or "accounts.wrong_credentials"
        raise _refusal(code, "wrong password" if person else "unknown name", person, username)
    assert person is not None
    if code := closed(passed):  # guesses made side by side, the last of which happens to be right
        raise _refusal(code, "locked", person, username)
    if not person.is_active:
        raise _refusal("accounts.disabled", "disabled", person, username)
    clear(passed)
    record_read("session.opened", person, by=person)
    return person


def close_session(person: User) -> None:
    """退出."""
    record_read("session.closed", person, by=person)


class PasswordBackend(BaseBackend):
    """Django's door to the above; a disabled person's open session ends at its next page."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """Return the person, or raise what ``open_session`` raises."""
        if "username" not in credentials or "password" not in credentials:
            return None
        return open_session(credentials["username"], credentials["password"])

    def get_user(self, user_id: Any) -> User | None:
        """Return the person of an open session, with department and reach; None when disabled meanwhile.

        Every page asks for this: one query where the person holds a role.
        """
        held = list(held_by(User, user_id))
        if not held:
            return User.objects.active().select_related("department").filter(pk=user_id).first()
        person: User = held[0].user
        remember(person, held)
        return person if person.is_active and not person.is_service else None


def _knows(person: User | None, password: str) -> bool:
    """Check the password; for nobody take as long as for somebody."""
    if person is None:
        make_password(password)
        return False
    return person.check_password(password)


def _refusal(code: str, reason: str, person: User | None, typed: str) -> Refused:
    """Record that a sign-in was refused, and return the refusal to raise; what was typed is not kept."""
    reason = "too many attempts" if code == TOO_MANY else reason
    details = {"reason": reason} if person else {"reason": reason, "name_digest": name_digest(typed)[:16]}
    subjects = [person] if person else []
    record_read("session.refused", *subjects, by=User.objects.system(), details=details)
    return Refused(code)
