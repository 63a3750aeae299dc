"""What the tests of contracts share: an everyday contract, a paper, our own company."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Company, Contract
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues, PaperIn
from qidang.vault.models import Blob

CUSTOMER = "苏州澄湖机电有限公司"
Registrar = Callable[..., Contract]
PaperMaker = Callable[..., PaperIn]


def values(cast: Cast, **changes: object) -> ContractValues:
    """Return the values of an everyday contract, with ``changes``."""
    usual: dict[str, object] = {
        "title": "数控车床买卖合同",
        "unit": cast.department("qmj"),
        "counterparty_name": CUSTOMER,
        "contract_type": "买卖合同",
        "our_role": "SELLER",
        "amount": Decimal("128000.00"),
        "signed_on": dt.date(2026, 3, 5),
    }
    return ContractValues(**(usual | changes))  # type: ignore[arg-type]


@pytest.fixture
def registered(cast: Cast) -> Registrar:
    """Register an everyday contract, with changes, by the salesperson unless ``by`` says otherwise."""

    def make(*, by: str = "salesperson", paper: PaperIn | None = None, **changes: object) -> Contract:
        return register(values(cast, **changes), by=cast.people[by], paper=paper)

    return make


@pytest.fixture
def a_paper(db: None) -> PaperMaker:
    """A file whose bytes the vault knows by name only; what versions are about needs no more."""

    def make(digit: str = "a", filename: str = "合同.pdf", **changes: object) -> PaperIn:
        blob, _ = Blob.objects.get_or_create(sha256=digit * 64, defaults={"size": 1000})
        return PaperIn(blob=blob, filename=filename, **changes)  # type: ignore[arg-type]

    return make


@pytest.fixture
def our_company(cast: Cast) -> Company:
    """Our own signing entity."""
    return Company.add(name=cast.department("qmj").name, is_ours=True, unit=cast.department("qmj"), by=cast.archivist)
