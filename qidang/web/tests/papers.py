"""Papers that the tests of intake, search and viewer pages look at: as if read already, without a child."""

import itertools
import pathlib
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from qidang import vault
from qidang.accounts.models import User
from qidang.cast import Cast
from qidang.contracts.models import Company, Contract, Version
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues, PaperIn
from qidang.intake.models import Arrival, Batch, Source, State
from qidang.intake.receiving import keep, open_batch, receive
from qidang.intake.texts import FIELDS, TEXT
from qidang.ledger import record
from qidang.reading import READER_VERSION
from qidang.reading.paper import Extraction, Found, Line, Page, Paper
from qidang.search import following, index
from qidang.vault.models import Blob

Arrive = Callable[..., Arrival]
Register = Callable[..., Contract]
HOSTILE = '"><img src=x onerror=alert(1)>'  # a file's name may hold no slash, so no end tag


@pytest.fixture(autouse=True)
def quiet_home(settings: Any, tmp_path: pathlib.Path) -> Iterator[None]:
    """A home, and so an index, of its own; nothing is read in the background."""
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir(mode=0o700)
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend", "QUEUES": []}}
    yield
    index.forget()


def read_as(sha256: str, pages: tuple[str, ...], source: str = "text", fields: dict[str, str] | None = None) -> None:
    """Keep what reading would have found: a line with a box per line, a field for each value of ``fields``."""
    paper = Paper("application/pdf", [_page(number, text, source) for number, text in enumerate(pages, start=1)])
    vault.derive(sha256, TEXT, READER_VERSION, zlib.compress(paper.to_json(), 1))
    if fields is not None:
        found = {name: _found(paper, value) for name, value in fields.items()}
        vault.derive(sha256, FIELDS, READER_VERSION, Extraction(True, "买卖合同", dict(found)).to_json())


def _page(number: int, text: str, source: str) -> Page:
    flows = source == "flow"
    box = [None if flows else (0.1, at / 20, 0.9, at / 20 + 0.04) for at in range(20)]
    lines = [Line(words, box[at % 20]) for at, words in enumerate(text.split("\n"))]
    return Page(number, 0 if flows else 595, 0 if flows else 842, lines, source=source)


def _found(paper: Paper, value: str) -> Found:
    for page in paper.pages:
        start = page.text.find(value)
        if start >= 0:
            line = page.line_at(start)
            return Found(value, value, page.number, start, start + len(value), line.box if line else None, 0.97)
    return Found(value, value, 1, 0, 0, None, 0.5, derived=True)


@pytest.fixture
def arrive(cast: Cast) -> Arrive:
    """Take a file in and have it stand as if it had been read: ``pages`` of text, ``fields`` found in them."""
    numbers = itertools.count(1)

    def make(
        *pages: str,
        by: User | None = None,
        batch: Batch | None = None,
        filename: str = "来件.pdf",
        data: bytes = b"",
        state: str = State.TO_REVIEW,
        source: str = "text",
        fields: dict[str, str] | None = None,
        **changes: Any,
    ) -> Arrival:
        batch = batch or open_batch(Source.UPLOAD, by=by or cast.salesperson)
        content = data or f"{next(numbers)}\n{pages}".encode()
        [arrival] = receive(batch, [keep(content, filename)], by=batch.by)
        if pages:
            read_as(arrival.sha256, pages, source, fields)
        Arrival.objects.filter(pk=arrival.pk).update(state=state, pages=len(pages), **changes)
        arrival.refresh_from_db()
        record("arrival.read", arrival, by=User.objects.system())
        return arrival

    return make


@pytest.fixture
def registered(cast: Cast) -> Register:
    """Register a contract with a paper of the given pages, by the salesperson unless ``by`` says otherwise."""

    def make(*pages: str, by: User | None = None, data: bytes = b"", source: str = "text", **values: Any) -> Contract:
        stored = vault.put(data or "\f".join(pages).encode())
        read_as(stored.sha256, pages, source)
        usual: dict[str, Any] = {
            "title": "数控车床买卖合同",
            "unit": cast.department("qmj"),
            "counterparty_name": "澄湖机电有限公司",
        }
        paper = PaperIn(blob=Blob.objects.keep(stored), filename="合同.pdf")
        return register(ContractValues(**(usual | values)), by=by or cast.salesperson, paper=paper)

    return make


def version_of(contract: Contract) -> Version:
    """Return the one version of the contract's one paper."""
    return Version.objects.get(document__contract=contract)


def index_all() -> None:
    """Bring the search up to date."""
    while not following.catch_up():
        pass


@pytest.fixture
def our_company(cast: Cast) -> Company:
    """Our own signing entity."""
    return Company.add(name=cast.department("qmj").name, is_ours=True, unit=cast.department("qmj"), by=cast.archivist)
