"""正本: whether they should have come back by now, and their hand-over."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings

from qidang.contracts.choices import GONE, Status

if TYPE_CHECKING:
    from qidang.contracts.models import Contract


def is_lacking(contract: Contract, on: dt.date) -> bool:
    """缺原件 on that day: the answer of ``ContractQuerySet.lacking_originals`` for one row that is in hand."""
    signed_by = on - dt.timedelta(days=settings.ORIGINALS_DAYS)
    is_due = contract.signed_on is not None and contract.signed_on <= signed_by
    return contract.lacks_originals and is_due and contract.status not in (Status.VOID, *GONE)
