"""移除: what stood beside a company and was taken away; its words stay, with who, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qidang.contracts.models.companies import Company
from qidang.contracts.models.sets import RemovalQuerySet
from qidang.kit import clock
from qidang.kit.refusal import Refused

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.contracts.models.contacts import BesideCompany

LONGEST = 2000


class Removal(models.Model):
    """移除记录. Phones are never among ``words``; contacts and notes are read by whom they were for."""

    class Kind(models.TextChoices):
        """What was removed."""

        ALIAS = "alias", _("别名")
        CODE = "code", _("外部系统代码")
        CONTACT = "contact", _("联系人")
        NOTE = "note", _("备注")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="removals")
    kind = models.CharField(max_length=8, choices=Kind)
    words = models.CharField(max_length=LONGEST)
    why = models.CharField(max_length=300)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = RemovalQuerySet.as_manager()

    class Meta:
        ordering = ["company", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="removal_has_a_reason")]

    def __str__(self) -> str:
        return self.words

    @classmethod
    def of(
        cls,
        company: Company,
        kind: str,
        words: str,
        *,
        by: User,
        why: str,
        beside: BesideCompany | None = None,
    ) -> Removal:
        """Write what is removed, inside the act that removes it; refuses without a reason.

        What was written ``beside`` the company stays with those who could read it.
        """
        if not why.strip():
            raise Refused("company.why_missing", words=words[:100])
        return cls.objects.create(
            company=company,
            kind=kind,
            words=words.strip()[:LONGEST],
            why=why.strip()[:300],
            added_by=beside and beside.added_by,
            department=beside and beside.department,
            by=by,
            at=clock.now(),
        )
