"""档案 (件): what was filed, under which 档号; 撤销归档 as a fact of its own."""

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qidang.accounts.models import User
from qidang.contracts.choices import Secrecy
from qidang.contracts.models import Contract, Document
from qidang.contracts.models.sets import within_reach
from qidang.holdings.models.fonds import Fonds, Series
from qidang.holdings.models.retention import RetentionRule
from qidang.holdings.references import Reference
from qidang.kit.ids import Identified


class RecordQuerySet(models.QuerySet["Record"]):
    """Sets of records."""

    def visible_to(self, user: User) -> Self:
        """Return the records of the contracts that ``user`` may read."""
        condition = within_reach(user)
        if condition is None:
            return self
        return self.filter(contract_id__in=Contract.objects.filter(condition).values("pk"))

    def live(self) -> Self:
        """Return those whose filing was not undone."""
        return self.filter(is_cancelled=False)

    def main(self) -> Self:
        """Return those that hold a contract itself, not a paper that came later."""
        return self.filter(part_of__isnull=True)

    def holding(self, document: Document) -> Self:
        """Return the live record (one at most) in which ``document`` is filed."""
        return self.live().filter(papers__document=document)


class Record(Identified):
    """档案 (件): a contract with its papers, or one paper that came later; described as it was when filed."""

    ledger_kind: ClassVar[str] = "record"

    contract = models.ForeignKey("contracts.Contract", models.PROTECT, related_name="records")
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", verbose_name=_("所属件"))
    reference = models.CharField(_("档号"), max_length=40, unique=True)
    fonds = models.ForeignKey(Fonds, models.PROTECT, related_name="records", verbose_name=_("全宗"))
    category = models.CharField(_("门类代码"), max_length=5)
    year = models.PositiveSmallIntegerField(_("年度"))
    retention = models.ForeignKey(RetentionRule, models.PROTECT, related_name="records", verbose_name=_("保管期限"))
    org = models.CharField(_("机构"), max_length=3, blank=True)
    item = models.PositiveIntegerField(_("件号"))
    series = models.ManyToManyField(Series, related_name="records", verbose_name=_("类目"))
    title = models.CharField(_("题名"), max_length=600)
    document_number = models.CharField(_("文号"), max_length=128, blank=True)
    responsible = models.CharField(_("责任者"), max_length=1000)
    dated_on = models.DateField(_("日期"))
    secrecy = models.CharField(_("密级"), max_length=12, choices=Secrecy, default=Secrecy.INTERNAL)
    pages = models.PositiveIntegerField(_("页数"), null=True)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("归档人"))
    filed_at = models.DateTimeField(_("归档时间"))
    is_cancelled = models.BooleanField(_("已撤销"), default=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["fonds", "category", "year", "retention", "org", "item"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["fonds", "category", "year", "retention", "org", "item"], name="one_record_per_place"
            ),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(part_of__isnull=True, is_cancelled=False),
                name="one_live_record_per_contract",
            ),
            models.CheckConstraint(condition=Q(item__gte=1), name="items_start_at_one"),
        ]
        indexes = [models.Index(fields=["filed_at", "id"], name="record_by_filing")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def code(self) -> Reference:
        """The 档号 in its segments."""
        return Reference(self.fonds.code, self.category, self.year, self.retention.code, self.org, self.item)

    @property
    def keep_until(self) -> dt.date | None:
        """The last day of the 保管期限, counted from 1 January after the 年度; None is for ever."""
        years = self.retention.years
        return None if years is None else dt.date(self.year + years, 12, 31)


class RecordPaper(models.Model):
    """卷内文件: a document that is part of a record, in the order of DA/T 22-2015 (正文 before 附件)."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="papers")
    document = models.ForeignKey("contracts.Document", models.PROTECT, related_name="filings")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["record", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["record", "document"], name="a_paper_once_per_record"),
            models.UniqueConstraint(fields=["record", "position"], name="one_paper_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.document}"


class Unfiling(Identified):
    """撤销归档: a wrong filing undone by two people; the 档号 is cancelled and never given again."""

    record = models.OneToOneField(Record, models.PROTECT, related_name="unfiling")
    why = models.TextField(_("原因"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(by=models.F("second")), name="unfiling_takes_two_people"),
            models.CheckConstraint(condition=~Q(why=""), name="unfiling_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.why
