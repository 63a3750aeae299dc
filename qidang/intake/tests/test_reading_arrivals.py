"""识读之后: where an arrival comes to stand."""

import datetime as dt
import errno
from collections.abc import Callable

import pytest
from django.db import transaction

from qidang.cast import Cast
from qidang.contracts.models import Company, Contract
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues
from qidang.intake.models import Arrival, Batch, State
from qidang.intake.models.arrival import TRIES
from qidang.intake.review import confirm
from qidang.intake.settling import settle, work_out
from qidang.intake.tests.conftest import Taker, contract_text
from qidang.intake.texts import fields_of, paper_of
from qidang.intake.work import AtWork, wake_left_behind
from qidang.kit.clock import now
from qidang.ledger.models import Entry
from qidang.reading.pool import Pool
from qidang.reading.tests.making import archive

Reader = Callable[[Batch], None]


def test_a_contract_that_reads_well_is_registered_where_the_batch_says_so(
    take_in: Taker, batch: Batch, read: Reader, our_company: Company
) -> None:
    Batch.objects.filter(pk=batch.pk).update(registers_by_itself=True)
    (arrival,) = take_in(("合同.txt", contract_text().encode()))
    read(batch)
    arrival.refresh_from_db()
    assert arrival.state == State.REGISTERED, arrival.code
    contract = Contract.objects.get()
    assert arrival.contract == contract
    assert contract.counterparty_name == "苏州澄湖机电有限公司"
    assert Entry.objects.filter(act="contract.registered").count() == 1


def test_registering_by_itself_says_that_the_paper_was_read(
    take_in: Taker, batch: Batch, read: Reader, our_company: Company
) -> None:
    Batch.objects.filter(pk=batch.pk).update(registers_by_itself=True)
    (arrival,) = take_in(("合同.txt", contract_text().encode()))
    read(batch)
    told = Entry.objects.filter(subjects__uid=arrival.uid).order_by("seq").values_list("act", flat=True)
    assert list(told) == ["arrival.received", "arrival.registered"]


def test_a_paper_that_became_a_contracts_while_it_waited_is_told_to_the_index_when_it_is_read(
    take_in: Taker, batch: Batch, read: Reader, our_company: Company, cast: Cast
) -> None:
    values = ContractValues(title="台账里的合同", counterparty_name="苏州澄湖机电有限公司", unit=our_company.unit)
    contract = register(values, by=cast.archivist)
    (arrival,) = take_in(("合同.txt", contract_text().encode()))
    Arrival.objects.filter(pk=arrival.pk).update(contract=contract)
    read(batch)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.contract) == (State.REGISTERED, contract)
    assert Entry.objects.filter(act="arrival.read", subjects__uid=arrival.uid).count() == 1


def test_otherwise_it_waits_for_a_person_with_its_text_and_fields_kept(
    take_in: Taker, batch: Batch, read: Reader, our_company: Company
) -> None:
    (arrival,) = take_in(("合同.txt", contract_text().encode("gb18030")))
    read(batch)
    arrival.refresh_from_db()
    assert arrival.state == State.TO_REVIEW
    paper, fields = paper_of(arrival.sha256), fields_of(arrival.sha256)
    assert paper is not None
    assert fields is not None
    assert "数控车床" in paper.text
    assert arrival.number_read == "QMJ-XS-2026-0001"
    assert not Contract.objects.exists()


def test_what_is_no_contract_is_never_registered_by_itself(take_in: Taker, batch: Batch, read: Reader) -> None:
    Batch.objects.filter(pk=batch.pk).update(registers_by_itself=True)
    letter = "关于召开季度例会的通知\n\n各部门：\n定于周五下午召开例会，请准时参加。\n"
    (arrival,) = take_in(("通知.txt", letter.encode()))
    read(batch)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.code) == (State.TO_REVIEW, "intake.not_a_contract")


def test_a_broken_file_is_refused_with_a_code_and_the_batch_goes_on(
    take_in: Taker, batch: Batch, read: Reader, our_company: Company
) -> None:
    broken, whole = take_in(("坏.pdf", b"%PDF-1.7 nothing"), ("好.txt", contract_text().encode()))
    read(batch)
    broken.refresh_from_db()
    whole.refresh_from_db()
    assert broken.state == State.REFUSED
    assert broken.code.startswith("reading.")
    assert broken.message
    assert broken.next_step
    assert whole.state == State.TO_REVIEW


def test_what_cannot_be_read_is_kept_and_can_be_registered_unread(
    take_in: Taker, batch: Batch, read: Reader, our_company: Company, cast: Cast
) -> None:
    (arrival,) = take_in(("总图.dwg", b"AC1032" + bytes(500)))
    read(batch)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.code) == (State.TO_REVIEW, "intake.unread")
    values = ContractValues(title="设备图纸合同", unit=cast.department("qmj"), counterparty_name="苏州澄湖机电有限公司")
    contract = confirm(arrival, values, by=cast.archivist)
    paper = paper_of(arrival.sha256)
    assert contract.documents.get().versions.get().blob == arrival.blob
    assert paper is not None
    assert [problem.code for problem in paper.problems] == ["reading.unsupported"]


