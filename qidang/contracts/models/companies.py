"""公司: counterparties and our own signing entities, with the other names they go by."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qidang.contracts.models.sets import CompanyQuerySet
from qidang.kit.ids import Identified
from qidang.contracts.folding import fold


class Company(Identified):
    """相对方或我方签约主体. ``unit`` says which legal unit of ours it is; only our own companies have one."""

    ledger_kind = "company"

    name = models.CharField(_("名称"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    is_ours = models.BooleanField(_("我方"), default=False)
    unit = models.ForeignKey(
        "accounts.Department",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="companies",
        verbose_name=_("法人单位"),
    )
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    code = models.CharField(_("代码"), max_length=32, blank=True)
    address = models.CharField(_("地址"), max_length=300, blank=True)
    country = models.CharField(_("国别"), max_length=3, default="CHN")
    remarks = models.TextField(_("备注"), blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    edit_version = models.PositiveIntegerField(default=1)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name_key", "uscc"], name="company_name_and_uscc_once"),
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="company_uscc_once"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="company_code_once"),
            models.CheckConstraint(condition=~Q(name=""), name="company_has_a_name"),
            models.CheckConstraint(
                condition=Q(is_ours=True) | Q(unit__isnull=True), name="company_unit_only_for_our_own"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def settle(self) -> None:
        """Derive the folded name by which this company is matched."""
        self.name_key = fold(self.name)


class CompanyAlias(models.Model):
    """别名: another name under which the same company signs or is known."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="aliases", verbose_name=_("公司"))
    name = models.CharField(_("名称"), max_length=200)
    name_key = models.CharField(max_length=200, unique=True, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["name_key"]

    def __str__(self) -> str:
        return self.name
