"""What the tests of search share: a home of its own, contracts and arrivals with text, and asking."""

import datetime as dt
import hashlib
import pathlib
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues, PaperIn
from qidang.intake.models import Arrival, Source, State
from qidang.intake.receiving import keep, open_batch, receive
from qidang.intake.texts import TEXT
from qidang.ledger import record
from qidang.reading import READER_VERSION
from qidang.reading.paper import Line, Page, Paper
from qidang.search import following, index
from qidang.search.query import Results, find
from qidang.vault import derive, put
from qidang.vault.models import Blob

Registrar = Callable[..., Contract]
Arriver = Callable[..., Arrival]
Finder = Callable[..., Results]


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: pathlib.Path) -> Iterator[None]:
    """Every test has a home, and so an index, of its own; nothing is read in the background."""
    settings.HOME = tmp_path
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend", "QUEUES": []}}
    yield
    index.forget()


def keep_text(sha256: str, pages: list[str]) -> None:
    """Keep the text of a file as reading would: a box a line, ten lines a page."""
    made = [
        Page(
            number,
            595,
            842,
            [Line(line, (0.1, at / 10, 0.9, at / 10 + 0.05)) for at, line in enumerate(text.split("\n"))],
        )
        for number, text in enumerate(pages, start=1)
    ]
    derive(sha256, TEXT, READER_VERSION, zlib.compress(Paper("text/plain", made).to_json(), 1))


@pytest.fixture
def registered(cast: Cast) -> Registrar:
    """Register a contract with a paper of the given pages, by the salesperson unless ``by`` says otherwise."""

    def make(*pages: str, by: str = "salesperson", **changes: Any) -> Contract:
        usual: dict[str, Any] = {
            "title": "数控车床买卖合同",
            "unit": cast.department("qmj"),
            "counterparty_name": "苏州澄湖机电有限公司",
            "contract_type": "买卖合同",
            "signed_on": dt.date(2026, 3, 5),
        }
        paper = PaperIn(blob=_blob(list(pages)), filename="合同.txt") if pages else None
        return register(ContractValues(**(usual | changes)), by=cast.people[by], paper=paper)

    return make


def _blob(pages: list[str]) -> Blob:
    stored = put("\f".join(pages).encode())
    keep_text(stored.sha256, pages)
    return Blob.objects.keep(stored)


@pytest.fixture
def arrived(cast: Cast) -> Arriver:
    """Take a file in and have it wait for review, by the salesperson unless ``by`` says otherwise."""

    def make(*pages: str, by: str = "salesperson", filename: str = "来件.txt") -> Arrival:
        batch = open_batch(Source.UPLOAD, by=cast.people[by])
        [arrival] = receive(batch, [keep("\f".join(pages).encode(), filename)], by=batch.by)
        keep_text(arrival.sha256, list(pages))
        Arrival.objects.filter(pk=arrival.pk).update(state=State.TO_REVIEW, title="到件")
        with transaction.atomic():
            record("arrival.read", arrival, by=batch.by)
        return arrival

    return make


@pytest.fixture
def search(cast: Cast) -> Finder:
    """Bring the index up to date, then find as ``by`` (the lawyer, who reads everything)."""

    def ask(text: str, *, by: str = "lawyer", catch_up: bool = True, **more: Any) -> Results:
        while catch_up and not following.catch_up():
            pass
        cast.people[by].__dict__.pop("_reaches", None)
        return find(cast.people[by], text, **more)

    return ask


def digest(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
