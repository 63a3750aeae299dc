"""撤销登记: a registration that should never have been; who took it back, why, and who brought it back again."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    """Sets of withdrawals."""

    def standing(self) -> Self:
        """Return those not undone."""
        return self.filter(restored_at__isnull=True)


class Withdrawal(models.Model):
    """撤销登记. ``number`` is what the contract bore; an issued one stays spent, one from the paper is free again."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="withdrawals")
    number = models.CharField(_("合同编号"), max_length=128, blank=True)
    why = models.TextField(_("撤销原因"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    restored_at = models.DateTimeField(null=True, blank=True)

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="withdrawal_has_a_reason"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(restored_at__isnull=True), name="one_standing_withdrawal_per_contract"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.why}"
