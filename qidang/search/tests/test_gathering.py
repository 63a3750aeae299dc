"""取材 while others work: what they write meanwhile does not keep the one who gathers from writing."""

import threading
from typing import Any

import pytest
from django.db import connections, transaction

from qidang.accounts.models import User
from qidang.cast import make_cast
from qidang.contracts.models import Contract
from qidang.holdings.tests.conftest import a_contract
from qidang.kit.clock import now
from qidang.search import gathering


def write_as(username: str) -> None:
    """Write as a page does that remembers a visit."""
    with transaction.atomic():
        User.objects.filter(username=username).update(last_login=now())


def write_meanwhile() -> None:
    """Write from a connection of one's own."""
    write_as("auditor")
    connections.close_all()


def test_who_gathers_may_write_after_somebody_else_did(
    fresh_database: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast()
    keys = [a_contract(cast, counterparty_name=f"客户{no}有限公司").pk for no in range(3)]
    monkeypatch.setattr(gathering, "CHUNK", 1)
    gathered = []
    for paper in gathering.contracts(Contract.objects.order_by("pk")):
        other = threading.Thread(target=write_meanwhile)
        other.start()
        other.join()
        write_as("archivist")
        gathered.append(paper.uid)
    assert gathered == [str(Contract.objects.get(pk=key).uid) for key in keys]
