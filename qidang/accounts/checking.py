"""What is checked the same way in several acts about people: the words of a row, and who is left to keep the rest."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from qidang.accounts.models.people import User
from qidang.accounts.models.roles import Role
from qidang.kit.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

KEEPING = ("people.manage", "roles.manage")  # without somebody who may, nobody could ever be let in again
OFFICERS = {"system_officer", "security_officer", "audit_officer"}


def save(row: models.Model, taken: str) -> None:
    """Save ``row`` when its words are well formed; raise Refused ``accounts.malformed``, or ``taken`` for a double."""
    try:
        row.clean_fields(exclude=["path", "legal_unit", "password"])
    except ValidationError as error:
        raise Refused("accounts.malformed", reasons=" ".join(error.messages)) from error
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(taken, name=str(row)) from error


def keepers(capability: str) -> models.QuerySet[User]:
    """Return the people in office who may use ``capability`` on everything."""
    roles = [role.pk for role in Role.objects.filter(scope="ALL") if capability in role.capabilities]
    return User.objects.active().filter(pk__in=User.roles.through.objects.filter(role__in=roles).values("user"))


def kept() -> list[str]:
    """Lock the roles, and return which of KEEPING somebody holds now; give it to ``still_kept`` after the change."""
    list(Role.objects.select_for_update().values_list("pk", flat=True))
    return [capability for capability in KEEPING if keepers(capability).exists()]


def still_kept(before: "Iterable[str]") -> None:
    """Refuse ``accounts.last_administrator`` when nobody is left for a capability that somebody held ``before``."""
    if not all(keepers(capability).exists() for capability in before):
        raise Refused("accounts.last_administrator")


def officers_apart(roles: "Iterable[Role]") -> None:
    """三员分立: refuse ``accounts.officers_apart`` when one person would hold two of the three officers' roles."""
    if len({role.slug for role in roles} & OFFICERS) > 1:
        raise Refused("accounts.officers_apart")
