"""No list asks the database more often for many rows than for few."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qidang.accounts.models import User
from qidang.cast import Cast
from qidang.contracts.values import PaperIn
from qidang.holdings import filing
from qidang.intake.models import Source, State
from qidang.intake.receiving import keep, open_batch, receive
from qidang.search import following, index
from qidang.search.tests.conftest import keep_text
from qidang.vault import put
from qidang.vault.models import Blob
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db
FEW, MANY = 3, 15
MOST = 24  # queries of any page, session and user included
PAGES = (
    "/",
    "/contracts/",
    "/contracts/?more=1&owner=1",
    "/companies/",
    "/companies/{company}/",
    "/companies/{company}/?tab=papers",
    "/companies/{company}/?tab=people",
    "/companies/{company}/?tab=notes",
    "/companies/{company}/?tab=log",
    "/contracts/{contract}/?tab=papers",
    "/contracts/{contract}/?tab=versions",
    "/contracts/{contract}/?tab=log",
    "/contracts/{contract}/print/",
    "/contracts/{contract}/glance/",
    "/contracts/export/",
    "/holdings/",
    "/holdings/export/",
    "/holdings/to-file/",
    "/intake/upload/",
    "/intake/batches/",
    "/intake/batches/{batch}/",
    "/intake/to-review/",
    "/log/",
    "/log/export/",
    "/numbering/gaps/",
    "/people/",
    "/departments/",
    "/roles/",
    "/search/?q=合同",
    "/search/suggestions/?q=合同",
)


@pytest.fixture
def home(settings: Any, tmp_path: pathlib.Path) -> Iterator[None]:
    """A home and an index of its own; nothing is read in the background."""
    settings.HOME = tmp_path
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend", "QUEUES": []}}
    yield
    index.forget()


def fill(cast: Cast, make_contract: MakeContract, count: int, mark: str) -> dict[str, Any]:
    """Add ``count`` of everything that stands in lists; return the keys of what is looked at alone."""
    first = make_contract(paper=f"第一份{mark}".encode())
    batch = open_batch(Source.UPLOAD, by=cast.archivist, note=mark)
    for number in range(count):
        name = f"{mark}{number}"
        contract = make_contract(title=f"合同{name}", counterparty_name=f"客户{name}有限公司", paper=name.encode())
        filing.file(contract, year=2026, retention="D30", org="", by=cast.archivist)
        make_contract(title=f"合同待归档{name}", paper=f"待归档{name}".encode())
        contract.add_document(_paper(f"后来{name}"), by=cast.archivist)
        first.add_document(_paper(f"附件{name}"), by=cast.archivist)
        (arrival,) = receive(batch, [keep(f"来件{name}".encode(), f"来件{name}.txt")], by=cast.archivist)
        keep_text(arrival.sha256, [f"合同来件{name}"])
        arrival.state, arrival.contract = (State.TO_REVIEW, None) if number % 2 else (State.DUPLICATE, contract)
        arrival.save()
        open_batch(Source.UPLOAD, by=cast.archivist, note=name)
        User.objects.create(username=f"person{name}", name=name, department=cast.department("sales"))
    assert any(following.catch_up() for _ in range(50))
    assert first.counterparty is not None
    return {"contract": first.uid, "company": first.counterparty.uid, "batch": batch.uid}


def _paper(text: str) -> PaperIn:
    stored = put(text.encode())
    keep_text(stored.sha256, [text])
    return PaperIn(blob=Blob.objects.keep(stored), filename=f"{text}.txt")


def test_many_rows_cost_no_more_queries_than_few(
    cast: Cast, visit: Visit, make_contract: MakeContract, home: None
) -> None:
    few = _counted(cast, visit, fill(cast, make_contract, FEW, "少"))
    many = _counted(cast, visit, fill(cast, make_contract, MANY, "多"))
    assert {page: (few[page], n) for page, n in many.items() if n > few[page] or n > MOST} == {}


def _counted(cast: Cast, visit: Visit, keys: dict[str, Any]) -> dict[str, int]:
    client, counted = visit(cast.administrator), {}
    for page in PAGES:
        address = page.format(**keys)
        assert client.get(address).status_code == 200, address
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        counted[page] = len(queries)
    return counted
