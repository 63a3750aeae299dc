"""No list asks the database more often for many rows than for few."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qidang.accounts.models import User
from qidang.accounts.roster import Line
from qidang.cast import Cast
from qidang.contracts import customer_sheets
from qidang.contracts.values import PaperIn
from qidang.holdings import filing
from qidang.intake import pairing, projects, sampling, sheets
from qidang.intake.models import Difference, Source, State
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
    "/companies/?q=客户&uscc=missing&erp=without&open=1&year=2026&sort=-added",
    "/companies/export/",
    "/companies/import/",
    "/companies/imports/{customer_sheet}/",
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
    "/intake/projects/",
    "/intake/projects/{project}/",
    "/intake/projects/{project}/matches/",
    "/intake/projects/{project}/without-scan/",
    "/intake/projects/{project}/without-row/",
    "/intake/projects/{project}/differences/",
    "/intake/projects/samples/{sampling}/",
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
    keys = _project(cast, count, mark)
    assert any(following.catch_up() for _ in range(50))
    assert first.counterparty is not None
    keys |= {"customer_sheet": _customers(cast, count, mark)}
    return {"contract": first.uid, "company": first.counterparty.uid, "batch": batch.uid} | keys


def _project(cast: Cast, count: int, mark: str) -> dict[str, Any]:
    """Add a project with as many rows without a scan, matches with a difference, and files without a row."""
    by = cast.archivist
    project = projects.begin(f"项目{mark}", by=by, unit=cast.department("qmj"))
    lines = [f"{mark}-20{number:02}-甲,合同{number},客户{number}" for number in range(2 * count)]
    ledger = "\n".join(["合同编号,合同名称,客户名称", *lines]).encode()
    sheets.bring_in(projects.add_ledger(project, ledger, "台账.csv", by=by), by=by)
    batch = projects.open_project_batch(project, Source.UPLOAD, by=by)
    names = [f"{mark}-20{number:02}-甲.txt" for number in range(count)] + [f"别的{mark}{n}.txt" for n in range(count)]
    receive(batch, [keep(f"{name}{mark}".encode(), name) for name in names], by=by)
    pairing.match_project(project)
    pairing.adopt(project, project.matches.values_list("pk", flat=True), by=by)
    Difference.objects.bulk_create(
        Difference(project=project, match=match, field="amount", in_sheet="1", in_paper="2")
        for match in project.matches.all()
    )
    return {"project": project.uid, "sampling": sampling.draw(project, by=by, size=count).uid}


def _customers(cast: Cast, count: int, mark: str) -> Any:
    """Import a sheet with as many customers."""
    rows = [Line(number, {"name": f"表客户{mark}{number}", "aliases": f"表{mark}{number}"}) for number in range(count)]
    sheet = customer_sheets.take(customer_sheets.bring(rows, "客户.xlsx", by=cast.archivist), by=cast.archivist)
    customer_sheets.carry_on(sheet)
    return sheet.uid


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
