"""全宗 and 类目: whose archive it is, and the ways in which it is laid out."""

import contextlib
from collections.abc import Collection
from typing import ClassVar, Self

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from qidang.accounts.models import Department
from qidang.contracts.models import Contract
from qidang.kit import clock
from qidang.kit.ids import Identified
from qidang.kit.text import fold


class Fonds(Identified):
    """全宗: all records of one legal unit; its code is given by the firm itself (Q001, Q002 …) and never changes."""

    ledger_kind: ClassVar[str] = "fonds"

    unit = models.OneToOneField("accounts.Department", models.PROTECT, related_name="fonds", verbose_name=_("我方主体"))
    code = models.CharField(_("全宗号"), max_length=8, unique=True)
    category = models.CharField(_("门类代码"), max_length=5, default="HT")
    name = models.CharField(_("全宗名称"), max_length=200)
    opened_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["code"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @classmethod
    def of(cls, unit: Department) -> tuple[Self, bool]:
        """Return the fonds of ``unit`` and whether it was opened just now, under the next free code."""
        while (known := cls.objects.filter(unit=unit).first()) is None:
            with contextlib.suppress(IntegrityError), transaction.atomic():  # another took the code or the unit
                return cls.objects.create(unit=unit, code=cls.next_code(), name=unit.name, opened_at=clock.now()), True
        return known, False

    @classmethod
    def next_code(cls, spoken_for: Collection[str] = ()) -> str:
        """Return the first of Q001, Q002 … that no fonds has and that is not ``spoken_for``."""
        taken = {*cls.objects.values_list("code", flat=True), *spoken_for}
        return next(code for code in (f"Q{number:03}" for number in range(1, 10_000)) if code not in taken)


class Series(Identified):
    """类目: one way into a fonds, by year, contract type or customer; a record stands in one of each."""

    class Axis(models.TextChoices):
        """By what a fonds is laid out."""

        YEAR = "YEAR", _("年度")
        TYPE = "TYPE", _("合同类型")
        CUSTOMER = "CUSTOMER", _("客户")

    ledger_kind: ClassVar[str] = "series"

    fonds = models.ForeignKey(Fonds, models.PROTECT, related_name="series")
    axis = models.CharField(max_length=8, choices=Axis)
    key = models.CharField(max_length=220)
    name = models.CharField(_("类目名称"), max_length=200)

    class Meta:
        ordering = ["fonds", "axis", "name"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["fonds", "axis", "key"], name="one_series_per_key")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, contract: Contract, fonds: Fonds, year: int) -> list[Self]:
        """Return the series in which a record of ``contract`` stands, made where new, always in the same order."""
        customer = str(contract.counterparty.uid) if contract.counterparty else fold(contract.counterparty_name)
        keys = [
            (cls.Axis.YEAR, str(year), str(year)),
            (cls.Axis.TYPE, contract.contract_type, contract.contract_type),
            (cls.Axis.CUSTOMER, customer, contract.counterparty_name),
        ]
        return [
            cls.objects.get_or_create(fonds=fonds, axis=axis, key=key, defaults={"name": name})[0]
            for axis, key, name in keys
            if key
        ]


class FilingCounter(models.Model):
    """件号: the last one given in the lowest class; its row stays locked until the filing commits."""

    fonds = models.ForeignKey(Fonds, models.PROTECT, related_name="+")
    category = models.CharField(max_length=5)
    year = models.PositiveSmallIntegerField()
    retention = models.CharField(max_length=3)
    org = models.CharField(max_length=3, blank=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["fonds", "category", "year", "retention", "org"], name="one_filing_counter_per_class"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fonds_id} {self.category} {self.year} {self.retention} {self.org}: {self.last}"

    @classmethod
    def next_item(cls, fonds: Fonds, year: int, retention: str, org: str) -> int:
        """Take and return the next 件号 of this class, from 1 without a gap."""
        place = {"fonds": fonds, "category": fonds.category, "year": year, "retention": retention, "org": org}
        FilingCounter.objects.bulk_create([FilingCounter(**place)], ignore_conflicts=True)
        counter = cls.objects.select_for_update().get(**place)
        counter.last += 1
        counter.save(update_fields=["last"])
        return counter.last
