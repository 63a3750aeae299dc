"""归档 by eight people at once: no gap, no twin, on both databases."""

import concurrent.futures
import threading
from typing import Any

from django.db import connections

from qidang.accounts.models import User
from qidang.cast import make_cast
from qidang.contracts.models import Contract
from qidang.holdings.filing import file
from qidang.holdings.models import Record
from qidang.holdings.tests.conftest import a_contract
from qidang.kit.refusal import Refused
from qidang.ledger import verify

WRITERS = 8
EACH = 4


def filed(start: threading.Barrier, keys: list[int]) -> list[str]:
    """File these contracts; return the codes of what was refused."""
    refused = []
    try:
        archivist = User.objects.get(username="archivist")
        start.wait(timeout=30)
        for key in keys:
            try:
                file(Contract.objects.get(pk=key), year=2026, retention="D30", org="XSB", by=archivist)
            except Refused as refusal:
                refused.append(refusal.code)
    finally:
        connections.close_all()
    return refused


def together(shares: list[list[int]]) -> list[str]:
    start = threading.Barrier(len(shares))
    with concurrent.futures.ThreadPoolExecutor(len(shares)) as threads:
        return [code for codes in threads.map(filed, [start] * len(shares), shares) for code in codes]


def test_eight_archivists_at_once_leave_no_gap_and_no_twin(fresh_database: str, django_db_blocker: Any) -> None:
    cast = make_cast()
    keys = [a_contract(cast, counterparty_name=f"客户{no % 3}有限公司").pk for no in range(WRITERS * EACH)]
    assert together([keys[no::WRITERS] for no in range(WRITERS)]) == []
    items = list(Record.objects.order_by("item").values_list("item", flat=True))
    assert items == list(range(1, WRITERS * EACH + 1))
    assert len({*Record.objects.values_list("reference", flat=True)}) == WRITERS * EACH
    assert verify().ok


def test_one_of_eight_who_file_the_same_contract_files_it(fresh_database: str, django_db_blocker: Any) -> None:
    key = a_contract(make_cast()).pk
    assert together([[key]] * WRITERS) == ["filing.filed_already"] * (WRITERS - 1)
    assert Record.objects.get().reference == "Q001-HT·2026-D30-XSB-0001"
