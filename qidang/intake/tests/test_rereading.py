"""重新识读: lost text is asked for once, read by the worker, and asked for anew when nobody came."""

import datetime as dt

import pytest

from qidang import vault
from qidang.intake import rereading
from qidang.intake.models import Arrival, Rereading, State
from qidang.intake.rereading import paper_or_ask, reread
from qidang.intake.tests.conftest import Taker, contract_text
from qidang.intake.texts import FIELDS, TEXT, fields_of, keep_reading
from qidang.kit.clock import now
from qidang.kit.refusal import Refused
from qidang.reading import STILL_TRUE
from qidang.reading.paper import Extraction, Line, Page, Paper
from qidang.reading.pool import Reading
from qidang.vault.models import Blob

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The papers that the worker was asked for."""
    papers: list[str] = []

    class Task:
        """Notes what is asked."""

        enqueue = staticmethod(papers.append)

    monkeypatch.setattr(rereading, "read_again", Task)
    return papers


@pytest.fixture
def lost(take_in: Taker) -> Blob:
    """Bytes in the vault that were read once, and whose text is lost."""
    [arrival] = take_in(("合同.txt", contract_text().encode()))
    Arrival.objects.filter(pk=arrival.pk).update(state=State.TO_REVIEW)
    vault.forget_derived(arrival.sha256)
    return arrival.blob


def test_lost_text_is_asked_for_once_for_all_who_look(lost: Blob, asked: list[str]) -> None:
    assert [paper_or_ask(lost, "合同.txt") for _ in range(3)] == [None] * 3
    assert asked == [lost.sha256]
    reread(lost.sha256)
    paper = paper_or_ask(lost, "合同.txt")
    assert paper is not None
    assert "QMJ-XS-2026-0001" in paper.pages[0].text
    assert not Rereading.objects.exists()


def test_what_an_earlier_reader_kept_serves_until_the_paper_is_read_again(lost: Blob, asked: list[str]) -> None:
    [earlier] = STILL_TRUE
    before = Paper("text/plain", [Page(1, lines=[Line("as it was read before")])])
    vault.derive(lost.sha256, TEXT, earlier, before.pack())
    vault.derive(lost.sha256, FIELDS, earlier, Extraction(True, "买卖合同", {}).to_json())
    assert paper_or_ask(lost, "合同.txt") == before
    assert fields_of(lost.sha256) is not None
    assert asked == []

    keep_reading(lost.sha256, Reading("合同.txt", refused="reading.damaged"))
    paper = paper_or_ask(lost, "合同.txt")
    assert paper is not None
    assert paper.pages == []
    assert fields_of(lost.sha256) is None


def test_after_ten_minutes_one_asks_again(lost: Blob, asked: list[str]) -> None:
    paper_or_ask(lost, "合同.txt")
    Rereading.objects.update(asked_at=now() - dt.timedelta(minutes=11), code="vault.missing")
    assert paper_or_ask(lost, "合同.txt") is None
    assert asked == [lost.sha256] * 2


def test_bytes_that_cannot_be_opened_are_told_to_who_asks(
    lost: Blob, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(blob: Blob) -> bytes:
        raise Refused("vault.missing", sha256=blob.sha256)

    paper_or_ask(lost, "合同.txt")
    monkeypatch.setattr(vault, "read", missing)
    reread(lost.sha256)
    with pytest.raises(Refused, match=r"vault\.missing"):
        paper_or_ask(lost, "合同.txt")
    assert asked == [lost.sha256]


def test_a_full_disk_is_tried_again_and_held_against_no_paper(
    lost: Blob, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Refused("vault.disk_full")

    paper_or_ask(lost, "合同.txt")
    monkeypatch.setattr(vault, "derive", full)
    with pytest.raises(Refused):
        reread(lost.sha256)
    assert Rereading.objects.get().code == ""


def test_what_nobody_asked_for_is_not_read(lost: Blob) -> None:
    reread(lost.sha256)
    assert vault.derived(lost.sha256, "text", "1") is None


def test_what_waits_for_its_first_reading_is_only_hastened(take_in: Taker, asked: list[str]) -> None:
    [arrival] = take_in(("合同.txt", contract_text().encode()))
    assert paper_or_ask(arrival.blob, "合同.txt") is None
    arrival.refresh_from_db()
    assert arrival.asked_at is not None
    assert asked == []
