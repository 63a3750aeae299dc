"""密码: what a password must be, changing one's own, and setting a new one for somebody."""

import secrets
import unicodedata

from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from qidang.accounts.capabilities import require_everywhere, require_in
from qidang.accounts.failing import closed, count_failure, own_door, unlock
from qidang.accounts.models import User
from qidang.accounts.scopes import reach, reaches
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import record

LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that look alike
KINDS_WANTED = 3  # GB/T 22239-2019 8.1.4.1 a: complexity; three of lower, upper, digit, other
LONG_ENOUGH = 16  # characters: a sentence needs no kinds


class KindsValidator:
    """A password below 16 characters mixes three kinds of characters."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password of one or two kinds."""
        if len(password) < LONG_ENOUGH and len({_kind(letter) for letter in password}) < KINDS_WANTED:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """Say the rule."""
        return gettext("不足 16 个字符的密码要包含小写字母、大写字母、数字、其他字符中的至少三类。")


def problems(password: str, person: User) -> list[str]:
    """Return what is wrong with ``password`` for ``person``, in the active language; empty when nothing is."""
    try:
        validate_password(password, person, [*get_default_password_validators(), KindsValidator()])
    except ValidationError as error:
        return list(error.messages)
    return []


def random_password() -> str:
    """Return a password of 16 letters in four groups (93 bits), easy to read out and to type."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def set_first(person: User, password: str) -> str:
    """Set the given or a random password on a person not saved yet, and return it; refuse ``.weak_password``."""
    if password and (wrong := problems(password, person)):
        raise Refused("accounts.weak_password", reasons=" ".join(wrong))
    told = password or random_password()
    person.set_password(told)
    person.password_changed_at = clock.now()
    return told


def change_password(person: User, *, old: str, new: str) -> None:
    """修改密码, one's own. The page must then renew the session (``update_session_auth_hash``); others end.

    Raise Refused ``accounts.wrong_password`` (counted like a failed sign-in), ``.locked``, ``.weak_password``.
    """
    if code := closed(own_door(person.username)):
        raise Refused(code)
    if not person.check_password(old):
        count_failure(own_door(person.username))
        raise Refused("accounts.wrong_password")
    wrong = problems(new, person) or ([gettext("新密码与旧密码相同。")] if new == old else [])
    if wrong:
        raise Refused("accounts.weak_password", reasons=" ".join(wrong))
    _set(person, new, must_change=False)
    with transaction.atomic():
        person.save(update_fields=["password", "must_change_password", "password_changed_at"])
        record("password.changed", person, by=person)


def holds_more(person: User, by: User) -> bool:
    """Whether signing in as ``person`` would let ``by`` do what his own roles do not: then a reset needs two."""
    for capability, theirs in reaches(person).items():
        mine = reach(by, capability)
        if mine.everything:
            continue
        if theirs.everything or not mine.covers(person):
            return True
        if not all(path.startswith(tuple(mine.paths)) for path in theirs.paths):
            return True
    return False


def reset_password(person: User, *, by: User, second: User | None = None, why: str = "") -> str:
    """重置密码: give ``person`` a random password, to be changed at the next sign-in; unlock his name. Return it.

    For somebody who may do more than ``by`` a ``second`` person and a reason are asked for: one of those who give
    rights (``roles.manage``) or read the whole log (``ledger.read``), so that nobody takes rights to himself alone.
    Raise Refused ``accounts.not_allowed``, ``.service_person``, ``.needs_second``, ``.second_person``,
    ``.why_missing``.
    """
    require_in(by, "people.manage", person.department)
    if person.is_service:
        raise Refused("accounts.service_person", name=person.username)
    if any(span.everything for span in reaches(person).values()):  # else who keeps a department could sign in as him
        require_everywhere(by, "people.manage")
    is_shared = holds_more(person, by)
    if is_shared:
        _witnessed(person, by, second, why)
    told = random_password()
    _set(person, told, must_change=True)
    with transaction.atomic():
        person.save(update_fields=["password", "must_change_password", "password_changed_at"])
        unlock(person.username)
        if second is not None and is_shared:
            record("password.reset_by_two", person, second, by=by, details={"why": why.strip()})
        else:
            record("password.reset", person, by=by)
    return told


def _witnessed(person: User, by: User, second: User | None, why: str) -> None:
    """Refuse unless a second person who watches over rights stands beside, and the reason is told."""
    if second is None:
        raise Refused("accounts.needs_second", name=str(person))
    watches = any(reach(second, capability).everything for capability in ("roles.manage", "ledger.read"))
    if second.pk in (by.pk, person.pk) or second.is_service or not watches:
        raise Refused("accounts.second_person", name=str(second))
    if not why.strip():
        raise Refused("accounts.why_missing", name=str(person))


def _set(person: User, password: str, *, must_change: bool) -> None:
    person.set_password(password)
    person.must_change_password = must_change
    person.password_changed_at = clock.now()


def _kind(letter: str) -> str:
    """Return the kind of a character: ``Ll`` lower, ``Lu`` upper, ``Nd`` digit, all others alike."""
    category = unicodedata.category(letter)
    return category if category in ("Ll", "Lu", "Nd") else "other"
