"""保全: a contract under a hold loses nothing: it is not voided, withdrawn, merged or removed while one stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qidang.accounts.capabilities import require
from qidang.contracts.models.sets import known_through
from qidang.kit import clock
from qidang.kit.ids import Identified
from qidang.kit.refusal import Refused
from qidang.ledger import record

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.contracts.models.contract import Contract


class HoldQuerySet(models.QuerySet["Hold"]):
    """Sets of holds."""

    def visible_to(self, user: User) -> Self:
        """Return the holds on the contracts that ``user`` may see."""
        return self.filter(known_through("contract", user))

    def standing(self, contract: Contract | None = None) -> Self:
        """Return those not released, of one contract or of all."""
        found = self.filter(released_at__isnull=True)
        return found if contract is None else found.filter(contract=contract)


class Hold(Identified):
    """保全: why the contract must stay as it is, at whose word, and until when. Several may stand at once."""

    ledger_kind = "hold"

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="holds")
    why = models.TextField(_("保全原因"))
    holder = models.CharField(_("提出人"), max_length=200)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("办理人")
    )
    placed_at = models.DateTimeField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    release_why = models.TextField(_("解除原因"), blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(why="") & ~Q(holder=""), name="hold_has_a_reason_and_a_holder"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | ~Q(release_why=""), name="hold_released_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["contract"], condition=Q(released_at__isnull=True), name="hold_standing_by_contract")
        ]

    def __str__(self) -> str:
        return self.holder

    @classmethod
    @transaction.atomic
    def place(cls, contract: Contract, *, why: str, holder: str, by: User) -> Self:
        """保全 at the word of ``holder`` (a court, a department, a person); a void contract can be held too."""
        require(by, "contract.hold", contract)
        if not why.strip() or not holder.strip():
            raise Refused("hold.incomplete", number=str(contract))
        contract.locked(even_void=True)
        require(by, "contract.hold", contract)
        hold = cls.objects.create(
            contract=contract, why=why.strip(), holder=holder.strip()[:200], placed_by=by, placed_at=clock.now()
        )
        record("hold.placed", contract, hold, by=by, details={"why": hold.why, "holder": hold.holder})
        return hold

    @transaction.atomic
    def release(self, *, by: User, why: str) -> Self:
        """解除保全; the hold stays in the story of its contract."""
        require(by, "contract.hold", self.contract)
        if not why.strip():
            raise Refused("hold.why_missing", holder=self.holder)
        self.contract.locked(even_void=True)
        require(by, "contract.hold", self.contract)
        self.refresh_from_db(fields=["released_at"])
        if self.released_at is not None:
            raise Refused("hold.released_already", holder=self.holder)
        self.released_by, self.released_at, self.release_why = by, clock.now(), why.strip()
        self.save(update_fields=["released_by", "released_at", "release_why"])
        record("hold.released", self.contract, self, by=by, details={"why": self.release_why})
        return self


def refuse_held(contract: Contract) -> None:
    """Refuse what would take something away from a contract on which a hold (保全) stands; its row is locked."""
    standing = Hold.objects.standing(contract).order_by("id").first()
    if standing is not None:
        raise Refused("contract.held", number=str(contract), holder=standing.holder, why=standing.why)
