"""合同编号: the rules, the counters and every number ever given."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qidang.contracts.choices import ContractType
from qidang.contracts.models.contract import Contract
from qidang.kit.ids import Identified


class NumberRule(Identified):
    """编号规则 of one legal unit, for one type of contract or for all, from a day on."""

    ledger_kind = "number_rule"

    unit = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="number_rules", verbose_name=_("法人单位")
    )
    contract_type = models.CharField(_("合同类型"), max_length=16, choices=ContractType, blank=True)
    pattern = models.CharField(_("编号格式"), max_length=100)
    from_on = models.DateField(_("起用日期"))
    to_on = models.DateField(_("停用日期"), null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["unit", "contract_type", "from_on"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "contract_type", "from_on"], name="number_rule_once_per_first_day"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="number_rule_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.pattern

    def covers(self, day: dt.date) -> bool:
        """Whether the rule is in effect on ``day``."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


class NumberCounter(models.Model):
    """流水: the last serial given under ``key`` (the number with its serial left open); locked to count on."""

    unit = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="+", verbose_name=_("法人单位")
    )
    key = models.CharField(max_length=128)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "key"], name="number_counter_once_per_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.last}"


class IssuedNumber(models.Model):
    """已发编号: a number given once and never again, be it in use or void.

    One from the paper that went with a ``withdrawal`` is free: it belongs to the paper, which is registered anew.
    """

    unit = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="+", verbose_name=_("法人单位")
    )
    number = models.CharField(max_length=128)
    key = models.CharField(max_length=128, blank=True)
    serial = models.PositiveIntegerField(null=True, blank=True)
    year = models.PositiveSmallIntegerField()
    is_from_paper = models.BooleanField(default=False)
    rule = models.ForeignKey(NumberRule, null=True, blank=True, on_delete=models.PROTECT, related_name="issued")
    contract = models.ForeignKey(
        Contract, null=True, blank=True, on_delete=models.PROTECT, related_name="issued_numbers"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    voided_at = models.DateTimeField(null=True, blank=True)
    void_why = models.TextField(blank=True)
    withdrawal = models.ForeignKey(
        "contracts.Withdrawal", null=True, blank=True, on_delete=models.PROTECT, related_name="numbers"
    )

    class Meta:
        ordering = ["unit", "key", "serial"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="issued_number_never_again"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | ~Q(void_why=""), name="issued_number_void_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["unit", "key", "serial"], name="issued_number_by_serial")]

    def __str__(self) -> str:
        return self.number
