"""保管期限: how long a record is kept, a small table that the archivist edits."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qidang.accounts.capabilities import require
from qidang.holdings import references
from qidang.kit.ids import Identified
from qidang.kit.refusal import Refused
from qidang.ledger import record

if TYPE_CHECKING:
    from qidang.accounts.models import User


class RetentionRule(Identified):
    """保管期限. The code goes into the 档号 and never changes; Y is 永久, D30 thirty years (DA/T 22-2015)."""

    ledger_kind: ClassVar[str] = "retention"

    code = models.CharField(_("代码"), max_length=3, unique=True)
    name_zh = models.CharField(_("中文名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=40)
    years = models.PositiveSmallIntegerField(_("年数"), null=True, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = [models.F("years").desc(nulls_first=True)]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(code="Y", years__isnull=True) | (~Q(code="Y") & Q(years__gte=1)),
                name="only_permanent_has_no_years",
            )
        ]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "zh").startswith("en") else self.name_zh

    @classmethod
    @transaction.atomic
    def add(cls, *, years: int, name_zh: str = "", name_en: str = "", by: "User") -> Self:
        """新增保管期限 of 1 to 99 years; its code is D and the years."""
        require(by, "record.file")
        code = f"D{years:02}"
        if not references.fits(references.RETENTION, code) or years < 1:
            raise Refused("retention.bad_years", years=years)
        if cls.objects.filter(code=code).exists():
            raise Refused("retention.taken", retention=code)
        rule = cls.objects.create(
            code=code, years=years, name_zh=name_zh or f"{years}年", name_en=name_en or f"{years} years"
        )
        record("retention.rule_added", rule, by=by, details={"code": code})
        return rule

    @transaction.atomic
    def change(self, *, name_zh: str, name_en: str, is_active: bool, by: "User") -> None:
        """修改保管期限: its names, and whether it may be chosen; records filed under it stay as they are."""
        require(by, "record.file")
        names = (name_zh.strip(), name_en.strip())
        if not all(names):
            raise Refused("retention.name_missing", retention=self.code)
        self.name_zh, self.name_en = names
        self.is_active = is_active
        self.save(update_fields=["name_zh", "name_en", "is_active"])
        record("retention.rule_changed", self, by=by, details={"is_active": is_active})
