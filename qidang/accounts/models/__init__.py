"""People, departments, roles, and the failed sign-ins that lock a name."""

from qidang.accounts.models.departments import Department, DepartmentQuerySet
from qidang.accounts.models.deputies import Deputy, DeputyQuerySet
from qidang.accounts.models.failures import Failures
from qidang.accounts.models.people import User, UserQuerySet
from qidang.accounts.models.roles import Role, Scope

__all__ = [
    "Department",
    "DepartmentQuerySet",
    "Deputy",
    "DeputyQuerySet",
    "Failures",
    "Role",
    "Scope",
    "User",
    "UserQuerySet",
]
