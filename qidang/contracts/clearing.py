"""误传清除 as the contract sees it: a version that was brought by mistake lets its bytes go and stays as a stub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qidang.contracts.models import Contract
from qidang.contracts.models.holds import refuse_held
from qidang.contracts.moving import settle_scan
from qidang.kit import clock
from qidang.kit.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from qidang.contracts.models import Version


def lock_unheld(contract: Contract) -> None:
    """Lock the contract's row, whatever became of its registration; refuse while a hold (保全) stands."""
    contract.refresh_from_db(from_queryset=Contract.objects.select_for_update())
    refuse_held(contract)


def let_go(versions: Iterable[Version], *, renamed: Callable[[str], str] = str) -> list[Contract]:
    """Clear versions inside the act that decides it, their contracts locked; return the contracts.

    ``renamed`` gives the name that takes the place of one that says too much, in the document's title too.
    """
    contracts: dict[int, Contract] = {}
    for version in versions:
        if version.document.title == version.filename:
            version.document.title = renamed(version.filename)
            version.document.save(update_fields=["title"])
        version.filename = renamed(version.filename)
        version.cleared_at, version.chars = clock.now(), None
        version.save(update_fields=["filename", "cleared_at", "chars"])
        version.blob.let_go(version)
        contracts[version.document.contract_id] = version.document.contract
    for contract in contracts.values():
        settle_scan(contract)
    return list(contracts.values())


def refuse_cleared(version: Version) -> None:
    """Refuse to show or hand out what was cleared."""
    if version.cleared_at is not None:
        raise Refused("document.cleared", filename=version.filename)
