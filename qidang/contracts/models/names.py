"""名称与代码: the other names of a company, with their days, and its codes in other systems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qidang.contracts.choices import NameKind
from qidang.contracts.models.companies import Company
from qidang.contracts.models.removals import Removal
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.kit.text import fold
from qidang.ledger import record

if TYPE_CHECKING:
    from qidang.accounts.models import User


class CompanyAlias(models.Model):
    """别名、曾用名、简称: another name under which the same company signs or signed. Open where no day is known."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(_("名称"), max_length=200)
    name_key = models.CharField(max_length=200, db_index=True, editable=False)
    kind = models.CharField(_("类别"), max_length=8, choices=NameKind, default=NameKind.ALIAS)
    from_on = models.DateField(_("起用日期"), null=True, blank=True)
    until_on = models.DateField(_("停用日期"), null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["company", "name_key"], name="company_alias_once"),
            models.UniqueConstraint(
                fields=["name_key"], condition=Q(until_on__isnull=True), name="company_alias_in_use_of_one"
            ),
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="company_alias_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def add(
        cls,
        company: Company,
        name: str,
        *,
        by: User,
        kind: str = NameKind.ALIAS,
        from_on: dt.date | None = None,
        until_on: dt.date | None = None,
    ) -> CompanyAlias:
        """新增别名; refuses a name that another company has, or goes by at the same time."""
        company.opened(by)
        alias = cls(company=company, name=name.strip(), name_key=fold(name), kind=kind)
        alias.from_on, alias.until_on, alias.added_by, alias.added_at = from_on, until_on, by, clock.now()
        alias.keep()
        record("company.alias_added", company, by=by, details={"alias": alias.name, "kind": kind, "days": alias.days})
        return alias

    @transaction.atomic
    def edit(self, changes: Mapping[str, Any], *, by: User, why: str = "") -> CompanyAlias:
        """修改别名: its kind and days; the name itself is removed and added anew."""
        self.company.opened(by)
        self.refresh_from_db()
        before = f"{self.get_kind_display()} {self.days}"
        for name in ("kind", "from_on", "until_on"):
            setattr(self, name, changes.get(name, getattr(self, name)))
        if before == f"{self.get_kind_display()} {self.days}":
            return self
        self.keep()
        after = f"{self.get_kind_display()} {self.days}"
        details = {"alias": self.name, "changes": {"days": [before, after]}, "why": why}
        record("company.alias_edited", self.company, by=by, details=details)
        return self

    @transaction.atomic
    def remove(self, *, by: User, why: str) -> Removal:
        """移除别名, with the reason; what it was stays in the history."""
        self.company.opened(by)
        removal = Removal.of(
            self.company, "alias", f"{self.get_kind_display()} {self.name} {self.days}", by=by, why=why
        )
        self.delete()
        details = {"alias": removal.words, "why": removal.why}
        record("company.alias_removed", self.company, by=by, details=details)
        return removal

    @property
    def days(self) -> str:
        """The days of its use as people read them; empty where none is known."""
        from_on, until_on = (day.isoformat() if day else "" for day in (self.from_on, self.until_on))
        return f"{from_on} – {until_on}".strip() if from_on or until_on else ""

    @property
    def is_over(self) -> bool:
        """Whether the company goes by it no longer."""
        return self.until_on is not None and self.until_on < clock.today()

    def keep(self) -> None:
        """Write this name inside an act; refuses one that another company goes by at the same time."""
        if not self.name_key:
            raise Refused("company.name_missing")
        if self.from_on and self.until_on and self.until_on < self.from_on:
            raise Refused("company.alias_days", alias=self.name)
        self._refuse_of_others()
        try:
            self.clean_fields(exclude=["company", "added_by"])
            with transaction.atomic():
                self.save()
        except IntegrityError as error:
            raise Refused("company.alias_taken", alias=self.name, company=str(self.company)) from error
        except ValidationError as error:
            raise Refused("company.bad_value", problem=gettext("；").join(error.messages)) from error

    def _refuse_of_others(self) -> None:
        """A name that is in use belongs to one company; one that is over may since have gone to another."""
        same = CompanyAlias.objects.filter(name_key=self.name_key).exclude(pk=self.pk).select_related("company")
        for other in same:
            if other.company_id == self.company_id or other.overlaps(self):
                raise Refused("company.alias_taken", alias=self.name, company=other.company.name)
        named = Company.objects.filter(name_key=self.name_key)
        if self.is_over:
            named = named.filter(pk=self.company_id)
        if (holder := named.first()) is not None:
            raise Refused("company.alias_taken", alias=self.name, company=holder.name)

    def overlaps(self, other: CompanyAlias) -> bool:
        """Whether both names are in use on some day."""
        begins = max(self.from_on or dt.date.min, other.from_on or dt.date.min)
        return begins <= min(self.until_on or dt.date.max, other.until_on or dt.date.max)


class CompanyCode(models.Model):
    """外部系统代码: what the company is called in another system (ERP, CRM …); one company per system and code."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="codes")
    system = models.CharField(_("系统"), max_length=32)
    system_key = models.CharField(max_length=32, editable=False)
    code = models.CharField(_("代码"), max_length=64)
    code_key = models.CharField(max_length=64, editable=False, db_index=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["system_key", "code_key"]
        constraints = [
            models.UniqueConstraint(fields=["system_key", "code_key"], name="company_code_once_per_system"),
            models.CheckConstraint(condition=~Q(system_key="") & ~Q(code_key=""), name="company_code_is_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.code}"

    @classmethod
    @transaction.atomic
    def add(cls, company: Company, system: str, code: str, *, by: User) -> CompanyCode:
        """新增外部系统代码; refuses one that another company has in that system."""
        company.opened(by)
        made = cls(company=company, system=system.strip(), code=code.strip(), added_by=by, added_at=clock.now())
        made.keep()
        record("company.code_added", company, by=by, details={"code": str(made)})
        return made

    def keep(self) -> None:
        """Write this new code inside an act; refuses one that some company has in that system."""
        self.system_key, self.code_key = fold(self.system), fold(self.code)
        if not (self.system_key and self.code_key):
            raise Refused("company.code_missing")
        held = CompanyCode.objects.filter(system_key=self.system_key, code_key=self.code_key)
        if (other := held.select_related("company").first()) is not None:
            raise Refused("company.code_taken", known=str(self), company=other.company.name)
        try:
            self.clean_fields(exclude=["company", "added_by"])
            with transaction.atomic():
                self.save()
        except IntegrityError as error:
            raise Refused("company.code_taken", known=str(self), company="") from error
        except ValidationError as error:
            raise Refused("company.bad_value", problem=gettext("；").join(error.messages)) from error

    @transaction.atomic
    def remove(self, *, by: User, why: str) -> Removal:
        """移除外部系统代码, with the reason."""
        self.company.opened(by)
        removal = Removal.of(self.company, "code", str(self), by=by, why=why)
        self.delete()
        record("company.code_removed", self.company, by=by, details={"code": removal.words, "why": removal.why})
        return removal
