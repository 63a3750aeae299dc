"""What page tests share: people signed in, and contracts to look at."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from qidang import vault
from qidang.accounts.models import User
from qidang.accounts.signing_in import BACKEND
from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues, PaperIn, PartyValues
from qidang.vault.models import Blob

Visit = Callable[[User], Client]
MakeContract = Callable[..., Contract]


@pytest.fixture
def visit() -> Visit:
    """Return a browser in which that person is signed in."""

    def signed_in(person: User) -> Client:
        client = Client()
        client.force_login(person, backend=BACKEND)
        return client

    return signed_in


@pytest.fixture
def make_contract(cast: Cast) -> MakeContract:
    """Register a contract of the salesperson's; any value can be given otherwise."""

    def made(by: User | None = None, paper: bytes | None = None, **values: Any) -> Contract:
        given: dict[str, Any] = {
            "title": "数控机床采购合同",
            "unit": cast.department("qmj"),
            "counterparty_name": "江川自动化有限公司",
            "amount": Decimal("125000.50"),
            "signed_on": dt.date(2026, 3, 5),
            "expires_on": dt.date(2027, 3, 4),
            "contract_type": "买卖合同",
            "parties": (PartyValues(name="江川自动化有限公司", role="BUYER", side="甲方"),),
        }
        kept = PaperIn(blob=Blob.objects.keep(vault.put(paper)), filename="合同.txt") if paper else None
        return register(ContractValues(**(given | values)), by=by or cast.salesperson, paper=kept)

    return made


@pytest.fixture
def contract(make_contract: MakeContract) -> Contract:
    """One contract of the salesperson's, with its paper."""
    return make_contract(paper="合同正文".encode())
