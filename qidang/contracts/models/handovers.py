"""移交原件: who gave how many originals to whom, when and why, and the receiver's own sign under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qidang.contracts.models.sets import known_through
from qidang.kit.ids import Identified
from qidang.vault.fields import SealedField

if TYPE_CHECKING:
    from qidang.accounts.models import User


class HandoverQuerySet(models.QuerySet["OriginalsHandover"]):
    """Sets of hand-overs."""

    def visible_to(self, user: User) -> Self:
        """Return the hand-overs of the contracts that ``user`` may see."""
        return self.filter(known_through("contract", user))

    def told(self) -> Self:
        """Return them as lists tell them, newest first, their signatures left where they lie."""
        return self.select_related("by__department", "slip").defer("signature").order_by("-on", "-id")


class OriginalsHandover(Identified):
    """移交原件: ``comes_back`` where the other side gave them back (收回), else within the house or out of it.

    ``signature`` is what the receiver wrote on the page, a PNG in base64, sealed; where nobody could write, the
    receiver confirmed by name (``is_confirmed``) and a scanned ``slip`` may follow.
    """

    ledger_kind = "originals_handover"

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="handovers")
    count = models.PositiveSmallIntegerField(_("份数"))
    giver = models.CharField(_("移交人"), max_length=64)
    receiver = models.CharField(_("接收人"), max_length=64)
    comes_back = models.BooleanField(_("对方交回"), default=False)
    on = models.DateField(_("交接日期"))
    why = models.TextField(_("事由"))
    signature: Any = SealedField(null=True, blank=True)  # type: ignore[misc]
    is_confirmed = models.BooleanField(_("接收人口头确认"), default=False)
    slip = models.ForeignKey(
        "contracts.Document",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("签收单"),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0), name="handover_of_something"),
            models.CheckConstraint(
                condition=~Q(giver="") & ~Q(receiver="") & ~Q(why=""), name="handover_between_people_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(signature__isnull=False) | Q(is_confirmed=True), name="handover_signed_or_confirmed"
            ),
        ]
        indexes = [models.Index(fields=["contract", "-on", "-id"], name="handover_by_contract")]

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver}"
