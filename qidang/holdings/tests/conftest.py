"""What the tests of holdings share: contracts with papers, ready to be filed."""

import datetime as dt
import itertools
from collections.abc import Callable
from decimal import Decimal

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues, PaperIn
from qidang.vault.models import Blob

Maker = Callable[..., Contract]
_bytes = itertools.count(1)


def a_paper(filename: str = "合同正文.pdf", **changes: object) -> PaperIn:
    """Return a paper whose bytes nobody has seen before."""
    blob = Blob.objects.create(sha256=f"{next(_bytes):064x}", size=1000)
    return PaperIn(blob=blob, filename=filename, **({"pages": 3} | changes))  # type: ignore[arg-type]


def a_contract(cast: Cast, *, paper: PaperIn | None = None, by: str = "salesperson", **changes: object) -> Contract:
    """Register a signed contract with one paper of three pages."""
    usual: dict[str, object] = {
        "title": "数控车床买卖合同",
        "unit": cast.department("qmj"),
        "department": cast.department("sales"),
        "counterparty_name": "苏州澄湖机电有限公司",
        "contract_type": "买卖合同",
        "our_role": "SELLER",
        "amount": Decimal("128000.00"),
        "signed_on": dt.date(2026, 3, 5),
    }
    values = ContractValues(**(usual | changes))  # type: ignore[arg-type]
    return register(values, by=cast.people[by], paper=paper or a_paper())


@pytest.fixture
def signed(cast: Cast) -> Maker:
    """Register a signed contract, with changes."""

    def make(**changes: object) -> Contract:
        return a_contract(cast, **changes)  # type: ignore[arg-type]

    return make
