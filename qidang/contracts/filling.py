"""补全: what a contract lacks, or a project lets the paper say, is taken from what was read on its paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qidang.contracts.choices import Source

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.contracts.models import Contract


def fill(contract: Contract, changes: Mapping[str, Any], *, by: User, why: str) -> Contract:
    """补全 ``changes`` as they were read. Refuses as ``Contract.edit``; every change keeps that it was read."""
    return contract.edit(changes, by=by, edit_version=contract.edit_version, why=why, source=Source.READ)
