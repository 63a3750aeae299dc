"""收件: nothing that was accepted is lost, and nothing is taken twice without being said."""

import pytest

from qidang import vault
from qidang.cast import Cast
from qidang.intake.models import Arrival, Batch, State, Why
from qidang.intake.receiving import keep, pass_over
from qidang.intake.tests.conftest import Taker
from qidang.intake.uploads import begin
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry
from qidang.vault.models import Holder


def test_a_file_is_kept_and_waits_to_be_read(take_in: Taker, batch: Batch) -> None:
    (arrival,) = take_in(("合同.txt", "甲方".encode()))
    assert arrival.state == State.WAITING
    assert vault.read(arrival.blob) == "甲方".encode()
    assert Holder.objects.filter(blob=arrival.blob, kind="arrival", uid=arrival.uid).exists()
    assert Entry.objects.filter(act="arrival.received").count() == 1


def test_a_batch_is_woken_once_however_many_files_come(take_in: Taker, batch: Batch) -> None:
    take_in(("a.txt", b"a"), ("b.txt", b"b"))
    take_in(("c.txt", b"c"))
    batch.refresh_from_db()
    assert batch.is_queued


def test_the_same_bytes_again_are_a_duplicate_that_names_the_first(take_in: Taker) -> None:
    first, second = take_in(("合同.txt", b"same"), ("副本.txt", b"same"))
    assert second.state == State.DUPLICATE
    assert second.duplicate_of == first
    assert second.code == "intake.same_bytes"
    assert second.blob == first.blob


def test_bytes_whose_first_arrival_was_withdrawn_are_no_duplicate(take_in: Taker) -> None:
    (first,) = take_in(("合同.txt", b"same"))
    Arrival.objects.filter(pk=first.pk).update(state=State.WITHDRAWN)
    (second,) = take_in(("合同.txt", b"same"))
    assert second.state == State.WAITING


def test_a_name_is_cut_to_its_last_part_and_to_what_a_column_holds(cast: Cast) -> None:
    assert keep(b"x", "C:\\合同\\一号.pdf").filename == "一号.pdf"
    long = keep(b"x", "长" * 300 + ".pdf").filename
    assert len(long) == 255
    assert long.endswith(".pdf")


def test_a_file_without_a_name_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        keep(b"x", " / ")
    assert refusal.value.code == "intake.no_name"


def test_what_is_passed_over_is_counted_once_in_its_batch(batch: Batch) -> None:
    pass_over(batch, [("~$合同.docx", Why.LITTER), ("空.pdf", Why.EMPTY)])
    pass_over(batch, [("空.pdf", Why.EMPTY)])
    assert [(one.path, one.why) for one in batch.skipped.all()] == [("~$合同.docx", "litter"), ("空.pdf", "empty")]


def test_an_upload_that_says_nothing_is_refused_with_words_and_counted(batch: Batch) -> None:
    for name, size, code in (("Thumbs.db", 9, "intake.litter"), ("空.pdf", 0, "intake.empty_file")):
        with pytest.raises(Refused) as refusal:
            begin(batch, by=batch.by, filename=name, size=size, path=f"旧/{name}")
        assert refusal.value.code == code
    assert [one.path for one in batch.skipped.all()] == ["旧/Thumbs.db", "旧/空.pdf"]


def test_only_who_took_in_and_the_reviewers_of_the_department_see_a_batch(take_in: Taker, cast: Cast) -> None:
    take_in(("合同.txt", b"x"))
    seeing = {name for name, person in cast.people.items() if Arrival.objects.visible_to(person).exists()}
    assert {"salesperson", "archivist"} <= seeing
    assert not seeing & {"outsider", "suzhou", "rival"}
