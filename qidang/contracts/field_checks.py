"""核对无误: a person has looked at what a ledger sheet or the reading says, and it is right."""

from collections.abc import Collection, Iterable, Sequence
from itertools import batched

from django.db import transaction

from qidang.accounts.capabilities import require
from qidang.accounts.models import User
from qidang.contracts.choices import Status
from qidang.contracts.models import Contract, FieldSource
from qidang.kit import clock
from qidang.ledger import record

BATCH = 200  # contracts of one transaction and one entry


@transaction.atomic
def mark_checked(contract: Contract, *, by: User, edit_version: int, fields: Collection[str] | None = None) -> int:
    """核对无误 for the named ``fields`` of a contract, or all; returns how many nobody had checked before.

    Refuses whom the contract does not reach, a void one, and one that was changed after ``edit_version``.
    """
    contract.opened(by, edit_version)
    return _mark([contract], fields, by)


def mark_many_checked(contracts: Iterable[Contract], *, by: User) -> int:
    """批量核对无误: every field of those of ``contracts`` that ``by`` may edit; returns how many contracts changed.

    Void ones, and those in which nothing is left to check, are passed over. One entry a batch.
    """
    require(by, "contract.edit")
    keys = [contract.pk for contract in contracts]
    return sum(_mark_some(some, by) for some in batched(keys, BATCH))


@transaction.atomic
def _mark_some(keys: Sequence[int], by: User) -> int:
    within = Contract.objects.visible_to(by, "contract.edit").filter(pk__in=keys, unchecked__gt=0)
    found = list(within.exclude(status=Status.VOID).select_for_update(of=("self",)).order_by("pk"))
    _mark(found, None, by)
    return len(found)


def _mark(contracts: Sequence[Contract], fields: Collection[str] | None, by: User) -> int:
    open_ones = FieldSource.objects.filter(contract__in=contracts).unchecked()
    if fields is not None:
        open_ones = open_ones.filter(field__in=fields)
    count = open_ones.update(checked_by=by, checked_at=clock.now())
    if not count:
        return 0
    for contract in contracts:
        contract.unchecked = 0 if fields is None else contract.field_sources.unchecked().count()
    Contract.objects.bulk_update(contracts, ["unchecked"])
    named = {"fields": sorted(fields)} if fields is not None else {}
    record("contract.checked", *contracts, by=by, details={"count": count} | named)
    return count
