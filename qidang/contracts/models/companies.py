"""公司: counterparties and our own signing entities, with the other names they go by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as uscc_rules

from qidang.accounts.capabilities import require
from qidang.contracts.choices import NameKind
from qidang.contracts.models.sets import CompanyQuerySet
from qidang.kit import clock
from qidang.kit.ids import Identified
from qidang.kit.refusal import Refused
from qidang.kit.text import fold
from qidang.ledger import record
from qidang.vault.fields import BlindIndexField, SealedField

if TYPE_CHECKING:
    from qidang.accounts.models import User

STANDING = Q(merged_into__isnull=True)  # not part of another company by a merge
EDITABLE = ("name", "is_ours", "unit", "uscc", "code", "address", "country", "phone", "remarks")


class Company(Identified):
    """相对方或我方签约主体. ``unit`` says which legal unit of ours it is; only our own companies have one.

    ``uscc`` always passes its check (GB 32100). A code that papers or sheets give and that fails it stands in
    ``uscc_failed`` until a right one is known: nothing is dropped, and a list finds those to be asked about.
    """

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
    uscc_failed = models.CharField(_("校验不符的信用代码"), max_length=32, blank=True, editable=False)
    code = models.CharField(_("代码"), max_length=32, blank=True)
    address = models.CharField(_("地址"), max_length=300, blank=True)
    country = models.CharField(_("国别"), max_length=3, default="CHN")
    phone = SealedField(_("电话"), blank=True)
    phone_index = BlindIndexField(of="phone")
    remarks = models.TextField(_("备注"), blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="merged"
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    edit_version = models.PositiveIntegerField(default=1)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name_key", "uscc"], condition=STANDING, name="company_name_and_uscc_once"),
            models.UniqueConstraint(fields=["uscc"], condition=STANDING & ~Q(uscc=""), name="company_uscc_once"),
            models.UniqueConstraint(fields=["code"], condition=STANDING & ~Q(code=""), name="company_code_once"),
            models.CheckConstraint(condition=~Q(name=""), name="company_has_a_name"),
            models.CheckConstraint(
                condition=Q(is_ours=True) | Q(unit__isnull=True), name="company_unit_only_for_our_own"
            ),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="company_by_name"),
            models.Index(fields=["uscc"], name="company_by_uscc"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def add(cls, *, by: User, **values: Any) -> Company:
        """新增公司: ``values`` by the names in ``EDITABLE``; refuses a name and code that are there already."""
        require(by, "company.edit")
        company = cls.begun(values, by=by)
        company.refuse_names_of_others()
        company.keep()
        record("company.added", company, by=by)
        return company

    @classmethod
    def begun(cls, values: Mapping[str, Any], *, by: User) -> Company:
        """Return a new company of ``values``, unsaved."""
        company = cls(added_by=by, added_at=clock.now())
        company.take(values)
        return company

    @classmethod
    def known_or_new(
        cls, name: str, uscc: str = "", *, by: User, on: dt.date | None = None
    ) -> tuple[Company | None, bool]:
        """Return the one company of this name or code and whether it is new; None where several bear the name.

        ``on`` is the day of the paper that names it: of several, the one that bore the name then is meant.
        Part of the act that meets the name (registering, editing), which needs no right of its own and records
        ``company.added`` at its end: recorded here, the ledger would stay locked while the act waits for its number.
        """
        found = cls.objects.called(name, uscc, on=on)
        if found:
            return (found[0] if len(found) == 1 else None), False
        company = cls.begun({"name": name, "uscc": uscc if uscc_rules.is_valid(uscc) else ""}, by=by)
        company.uscc_failed = "" if company.uscc else uscc.strip()[:32]
        try:
            company.keep()
        except Refused:  # somebody else met the same name at the same moment
            return cls.objects.matching(name, uscc).first(), False
        return company, True

    @transaction.atomic
    def edit(
        self,
        changes: Mapping[str, Any],
        *,
        by: User,
        edit_version: int,
        why: str = "",
        renamed_on: dt.date | None = None,
    ) -> Company:
        """修改公司. What it was and is stands in the ledger entry's details, phones excepted.

        With ``renamed_on`` the company itself took the new name on that day: the old one stays as its 曾用名.
        """
        self.opened(by)
        if self.edit_version != edit_version:
            raise Refused("company.changed_meanwhile", name=self.name)
        before, old = {name: str(getattr(self, name) or "") for name in changes if name in EDITABLE}, self.name
        self.take(changes)
        after = {name: str(getattr(self, name) or "") for name in before}
        changed = [name for name in before if before[name] != after[name]]
        if not changed:
            return self
        self.refuse_names_of_others()
        self.edit_version += 1
        self.keep()
        if renamed_on and "name" in changed and fold(old) != self.name_key:
            self._keep_former(old, renamed_on, by=by)
        details = {name: [before[name], after[name]] for name in changed if name != "phone"}
        record("company.edited", self, by=by, details={"fields": changed, "changes": details, "why": why})
        return self

    def add_alias(self, name: str, *, by: User, **days: Any) -> Any:
        """新增别名: see ``CompanyAlias.add``; returns the alias."""
        return self.aliases.model.add(self, name, by=by, **days)

    @property
    def standing(self) -> Company:
        """This company, or the one that it was merged into."""
        return self.merged_into or self

    def opened(self, by: User) -> Company:
        """Lock and re-read this company for ``by`` to change what is kept of it; refuse one that was merged.

        ``no_key``: a contract that is being registered holds the ledger when PostgreSQL checks its company at the end.
        """
        require(by, "company.edit")
        self.refresh_from_db(from_queryset=Company.objects.select_for_update(no_key=True))
        if self.merged_into_id is not None:
            raise Refused("company.merged_already", name=self.name)
        return self

    def _keep_former(self, name: str, until: dt.date, *, by: User) -> None:
        """Keep the name that the company gave up, unless it stands there already; it may have been added before."""
        key = fold(name)
        self.aliases.filter(name_key=self.name_key).delete()  # what was another name is now the name
        if not self.aliases.filter(name_key=key).exists():
            self.aliases.create(
                name=name, name_key=key, kind=NameKind.FORMER, until_on=until, added_by=by, added_at=clock.now()
            )

    def refuse_names_of_others(self) -> None:
        """Refuse a name by which another company goes today."""
        other = Company.objects.exclude(pk=self.pk).going_by(self.name_key, clock.today()).first()
        if other is not None:
            raise Refused("company.alias_taken", alias=self.name, company=other.name)

    def take(self, values: Mapping[str, Any]) -> None:
        """Set ``values`` inside an act, and what follows from them; refuses a code that fails its check."""
        for name, value in values.items():
            if name not in EDITABLE:
                raise Refused("company.no_such_field", field=name)
            setattr(self, name, value.strip() if isinstance(value, str) else value)
        self.uscc = fold(self.uscc).upper()
        self.name_key = fold(self.name)
        if not self.name_key:
            raise Refused("company.name_missing")
        if self.uscc and not uscc_rules.is_valid(self.uscc):
            raise Refused("company.uscc_wrong", uscc=self.uscc)
        if self.uscc:
            self.uscc_failed = ""

    def refuse_malformed(self) -> None:
        """Refuse what no column can hold."""
        try:
            self.clean_fields(exclude=["unit", "added_by"])  # the database checks these, without a query
        except ValidationError as error:
            raise Refused("company.bad_value", problem=gettext("；").join(error.messages)) from error

    def keep(self) -> None:
        """Write this company inside an act; refuses a name or code that is another's."""
        self.refuse_malformed()
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError as error:
            raise Refused("company.taken", name=self.name, uscc=self.uscc) from error
