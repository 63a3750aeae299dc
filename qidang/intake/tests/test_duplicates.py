"""重复: the same paper, a better scan, another paper: one act decides, and what was told apart stays so."""

from collections.abc import Callable

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Company, Contract, Version
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues
from qidang.intake import duplicates
from qidang.intake.models import Arrival, Batch, Comparison, Said, State
from qidang.intake.receiving import keep, open_batch, receive
from qidang.intake.review import paper_of, put_back, retry
from qidang.intake.scans import better
from qidang.intake.settling import _nearly_the_same
from qidang.intake.tests.conftest import Taker, contract_text
from qidang.kit.refusal import Refused
from qidang.reading.paper import Page, Paper

Reader = Callable[[Batch], None]
NEARLY = (contract_text() + "\n第 1 页\n").encode()


@pytest.fixture
def first(take_in: Taker, batch: Batch, read: Reader, our_company: Company) -> Arrival:
    """A contract that came and was read."""
    (arrival,) = take_in(("合同.txt", contract_text().encode()))
    read(batch)
    arrival.refresh_from_db()
    return arrival


@pytest.fixture
def near(first: Arrival, take_in: Taker, batch: Batch, read: Reader) -> Arrival:
    """Nearly the same text, come later."""
    (arrival,) = take_in(("合同-改.txt", NEARLY))
    read(batch)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.code, arrival.duplicate_of) == (State.DUPLICATE, "intake.near_text", first)
    return arrival


def registered(arrival: Arrival, cast: Cast) -> Contract:
    """Register the arrival, without its number, so that it is found by its text."""
    values = ContractValues(title="产品销售合同", unit=cast.department("qmj"), counterparty_name="苏州澄湖机电有限公司")
    contract = register(values, by=cast.salesperson, paper=paper_of(arrival))
    Arrival.objects.filter(pk=arrival.pk).update(state=State.REGISTERED, contract=contract)
    return contract


def papers(contract: Contract) -> list[tuple[int, str]]:
    return list(Version.objects.filter(document__contract=contract).order_by("id").values_list("no", "filename"))


def test_the_same_paper_becomes_another_paper_of_the_same_contract(cast: Cast, first: Arrival, near: Arrival) -> None:
    contract = registered(first, cast)
    duplicates.keep_as_copy(near, by=cast.salesperson, why="第二份正本的扫描")
    near.refresh_from_db()
    assert (near.state, near.contract, near.code) == (State.REGISTERED, contract, "")
    assert papers(contract) == [(1, "合同.txt"), (1, "合同-改.txt")]
    said = Comparison.objects.get()
    assert (said.said, said.other, said.contract, said.code) == (Said.COPY, first, contract, "intake.near_text")


def test_a_better_scan_becomes_the_newest_version_and_the_old_one_stays(
    cast: Cast, first: Arrival, near: Arrival
) -> None:
    contract = registered(first, cast)
    duplicates.take_as_better(near, by=cast.salesperson)
    assert papers(contract) == [(1, "合同.txt"), (2, "合同-改.txt")]
    assert contract.documents.get().latest.filename == "合同-改.txt"


def test_of_two_that_wait_the_better_scan_waits_on_and_the_other_can_be_put_back(
    cast: Cast, first: Arrival, near: Arrival
) -> None:
    duplicates.take_as_better(near, by=cast.salesperson)
    near.refresh_from_db()
    first.refresh_from_db()
    assert (near.state, first.state, first.code) == (State.TO_REVIEW, State.WITHDRAWN, "intake.better_scan_came")
    put_back(first, by=cast.salesperson)
    first.refresh_from_db()
    assert first.state == State.TO_REVIEW


def test_the_same_bytes_are_kept_once_and_cannot_be_a_better_scan(
    cast: Cast, first: Arrival, take_in: Taker, batch: Batch
) -> None:
    (same,) = take_in(("合同(1).txt", contract_text().encode()))
    with pytest.raises(Refused) as refusal:
        duplicates.take_as_better(same, by=cast.salesperson)
    assert refusal.value.code == "duplicate.same_bytes_no_better"
    duplicates.keep_as_copy(same, by=cast.salesperson)
    same.refresh_from_db()
    assert (same.state, same.code) == (State.WITHDRAWN, "intake.copy_of_another")
    contract = registered(first, cast)
    (third,) = take_in(("合同(2).txt", contract_text().encode()))
    duplicates.keep_as_copy(third, by=cast.salesperson)
    third.refresh_from_db()
    assert third.contract == contract
    assert papers(contract) == [(1, "合同.txt")]


def test_what_was_told_apart_waits_for_itself_and_is_not_proposed_again(
    cast: Cast, near: Arrival, batch: Batch, read: Reader
) -> None:
    duplicates.tell_apart(near, by=cast.salesperson, why="另一份合同")
    near.refresh_from_db()
    assert (near.state, near.code, near.duplicate_of_id) == (State.TO_REVIEW, "", None)
    retry(near, by=cast.salesperson)
    read(batch)
    near.refresh_from_db()
    assert near.state == State.TO_REVIEW


def test_who_does_not_see_the_other_cannot_decide_against_it(cast: Cast, first: Arrival, read: Reader) -> None:
    theirs = open_batch("upload", by=cast.rival)
    (near,) = receive(theirs, [keep(NEARLY, "韩的.txt")], by=cast.rival)
    read(theirs)
    near.refresh_from_db()
    assert near.duplicate_of == first
    assert not duplicates.other_of(near, cast.rival)
    for act in (duplicates.keep_as_copy, duplicates.take_as_better):
        with pytest.raises(Refused) as refusal:
            act(near, by=cast.rival)
        assert refusal.value.code == "duplicate.other_unseen"
    duplicates.tell_apart(near, by=cast.rival)


def test_readers_decide_nothing(cast: Cast, near: Arrival) -> None:
    for act in (duplicates.keep_as_copy, duplicates.take_as_better, duplicates.tell_apart):
        with pytest.raises(Refused) as refusal:
            act(near, by=cast.lawyer)
        assert refusal.value.code == "accounts.not_allowed"


def test_two_recognitions_of_one_scan_may_differ_by_more(first: Arrival) -> None:
    other = Arrival(number_read=first.number_read, title="另一种读法", ocr_pages=1)
    assert first.likeness is not None
    other.likeness = first.likeness ^ 0b1011_0110_1101  # eight bits
    assert _nearly_the_same(other, set()) == first
    assert _nearly_the_same(other, {first.pk}) is None
    other.ocr_pages = 0
    assert _nearly_the_same(other, set()) is None


def test_a_better_scan_is_clearer_upright_finer_or_whole() -> None:
    good = Paper("application/pdf", [Page(1, source="ocr", score=0.97), Page(2, source="ocr", score=0.97)])
    bad = Paper("application/pdf", [Page(1, source="ocr", score=0.91, turn=90)])
    good.meta["pixels"], bad.meta["pixels"] = 8_700_000, 2_100_000
    assert [trait.name for trait in better(good, bad)] == ["clearer", "upright", "finer", "whole"]
    assert better(bad, good) == []
    assert better(good, good) == []
