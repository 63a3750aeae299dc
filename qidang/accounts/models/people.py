"""人员: who signs in, and the service people under whose name commands and the system itself act."""

import getpass
import unicodedata
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy

from qidang.accounts.models.departments import Department
from qidang.accounts.models.roles import Role
from qidang.accounts.scopes import reach, reaches
from qidang.kit.ids import Identified

username_is_plain = RegexValidator(
    r"^[\w.@+-]{2,64}\Z", gettext_lazy("用户名由 2 到 64 个字母、汉字、数字或 . @ + - _ 组成。"), "username"
)


class UserQuerySet(models.QuerySet["User"]):
    """Sets of people."""

    def people(self) -> Self:
        """Those who can sign in, not the service people."""
        return self.filter(kind=User.Kind.PERSON)

    def active(self) -> Self:
        """People in office."""
        return self.people().filter(is_active=True)

    def visible_to(self, user: "User") -> Self:
        """通讯录: everybody for who keeps people (within his reach), people in office for who holds any role."""
        if user.holds("people.manage"):
            within = reach(user, "people.manage").condition(owner="pk", department="department")
            return self.filter(within)
        if user.capabilities:
            return self.active()
        return self.filter(pk=user.pk)

    def get_by_natural_key(self, username: str) -> "User":
        """Return the person who signs in by ``username``, whichever way it is typed."""
        return self.get(username=plain_username(username))

    def cli(self) -> "User":
        """Return the service person of who runs the command: ``cli:<OS user>``; may do everything."""
        return self._service_person(f"cli:{_os_user()}", f"命令行 {_os_user()}")

    def system(self) -> "User":
        """Return the service person for what the product does by itself (timed work, watched folders)."""
        return self._service_person("system", "系统")

    def _service_person(self, username: str, name: str) -> "User":
        made = {"name": name, "kind": User.Kind.SERVICE, "password": "!"}
        return self.get_or_create(username=username, defaults=made)[0]


class User(AbstractBaseUser, Identified):
    """人员."""

    class Kind(models.TextChoices):
        """A person signs in; a service person never does."""

        PERSON = "PERSON", gettext_lazy("人员")
        SERVICE = "SERVICE", gettext_lazy("系统账户")

    class Language(models.TextChoices):
        """The languages of the screens."""

        CHINESE = "zh-hans", "中文"
        ENGLISH = "en", "English"

    ledger_kind: ClassVar[str] = "user"
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    username = models.CharField(gettext_lazy("用户名"), max_length=150, unique=True)
    name = models.CharField(gettext_lazy("姓名"), max_length=100)
    employee_no = models.CharField(gettext_lazy("工号"), max_length=40, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=gettext_lazy("部门")
    )
    manager = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=gettext_lazy("直接上级")
    )
    email = models.EmailField(gettext_lazy("邮箱"), blank=True)
    language = models.CharField(gettext_lazy("语言"), max_length=10, choices=Language, default=Language.CHINESE)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON, editable=False)
    is_active = models.BooleanField(gettext_lazy("在用"), default=True)
    must_change_password = models.BooleanField(default=False, editable=False)
    password_changed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    roles = models.ManyToManyField(Role, blank=True, related_name="people", verbose_name=gettext_lazy("角色"))

    objects = UserQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["employee_no"], condition=~models.Q(employee_no=""), name="one_person_per_employee_no"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=["PERSON", "SERVICE"]), name="user_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def ledger_name(self) -> str:
        """The name as the ledger writes it."""
        return f"{self.name}({self.username})" if self.kind == self.Kind.PERSON else self.username

    @property
    def is_service(self) -> bool:
        """Whether this is a service person, who may do everything and cannot sign in."""
        return self.kind == self.Kind.SERVICE

    @property
    def capabilities(self) -> list[str]:
        """All capabilities of this person's roles; empty for who is disabled (see ``holds`` for service people)."""
        return sorted(reaches(self)) if self.is_active else []

    def holds(self, capability: str) -> bool:
        """Whether this person has ``capability`` for anything at all."""
        return bool(reach(self, capability))


def plain_username(typed: str) -> str:
    """Return ``typed`` as usernames are kept: full-width letters narrowed, lower case, no spaces around."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
