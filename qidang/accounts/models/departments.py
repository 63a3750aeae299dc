"""部门: the tree of departments; a legal unit (法人单位) is a department at its top."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy

from qidang.accounts.scopes import reach
from qidang.kit.ids import Identified

if TYPE_CHECKING:
    from qidang.accounts.models.people import User


code_is_plain = RegexValidator(r"^[A-Z0-9]{2,8}\Z", gettext_lazy("代码由 2 到 8 个大写字母或数字组成。"), "code")


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Sets of departments."""

    def units(self) -> Self:
        """法人单位: the tops of the tree."""
        return self.filter(parent=None)

    def active(self) -> Self:
        """Those that still take people and papers."""
        return self.filter(is_active=True)

    def under(self, *paths: str) -> Self:
        """All departments at or below the given ``paths``; none where no path is given."""
        anywhere = models.Q(pk__in=[])
        for path in paths:
            anywhere |= models.Q(path__startswith=path)
        return self.filter(anywhere)

    def open_to(self, user: "User", capability: str) -> Self:
        """Those into which ``may_place`` lets ``user`` put something new, and the legal units."""
        reached = reach(user, capability)
        if reached.everything:
            return self
        within = models.Q(pk__in=[user.department_id, *reached.department_ids]) | models.Q(parent=None)
        for path in reached.paths:
            within |= models.Q(path__startswith=path)
        return self.filter(within) if reached else self.none()

    def visible_to(self, user: "User") -> Self:
        """All for who keeps people or companies, the active ones for who holds any role, else his own."""
        if user.holds("people.manage") or user.holds("company.edit"):
            return self
        if user.capabilities:
            return self.active()
        return self.filter(pk=user.department_id)


class Department(Identified):
    """部门. ``path`` is the row of keys from the top ("/0001/0003/"), written by ``settle`` alone."""

    ledger_kind: ClassVar[str] = "department"

    name = models.CharField(gettext_lazy("名称"), max_length=100)
    code = models.CharField(gettext_lazy("代码"), max_length=8, blank=True, validators=[code_is_plain])
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=gettext_lazy("上级部门")
    )
    head = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("部门负责人"),
    )
    legal_unit = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    path = models.CharField(max_length=255, db_index=True, editable=False)
    is_active = models.BooleanField(gettext_lazy("启用"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["legal_unit", "code"],
                condition=models.Q(legal_unit__isnull=False) & ~models.Q(code=""),
                name="one_department_code_per_unit",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(legal_unit__isnull=True) & ~models.Q(code=""),
                name="one_unit_code",
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=models.Q(parent__isnull=False),
                name="one_department_name_per_parent",
            ),
            models.UniqueConstraint(fields=["name"], condition=models.Q(parent__isnull=True), name="one_unit_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unit(self) -> "Department":
        """法人单位: the department at the top of this branch (itself, where it is the top)."""
        return self.legal_unit or self

    @property
    def unit_id(self) -> int:
        """The key of the legal unit, without a query."""
        return self.legal_unit_id or self.pk

    @property
    def department_id(self) -> int | None:
        """A department stands in itself, where the question is whom a scope reaches."""
        return self.pk

    @property
    def department(self) -> "Department":
        """See ``department_id``."""
        return self

    @property
    def depth(self) -> int:
        """0 for a legal unit, 1 for the departments in it, and so on."""
        return self.path.count("/") - 2

    def settle(self) -> None:
        """Write ``path`` and ``legal_unit`` for this department, whose key must be known."""
        above = self.parent
        self.path = f"{above.path if above else '/'}{self.pk:04d}/"
        self.legal_unit = above.unit if above else None
        self.save(update_fields=["path", "legal_unit"])
