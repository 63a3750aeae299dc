"""编号冲突: two contracts of one legal unit that bear the same number; found as they come in, settled by a person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qidang.accounts.capabilities import require
from qidang.contracts.choices import GONE
from qidang.contracts.models.contract import Contract
from qidang.contracts.numbers_on_paper import tidy
from qidang.kit import clock
from qidang.kit.ids import Identified
from qidang.kit.refusal import Refused
from qidang.ledger import record

if TYPE_CHECKING:
    from qidang.accounts.models import User


class NumberClashQuerySet(models.QuerySet["NumberClash"]):
    """Sets of clashes."""

    def standing(self) -> Self:
        """Return those that nobody has settled, between contracts that are both still there."""
        gone = Q(contract__status__in=GONE) | Q(rival__status__in=GONE)
        return self.filter(verdict="").exclude(gone)

    def of(self, contract: Contract) -> Self:
        """Return those that ``contract`` has on either side."""
        return self.filter(Q(contract=contract) | Q(rival=contract))

    def settle(self, contracts: Iterable[Contract]) -> None:
        """Find the clashes of these contracts and end those that a correction has resolved, inside an act."""
        for contract in contracts:
            numbers = numbers_of(contract)
            open_ones = self.of(contract).filter(verdict="")
            open_ones.exclude(number__in=numbers).update(verdict=NumberClash.Verdict.OVER, settled_at=clock.now())
            known = {pk for pair in self.of(contract).values_list("contract", "rival") for pk in pair}
            for rival in _rivals(contract, numbers).exclude(pk__in=known | {contract.pk}):
                number = next((one for one in numbers if one in numbers_of(rival)), "")
                self.create(contract=contract, rival=rival, number=number, found_at=clock.now())


class NumberClash(Identified):
    """编号冲突. ``contract`` came in later, ``rival`` bore the number already; the verdict is a person's, with reason.

    A correction (更正) that makes the numbers differ ends it without a verdict of anybody.
    """

    class Verdict(models.TextChoices):
        """What was found out."""

        OTHER = "OTHER", _("不是同一份，编号都保留")
        SAME = "SAME", _("是同一份，登重了")
        OVER = "OVER", _("编号已更正")

    ledger_kind = "number_clash"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="clashes")
    rival = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="clashes_borne")
    number = models.CharField(_("编号"), max_length=128)
    found_at = models.DateTimeField()
    verdict = models.CharField(_("认定"), max_length=8, choices=Verdict, blank=True)
    why = models.TextField(_("认定依据"), blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = NumberClashQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["contract", "rival"], name="number_clash_once_per_pair"),
            models.CheckConstraint(condition=~Q(contract=F("rival")), name="number_clash_of_two_contracts"),
            models.CheckConstraint(
                condition=Q(verdict__in=["", "OVER"]) | ~Q(why=""), name="number_clash_settled_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @transaction.atomic
    def decide(self, verdict: str, *, why: str, by: User) -> Self:
        """认定: the two are the same contract, or two that share a number; who edits both may say so."""
        for side in (self.contract, self.rival):
            require(by, "contract.edit", side)
        if verdict not in (self.Verdict.OTHER, self.Verdict.SAME) or not why.strip():
            raise Refused("number.clash_unexplained", number=self.number)
        for side in sorted((self.contract, self.rival), key=lambda one: one.pk):
            side.locked(even_void=True)
            require(by, "contract.edit", side)
        self.refresh_from_db(fields=["verdict"])
        if self.verdict:
            raise Refused("number.clash_settled", number=self.number)
        self.verdict, self.why, self.settled_by, self.settled_at = verdict, why.strip(), by, clock.now()
        self.save(update_fields=["verdict", "why", "settled_by", "settled_at"])
        told = {"number": self.number, "verdict": verdict, "why": self.why}
        record("number.clash_decided", self.contract, self.rival, by=by, details=told)
        return self


def numbers_of(contract: Contract) -> list[str]:
    """Return what is written as the contract's number: its own, and the one on its paper."""
    return list(dict.fromkeys(one for one in (contract.number, tidy(contract.number_on_paper)) if one))


def _rivals(contract: Contract, numbers: list[str]) -> models.QuerySet[Contract]:
    """Return the contracts of the same unit that bear one of ``numbers`` as their own, or on paper with none of theirs.

    Two that have numbers of their own and share what stands on the paper (the customer's number, say) do not clash.
    """
    on_paper = tidy(contract.number_on_paper)
    written = {on_paper, contract.number_on_paper} - {""}
    same = Q(number__in=numbers) | Q(number_on_paper__in=[contract.number] if contract.number else [])
    if not contract.number and written:
        same |= Q(number_on_paper__in=written)
    elif written:
        same |= Q(number="", number_on_paper__in=written)
    return Contract.objects.standing().filter(same, unit=contract.unit_id)
