"""历史登记: the state of a past contract, set by a person with a paper for it, not approved in this system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qidang.accounts.capabilities import require
from qidang.contracts.choices import PastState
from qidang.contracts.models.contract import Contract
from qidang.contracts.models.papers import Document
from qidang.contracts.past import refuse_future, refuse_unvouched, resolved
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import record

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.contracts.values import PastValues

CAPABILITY = "contract.enter_history"


class HistoryEntryQuerySet(models.QuerySet["HistoryEntry"]):
    """Sets of history entries."""

    def standing(self) -> Self:
        """Return those that hold: the last of each contract, where it was not taken back."""
        return self.filter(ended_at__isnull=True)


class HistoryEntry(models.Model):
    """历史登记: in which state a past contract entered the life cycle, since when, by which paper, said by whom.

    What lies before it happened outside this system: nothing of it is asked for or reminded of. ``Contract.past_state``
    is the state of the entry that holds, written here and nowhere else.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="history_entries")
    state = models.CharField(_("历史状态"), max_length=12, choices=PastState)
    since_on = models.DateField(_("自何日起"), null=True, blank=True)
    voucher = models.CharField(_("凭证"), max_length=300)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(_("补登原因"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    end_why = models.TextField(blank=True)

    objects = HistoryEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(voucher="") & ~Q(why=""), name="history_entry_has_voucher_and_reason"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(ended_at__isnull=True), name="one_standing_history_entry_per_contract"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.voucher}"

    @classmethod
    @transaction.atomic
    def enter(cls, contract: Contract, past: PastValues, *, by: User) -> Self:
        """补登历史合同; once more says it otherwise, and what was said stays on record."""
        entry = cls.lay(contract, past, by=by)
        subjects = [contract, entry.document] if entry.document else [contract]
        record("contract.history_entered", *subjects, by=by, details=entry.told())
        return entry

    @classmethod
    def lay(cls, contract: Contract, past: PastValues, *, by: User) -> Self:
        """Write the entry of ``contract`` and its state, inside an act that records it."""
        require(by, CAPABILITY, contract)
        contract.locked()
        require(by, CAPABILITY, contract)
        state = checked(contract, past)
        cls.objects.standing().filter(contract=contract).update(ended_by=by, ended_at=clock.now(), end_why=past.why)
        entry = cls.of(contract, past, state, by=by)
        entry.save()
        contract.past_state = state
        contract.edit_version += 1
        contract.save_settled()
        return entry

    @classmethod
    def of(cls, contract: Contract, past: PastValues, state: str, *, by: User) -> Self:
        """Return the unsaved entry."""
        document = past.document
        voucher = (past.voucher.strip() or (document.title if document else ""))[:300]
        return cls(
            contract=contract,
            state=state,
            since_on=past.since_on,
            voucher=voucher,
            document=document,
            why=past.why.strip(),
            by=by,
            at=clock.now(),
        )

    @classmethod
    @transaction.atomic
    def take_back(cls, contract: Contract, *, why: str, by: User) -> HistoryEntry:
        """撤销补登: the state follows from the dates again; what was entered stays on record."""
        require(by, CAPABILITY, contract)
        if not why.strip():
            raise Refused("contract.history_unvouched", number=str(contract))
        contract.locked()
        require(by, CAPABILITY, contract)
        entry = cls._default_manager.filter(contract=contract, ended_at__isnull=True).first()
        if entry is None:
            raise Refused("contract.not_historical", number=str(contract))
        entry.ended_by, entry.ended_at, entry.end_why = by, clock.now(), why.strip()
        entry.save(update_fields=["ended_by", "ended_at", "end_why"])
        contract.past_state = ""
        contract.edit_version += 1
        contract.save_settled()
        record("contract.history_taken_back", contract, by=by, details={"state": entry.state, "why": entry.end_why})
        return entry

    def told(self) -> dict[str, str]:
        """Return what the log keeps of it."""
        since = self.since_on.isoformat() if self.since_on else ""
        return {"state": self.state, "since": since, "voucher": self.voucher, "why": self.why}


def checked(contract: Contract, past: PastValues) -> str:
    """Return the state that ``contract`` enters; refuse what has no voucher, lies ahead or contradicts its dates."""
    refuse_unvouched(contract, past)
    refuse_future(contract, past.since_on)
    return resolved(contract, past.state)
