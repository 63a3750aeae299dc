"""角色: what a person may do, and with whose things."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language, gettext_lazy

from qidang.kit.ids import Identified


class Scope(models.TextChoices):
    """数据范围: whose things a role reaches."""

    OWN = "OWN", gettext_lazy("本人")
    DEPARTMENT = "DEPARTMENT", gettext_lazy("本部门")
    BELOW = "BELOW", gettext_lazy("本部门及下级部门")
    ALL = "ALL", gettext_lazy("全部")


class Role(Identified):
    """角色: a set of capabilities with one data scope."""

    ledger_kind: ClassVar[str] = "role"

    slug = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(gettext_lazy("中文名称"), max_length=50, unique=True)
    name_en = models.CharField(gettext_lazy("英文名称"), max_length=50, unique=True)
    capabilities = models.JSONField(gettext_lazy("权限"), default=list, blank=True)
    scope = models.CharField(gettext_lazy("数据范围"), max_length=10, choices=Scope, default=Scope.OWN)
    order = models.PositiveSmallIntegerField(default=100, editable=False)

    class Meta:
        ordering = ["order", "name_zh"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(scope__in=Scope.values), name="role_scope_is_known"),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        """The role's name in the language that is active."""
        return self.name_en if (get_language() or "zh").startswith("en") else self.name_zh
