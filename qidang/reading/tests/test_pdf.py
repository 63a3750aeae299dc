"""PDF: text with its place on the page."""

import pathlib

import pytest

from qidang.reading.paper import Page
from qidang.reading.pool import Job, Pool
from qidang.reading.tests.making import pdf

CONTRACT = pdf([(200, 780, 18, "买卖合同"), (72, 700, 12, "合同编号：甲2026-01"), (72, 670, 12, "第一条　标的")])


def page(pool: Pool, content: bytes) -> Page:
    """Return the only page of a PDF."""
    paper = pool.read(content, "甲.pdf").paper
    assert paper is not None
    return paper.pages[0]


def test_lines_come_in_reading_order_with_their_boxes(pool: Pool) -> None:
    sheet = page(pool, CONTRACT)
    assert [line.text for line in sheet.lines] == ["买卖合同", "合同编号：甲2026-01", "第一条　标的"]
    box = sheet.lines[0].box
    assert box is not None
    assert box[0] == pytest.approx(200 / 595, abs=0.01)
    assert box[2] == pytest.approx(272 / 595, abs=0.01)
    assert 0.04 < box[1] < box[3] < 0.08


def test_a_turned_page_is_read_as_it_is_shown(pool: Pool) -> None:
    turned = pdf([(300, 500, 12, "甲")], rotate=90)
    sheet = page(pool, turned)
    assert (sheet.width, sheet.height) == (842, 595)
    box = sheet.lines[0].box
    assert box is not None
    assert box[0] == pytest.approx(500 / 842, abs=0.02)
    assert box[1] == pytest.approx(300 / 595, abs=0.02)


def test_the_digest_and_the_type_come_with_the_reading(pool: Pool) -> None:
    reading = pool.read(CONTRACT, "没有后缀")
    assert reading.media_type == "application/pdf"
    assert len(reading.sha256) == 64
    assert reading.refused is None


def test_garbage_between_pdf_marks_is_refused(pool: Pool) -> None:
    assert pool.read(b"%PDF-1.7\n" + bytes(200), "坏.pdf").refused == "reading.malformed"


def test_a_locked_pdf_asks_for_its_password(pool: Pool, shared: pathlib.Path) -> None:
    locked = shared / "data/robustness/pdf/pypdf/r6-user-password.pdf"
    assert pool.read(locked, locked.name).refused == "reading.encrypted"
    assert pool.read(locked, locked.name, password="wrong").refused == "reading.wrong_password"
    opened = pool.read(locked, locked.name, password="asdfzxcv")
    assert opened.paper is not None
    assert opened.paper.is_encrypted
    assert opened.paper.chars > 20


def test_a_typeset_contract_is_read_whole(pool: Pool, shared: pathlib.Path) -> None:
    path = min((shared / "data/gold/pdf").glob("*.pdf"))
    text = (shared / "data/gold/txt" / f"{path.stem}.txt").read_text(encoding="utf-8")
    paper = pool.read(path, path.name).paper
    assert paper is not None
    missing = set(text) - set(paper.text) - set("┌┐└┘├┤┬┴┼─│　 \r\n")
    assert not missing


def test_many_files_come_back_each_with_its_own_text(pool: Pool) -> None:
    jobs = [Job(pdf([(72, 700, 12, f"合同{number}")]), f"{number}.pdf", key=number) for number in range(12)]
    texts = {job.key: reading.paper.text for job, reading in pool.read_many(jobs) if reading.paper}
    assert texts == {number: f"合同{number}" for number in range(12)}
