"""台账导入 while others work: what they write meanwhile stops no row."""

import threading
from typing import Any

import pytest
from django.db import connections

from qidang.accounts.models import User
from qidang.cast import make_cast
from qidang.contracts.models import Contract
from qidang.intake import importing
from qidang.intake.sheets import bring, bring_in
from qidang.intake.tests.ledgers import rows
from qidang.kit.clock import now

HEADINGS = ["合同编号", "合同名称", "客户名称", "合同金额"]
MANY = 130  # more rows than a database hands over at once


def write_meanwhile() -> None:
    """Write from a connection of one's own, as a page does that remembers a visit."""
    User.objects.filter(username="auditor").update(last_login=now())
    connections.close_all()


def test_rows_come_in_while_somebody_else_writes(
    fresh_database: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast()
    lines = [[f"QMJ-{no:04}", f"第{no}号买卖合同", "澄湖机电有限公司", f"{no}00"] for no in range(1, MANY + 1)]
    sheet = bring(rows(HEADINGS, *lines), "台账.xlsx", by=cast.archivist, unit=cast.department("qmj"))
    register = importing._register

    def meanwhile(*given: Any) -> None:
        other = threading.Thread(target=write_meanwhile)
        other.start()
        other.join()
        register(*given)

    monkeypatch.setattr(importing, "_register", meanwhile)
    bring_in(sheet, by=cast.archivist)
    assert Contract.objects.count() == MANY
