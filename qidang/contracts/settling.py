"""到期: what ended or came into force overnight gets its status, in small batches that the search index follows."""

import datetime as dt

from django.db import transaction

from qidang.accounts.models import User
from qidang.contracts.models import Contract
from qidang.ledger import record

BATCH = 50


def settle_statuses(on: dt.date, *, by: User) -> int:
    """更新合同状态 as of ``on``; returns how many contracts changed. Safe to run twice; one entry a batch."""
    count = 0
    while batch := _settle_some(on, by=by):
        count += batch
    return count


@transaction.atomic
def _settle_some(on: dt.date, *, by: User) -> int:
    due = list(Contract.objects.select_for_update().expired_on(on).order_by("pk")[:BATCH])
    for contract in due:
        contract.settle_status(on)
    Contract.objects.bulk_update(due, ["status"])
    if due:
        record("contract.status_settled", *due, by=by, details={"on": on.isoformat()})
    return len(due)