def test_what_says_nothing_in_an_archive_is_counted_in_the_batch(
    take_in: Taker, batch: Batch, read: Reader, our_company: Company
) -> None:
    content = archive(**{"合同__txt": contract_text().encode(), "~$合同__docx": b"x", "空__pdf": b""})
    (box, junk) = take_in(("一批.zip", content), ("杂.zip", archive(Thumbs__db=b"x")))
    read(batch)
    box.refresh_from_db()
    junk.refresh_from_db()
    assert (box.state, junk.state) == (State.OPENED, State.OPENED)
    assert box.members.count() == 1
    assert sorted(one.path for one in batch.skipped.all()) == [
        "一批.zip/~$合同.docx",
        "一批.zip/空.pdf",
        "杂.zip/Thumbs.db",
    ]


def test_nearly_the_same_text_is_told_as_a_duplicate(
    take_in: Taker, batch: Batch, read: Reader, our_company: Company
) -> None:
    first, second = take_in(
        ("一.txt", contract_text().encode()), ("二.txt", (contract_text() + "\n第 1 页\n").encode())
    )
    read(batch)
    first.refresh_from_db()
    second.refresh_from_db()
    states = sorted([first.state, second.state])
    assert states == [State.DUPLICATE, State.TO_REVIEW]
    assert "intake.near_text" in {first.code, second.code}


def test_a_batch_that_has_been_read_can_be_woken_again(take_in: Taker, batch: Batch, read: Reader) -> None:
    take_in(("a.txt", b"a"))
    read(batch)
    batch.refresh_from_db()
    assert not batch.is_queued


def test_what_was_withdrawn_while_it_was_read_stays_withdrawn(take_in: Taker, batch: Batch, read: Reader) -> None:
    (arrival,) = take_in(("合同.txt", contract_text().encode()))
    with transaction.atomic():
        (claimed,) = Arrival.objects.all().claim(5)
    Arrival.objects.filter(pk=arrival.pk).update(state=State.WITHDRAWN)
    with Pool(size=1) as pool:
        reading = pool.read(contract_text().encode(), "合同.txt")
    settle(claimed, work_out(claimed, reading, []))
    arrival.refresh_from_db()
    assert arrival.state == State.WITHDRAWN


def test_a_full_disk_costs_an_arrival_no_try(
    take_in: Taker, batch: Batch, read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (arrival,) = take_in(("合同.txt", contract_text().encode()))
    monkeypatch.setattr("qidang.intake.settling.keep_reading", full)
    with pytest.raises(OSError, match="No space"):
        read(batch)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.attempts) == (State.WAITING, 0)
    monkeypatch.undo()
    read(batch)
    arrival.refresh_from_db()
    assert arrival.state == State.TO_REVIEW


def test_a_file_that_a_dead_worker_left_is_read_by_the_next(take_in: Taker, batch: Batch, read: Reader) -> None:
    (arrival,) = take_in(("合同.txt", contract_text().encode()))
    past = now() - dt.timedelta(hours=1)
    Arrival.objects.filter(pk=arrival.pk).update(state=State.READING, lease_until=past)
    Batch.objects.filter(pk=batch.pk).update(is_queued=True, worked_at=past)
    wake_left_behind()
    read(batch)
    arrival.refresh_from_db()
    assert arrival.state == State.TO_REVIEW


def test_a_file_that_takes_long_is_not_taken_for_left_behind(take_in: Taker, batch: Batch) -> None:
    take_in(("合同.txt", contract_text().encode()))
    with transaction.atomic():
        (claimed,) = Arrival.objects.all().claim(5)
    long_ago = now() - dt.timedelta(hours=1)
    Arrival.objects.filter(pk=claimed.pk).update(lease_until=long_ago)
    Batch.objects.filter(pk=batch.pk).update(is_queued=True, worked_at=long_ago)
    at_work = AtWork(batch.pk)
    at_work.arrivals.add(claimed.pk)
    at_work.renew()
    assert not Arrival.objects.unread(now()).exists()
    wake_left_behind()
    batch.refresh_from_db()
    assert batch.is_queued
    assert batch.worked_at is not None
    assert batch.worked_at > long_ago


def test_a_file_on_which_workers_keep_dying_is_given_up(take_in: Taker, batch: Batch, read: Reader) -> None:
    (arrival,) = take_in(("合同.txt", contract_text().encode()))
    Arrival.objects.filter(pk=arrival.pk).update(attempts=TRIES)
    read(batch)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.code) == (State.REFUSED, "reading.crashed")


def test_a_contract_registered_by_itself_belongs_to_the_department_the_batch_came_to(
    take_in: Taker, batch: Batch, read: Reader, our_company: Company, cast: Cast
) -> None:
    Batch.objects.filter(pk=batch.pk).update(registers_by_itself=True, department=cast.department("sales"))
    take_in(("合同.txt", contract_text().encode()))
    read(batch)
    contract = Contract.objects.get()
    assert contract.department == cast.department("sales")
    assert contract.owner == cast.salesperson
