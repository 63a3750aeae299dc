"""People and things for the ledger's own tests; it knows no room above itself."""

import dataclasses
import uuid

import pytest

from qidang.kit.ids import uuid7
from qidang.ledger import Subject


@dataclasses.dataclass(frozen=True)
class Somebody:
    """An actor."""

    ledger_name: str = "周文澜"
    uid: uuid.UUID = dataclasses.field(default_factory=uuid7)


@pytest.fixture
def somebody() -> Somebody:
    """One who acts."""
    return Somebody()


@pytest.fixture
def contract() -> Subject:
    """One thing acted upon."""
    return Subject("contract", uuid7(), "HT-2026-0001 阀门采购合同")
