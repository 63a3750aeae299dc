"""联系人与备注: whom people know at a company and what they note about it. Phones are sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qidang.accounts.capabilities import may, require
from qidang.contracts.models.companies import Company
from qidang.contracts.models.removals import Removal
from qidang.contracts.models.sets import BesideCompanyQuerySet
from qidang.kit import clock
from qidang.kit.ids import Identified
from qidang.kit.refusal import Refused
from qidang.ledger import record
from qidang.vault.fields import BlindIndexField, SealedField

if TYPE_CHECKING:
    from qidang.accounts.models import User

LONGEST_NOTE = 2000


class BesideCompany(Identified):
    """What a person writes beside a company, for those who may see his department's contracts."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="%(class)ss")
    department = models.ForeignKey("accounts.Department", null=True, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, blank=True)
    edit_version = models.PositiveIntegerField(default=1)

    objects = BesideCompanyQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def begun(cls, company: Company, *, by: User) -> Any:
        """Return a new one, unsaved; whoever registers contracts or keeps companies may write."""
        require_tending(by)
        if company.merged_into_id is not None:
            raise Refused("company.merged_already", name=company.name)
        return cls(company=company, department=by.department, added_by=by, added_at=clock.now())

    def opened(self, by: User, edit_version: int | None = None) -> None:
        """Lock it for ``by``, who may tend it; refuse one that somebody saved after ``edit_version``."""
        require_tending(by)
        self.refresh_from_db(from_queryset=type(self)._default_manager.select_for_update())
        if edit_version is not None and edit_version != self.edit_version:
            raise Refused("company.changed_meanwhile", name=str(self))

    def take(self, values: Mapping[str, Any]) -> list[str]:
        """Set ``values`` by name; return the names of those that changed."""
        given = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        changed = [name for name, value in given.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, given[name])
        return changed

    def changed(self, values: Mapping[str, Any], *, by: User) -> list[str]:
        """Take ``values`` and write the row where they differ; return the names of what changed."""
        names = self.take(values)
        if names:
            self.edit_version += 1
            self.edited_by, self.edited_at = by, clock.now()
            self.keep()
        return names

    def keep(self) -> None:
        """Check and write this row."""
        try:
            self.clean_fields(exclude=["company", "department", "added_by", "edited_by"])
        except ValidationError as error:
            raise Refused("company.bad_value", problem=gettext("；").join(error.messages)) from error
        self.save()


class Contact(BesideCompany):
    """联系人."""

    name = models.CharField(_("姓名"), max_length=64)
    title = models.CharField(_("职务"), max_length=64, blank=True)
    phone = SealedField(_("电话"), blank=True)
    phone_index = BlindIndexField(of="phone")
    email = models.EmailField(_("邮箱"), max_length=128, blank=True)
    remarks = models.CharField(_("备注"), max_length=300, blank=True)

    class Meta:
        ordering = ["company", "name", "id"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="contact_has_a_name")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def add(cls, company: Company, *, by: User, **values: Any) -> Contact:
        """新增联系人."""
        contact: Contact = cls.begun(company, by=by)
        contact.take(values)
        contact.keep()
        record("contact.added", company, by=by)
        return contact

    @transaction.atomic
    def edit(self, changes: Mapping[str, Any], *, by: User, edit_version: int) -> Contact:
        """修改联系人; what changed is recorded by name, and nothing of a person is written into the log."""
        self.opened(by, edit_version)
        if changed := self.changed(changes, by=by):
            record("contact.edited", self.company, by=by, details={"fields": changed})
        return self

    @transaction.atomic
    def remove(self, *, by: User, why: str) -> Removal:
        """移除联系人, with the reason; the name stays in the history, phone and mail do not."""
        self.opened(by)
        words = " ".join(part for part in (self.name, self.title) if part)
        removal = Removal.of(self.company, Removal.Kind.CONTACT, words, by=by, why=why, beside=self)
        self.delete()
        record("contact.removed", self.company, by=by)
        return removal


class Note(BesideCompany):
    """备注: what somebody noted about a company."""

    text = models.CharField(_("备注"), max_length=LONGEST_NOTE)

    class Meta:
        ordering = ["company", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_has_a_text")]

    def __str__(self) -> str:
        return self.text[:40]

    @classmethod
    @transaction.atomic
    def add(cls, company: Company, text: str, *, by: User) -> Note:
        """新增备注."""
        note: Note = cls.begun(company, by=by)
        note.take({"text": text})
        note.keep()
        record("note.added", company, by=by)
        return note

    @transaction.atomic
    def edit(self, text: str, *, by: User, edit_version: int) -> Note:
        """修改备注."""
        self.opened(by, edit_version)
        if self.changed({"text": text}, by=by):
            record("note.edited", self.company, by=by)
        return self

    @transaction.atomic
    def remove(self, *, by: User, why: str) -> Removal:
        """移除备注, with the reason; what it said stays in the history."""
        self.opened(by)
        removal = Removal.of(self.company, Removal.Kind.NOTE, self.text, by=by, why=why, beside=self)
        self.delete()
        record("note.removed", self.company, by=by)
        return removal


def tends(user: User) -> bool:
    """Whether ``user`` may write contacts and notes: who keeps companies, and who edits contracts."""
    return may(user, "company.edit") or may(user, "contract.edit")


def require_tending(by: User) -> None:
    """Refuse ``accounts.not_allowed`` for who neither keeps companies nor edits contracts."""
    if not tends(by):
        require(by, "company.edit")
