"""What the index knows of a thing that can be found: a contract with its papers, or an arrival that waits (待登记)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

CONTRACT, ARRIVAL = "contract", "arrival"
WAITING = "WAITING"  # the status of an arrival, beside those of contracts
HISTORICAL = "HISTORICAL"  # beside the filing status: 历史登记


@dataclass(frozen=True)
class IndexedPaper:
    """One entry of the index. ``papers`` holds the pages of each current paper; ``others`` more words of its fields.

    ``rights`` are the terms by which it may be found (``o:<owner>``, ``d:<department>``, ``t:<who took it in>``,
    ``v:<department that reviews it>``); amounts are in yuan, departments, owners and customers are keys of their
    tables.
    """

    uid: str
    kind: str
    rights: Sequence[str]
    numbers: Sequence[str] = ()
    title: str = ""
    companies: Sequence[str] = ()
    reference: str = ""
    old_reference: str = ""
    others: Sequence[str] = ()
    papers: Sequence[Sequence[str]] = field(default=(), repr=False)
    year: int | None = None
    contract_type: str = ""
    customer: str = ""
    customer_key: int | None = None
    department: int | None = None
    owner: int | None = None
    status: str = ""
    filing: str = ""
    is_historical: bool = False
    amount: Decimal | None = None
    signed_on: datetime.date | None = None
    expires_on: datetime.date | None = None

    @property
    def head(self) -> list[str]:
        """The words of its fields, in the order in which they count for a reader."""
        companies = dict.fromkeys([self.customer, *self.companies])
        return [
            part
            for part in (*self.numbers, self.reference, self.old_reference, self.title, *companies, *self.others)
            if part
        ]
