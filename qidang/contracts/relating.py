"""关联合同: orders below their framework, supplements and guarantees below their contract, purchases below a sale."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Sum

from qidang.accounts.capabilities import require
from qidang.accounts.models import User
from qidang.contracts.choices import Relation, Status
from qidang.contracts.models import Contract, Revision
from qidang.kit.refusal import Refused
from qidang.ledger import record

DEEPEST = 20  # links between the uppermost contract and the lowest
MOST = 100  # contracts that a tree shows


@dataclasses.dataclass(slots=True)
class Branch:
    """A contract in the tree with those below it, as far as the reader may see them."""

    contract: Contract
    below: list[Branch] = dataclasses.field(default_factory=list)
    is_outside: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Ordered:
    """订单合计 of one currency below a framework; ``is_beyond`` where it is more than the framework's own amount."""

    currency: str
    count: int
    amount: Decimal
    is_beyond: bool


@transaction.atomic
def relate(contract: Contract, parent: Contract | None, relation: str, *, why: str, by: User) -> Contract:
    """建立关联 below ``parent``, another one than before, or none (解除关联); refuses a ring and what changes nothing.

    The right to read ``parent`` is enough: what changes is where ``contract`` belongs.
    """
    if not why.strip():
        raise Refused("relation.unexplained", number=str(contract))
    contract.opened(by)
    if parent is not None:
        require(by, "contract.read", parent)
        _refuse_ring(contract, parent)
    word = str(Relation(relation)) if parent else ""
    former, before = contract.parent, contract.relation
    if (former, before) == (parent, word):
        raise Refused("relation.same_already", number=str(contract))
    contract.parent, contract.relation = parent, word
    contract.edit_version += 1
    contract.save_settled()
    common = {"contract": contract, "edit_version": contract.edit_version, "at": contract.updated_at, "by": by}
    Revision.objects.create(**common, field="relation", old=before, new=word, why=why.strip())
    left = former if former != parent else None
    subjects = [one for one in (contract, parent, left) if one is not None]
    details = {"why": why.strip()} | ({"left": str(left.uid)} if left else {})
    record("contract.related" if parent else "contract.unrelated", *subjects, by=by, details=details)
    if parent is not None:
        _refuse_ring(contract, parent)  # the ledger lets one act through at a time: whoever came first is seen by now
    return contract


def tree(contract: Contract, user: User) -> Branch | None:
    """Return the tree that ``contract`` stands in, from the uppermost that ``user`` may see; None where it is alone."""
    root = Branch(_uppermost(contract, user))
    level, count = [root], 1
    for _ in range(DEEPEST):
        keyed = {branch.contract.pk: branch for branch in level}
        rows = Contract.objects.visible_to(user).filter(parent__in=keyed).order_by("signed_on", "pk")
        level = []
        for one in rows[: MOST - count]:
            above = keyed[one.parent_id or 0]
            below = Branch(one, is_outside=is_outside(one, above.contract))
            above.below.append(below)
            level.append(below)
        count += len(level)
        if not level or count >= MOST:
            break
    return root if root.below else None


def ordered(framework: Contract, user: User) -> list[Ordered]:
    """订单合计: the orders below ``framework`` that ``user`` may see, void ones left out, per currency, never added."""
    orders = Contract.objects.visible_to(user).filter(parent=framework, relation=Relation.ORDER)
    orders = orders.exclude(status=Status.VOID).order_by()
    sums = orders.values("currency").annotate(count=Count("pk"), sum=Sum("amount")).order_by("currency")
    return [
        Ordered(
            row["currency"], row["count"], row["sum"] or Decimal(0), _beyond(framework, row["currency"], row["sum"])
        )
        for row in sums
    ]


def is_outside(order: Contract, framework: Contract) -> bool:
    """Say whether an order was signed before its framework ran, or after it ended; unknown days say nothing."""
    if order.relation != Relation.ORDER or order.signed_on is None:
        return False
    begins, ends = framework.in_force_on or framework.signed_on, framework.expires_on
    return bool((begins and order.signed_on < begins) or (ends and order.signed_on > ends))


def _beyond(framework: Contract, currency: str, amount: Decimal | None) -> bool:
    cap = framework.amount
    return cap is not None and currency == framework.currency and (amount or Decimal(0)) > cap


def ancestors(contract: Contract) -> list[int]:
    """Return the keys of the contracts that ``contract`` stands below, the nearest first."""
    found: list[int] = []
    above = contract.parent_id
    while above is not None and above not in found and len(found) < DEEPEST:
        found.append(above)
        above = Contract.objects.filter(pk=above).values_list("parent_id", flat=True).first()
    return found


def _uppermost(contract: Contract, user: User) -> Contract:
    top, visible = contract, Contract.objects.visible_to(user)
    for _ in range(DEEPEST):
        above = visible.filter(pk=top.parent_id).first() if top.parent_id else None
        if above is None:
            return top
        top = above
    return top


def _refuse_ring(contract: Contract, parent: Contract) -> None:
    above: int | None = parent.pk
    for _ in range(DEEPEST):
        if above is None:
            return
        if above == contract.pk:
            raise Refused("relation.ring", number=str(contract), parent=str(parent))
        above = Contract.objects.filter(pk=above).values_list("parent_id", flat=True).first()
    raise Refused("relation.too_deep", number=str(contract))
