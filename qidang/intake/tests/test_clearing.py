"""误传清除: a paper brought by mistake is gone for good, once a second person agrees, and does not come back."""

import io
import pathlib
from collections.abc import Callable

import pytest

from qidang import vault
from qidang.cast import Cast
from qidang.contracts.models import Company, Contract, Hold, Version
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues, PaperIn
from qidang.holdings import filing
from qidang.intake import arranging, folders, uploads
from qidang.intake import clearing as act
from qidang.intake.copies import copies, made_of_pages
from qidang.intake.isolating import isolate
from qidang.intake.models import (
    ArrangedSource,
    Arranging,
    Arrival,
    Batch,
    ClearedThing,
    Clearing,
    Isolation,
    Skipped,
    State,
    Upload,
)
from qidang.intake.receiving import keep, open_batch, receive
from qidang.intake.review import attach, put_back, retry
from qidang.intake.tests.conftest import Taker, contract_text
from qidang.intake.texts import keep_reading, paper_of
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry, EntryDetails, EntrySubject
from qidang.reading.pool import Reading
from qidang.reading.tests.making import archive
from qidang.vault import disk, erasures, shredding
from qidang.vault.models import Blob, Shredding

Reader = Callable[[Batch], None]
PAYROLL = "三月工资表\n张三 12345.67\n李四 7654.32\n".encode()
MAIL = (
    b"From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"As agreed.\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b'Content-Disposition: attachment; filename="p.txt"\r\n\r\n'
)


@pytest.fixture(autouse=True)
def home(tmp_path: pathlib.Path, settings: object) -> pathlib.Path:
    """A home with a list of its own."""
    settings.HOME = tmp_path / "home"  # type: ignore[attr-defined]
    settings.CLEARED_FILE = str(tmp_path / "cleared")  # type: ignore[attr-defined]
    return tmp_path / "home"


@pytest.fixture
def payroll(take_in: Taker, batch: Batch, read: Reader, our_company: Company) -> Arrival:
    """A payroll list that the salesperson dropped in."""
    (arrival,) = take_in(("三月工资表.txt", PAYROLL))
    read(batch)
    arrival.refresh_from_db()
    assert arrival.state == State.TO_REVIEW
    return arrival


def cleared(cast: Cast, main: Arrival | Version, *also: Arrival | Version, hides_name: bool = False) -> Clearing:
    """Ask for the removal and have the archivist agree."""
    asked = act.ask(main, also, why="工资表误传", by=cast.salesperson, hides_name=hides_name)
    return act.decide(asked, agrees=True, by=cast.archivist)


def lies_there(sha256: str) -> bool:
    return disk.storage().exists(sha256)


class _Refusal:
    """Expects a refusal with its code."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        assert isinstance(error, Refused), f"{self.code} was not refused: {error!r}"
        assert error.code == self.code
        return True


def test_the_bytes_and_all_that_was_made_of_them_are_gone_and_a_stub_stays(cast: Cast, payroll: Arrival) -> None:
    done = cleared(cast, payroll)
    payroll.refresh_from_db()
    assert (payroll.state, payroll.code, payroll.filename) == (State.CLEARED, "intake.cleared", "三月工资表.txt")
    assert (payroll.title, payroll.likeness, payroll.chars, payroll.is_contract) == ("", None, 0, None)
    assert payroll.sha256 == done.sha256
    assert payroll.blob.size == len(PAYROLL)
    assert not lies_there(payroll.sha256)
    assert paper_of(payroll.sha256) is None
    assert not payroll.blob.holders.exists()
    one = Shredding.objects.get()
    assert (one.sha256, one.cause) == (payroll.sha256, done.uid)
    assert one.done_at is not None


def test_the_key_in_the_head_is_overwritten_before_the_name_goes(
    cast: Cast, payroll: Arrival, home: pathlib.Path
) -> None:
    (path,) = home.glob(f"blobs/objects/*/{payroll.sha256}")
    kept = home / "another name"
    kept.hardlink_to(path)
    before = kept.read_bytes()
    cleared(cast, payroll)
    assert kept.read_bytes()[:52] != before[:52]


def test_the_log_names_no_file_and_says_nothing_of_what_was_in_it(cast: Cast, payroll: Arrival) -> None:
    done = cleared(cast, payroll)
    entries = Entry.objects.filter(act__in=("clearing.asked", "arrival.cleared"))
    names = set(EntrySubject.objects.filter(entry__in=entries).values_list("name", flat=True))
    assert names == {str(done), "误传件"}
    assert not EntryDetails.objects.filter(entry__in=entries).exists()


def test_its_name_goes_too_where_it_says_too_much(cast: Cast, payroll: Arrival) -> None:
    done = cleared(cast, payroll, hides_name=True)
    payroll.refresh_from_db()
    assert (payroll.filename, payroll.path, done.called) == ("误传件.txt", "", "误传件.txt")


def test_without_a_reason_nothing_is_asked(cast: Cast, payroll: Arrival) -> None:
    with _Refusal("clearing.reason_needed"):
        act.ask(payroll, why=" ", by=cast.salesperson)


def test_who_asked_cannot_agree_and_who_may_not_clear_neither(cast: Cast, payroll: Arrival) -> None:
    asked = act.ask(payroll, why="误传", by=cast.archivist)
    with _Refusal("clearing.needs_another"):
        act.decide(asked, agrees=True, by=cast.archivist)
    for person in (cast.salesperson, cast.lawyer, cast.security_officer, cast.outsider):
        with _Refusal("accounts.not_allowed"):
            act.decide(asked, agrees=True, by=person)
    assert lies_there(payroll.sha256)
    with _Refusal("clearing.waits"):
        act.ask(payroll, why="误传", by=cast.salesperson)


def test_declined_with_a_reason_it_stays_and_may_be_asked_again(cast: Cast, payroll: Arrival) -> None:
    asked = act.ask(payroll, why="误传", by=cast.salesperson)
    with _Refusal("clearing.decline_reason_needed"):
        act.decide(asked, agrees=False, by=cast.archivist)
    act.decide(asked, agrees=False, by=cast.archivist, why="是附件")
    with _Refusal("clearing.decided_already"):
        act.decide(asked, agrees=True, by=cast.second_archivist)
    payroll.refresh_from_db()
    assert payroll.state == State.TO_REVIEW
    assert lies_there(payroll.sha256)
    act.ask(payroll, why="误传", by=cast.salesperson)


def test_who_asked_takes_it_back(cast: Cast, payroll: Arrival) -> None:
    asked = act.ask(payroll, why="误传", by=cast.salesperson)
    with _Refusal("clearing.not_yours"):
        act.take_back(asked, by=cast.archivist)
    act.take_back(asked, by=cast.salesperson)
    with _Refusal("clearing.decided_already"):
        act.decide(asked, agrees=True, by=cast.archivist)


def test_nothing_can_be_done_with_a_cleared_paper(cast: Cast, payroll: Arrival) -> None:
    cleared(cast, payroll)
    with _Refusal("intake.settled_meanwhile"):
        retry(payroll, by=cast.archivist)
    with _Refusal("intake.settled_meanwhile"):
        put_back(payroll, by=cast.archivist)
    with _Refusal("clearing.done_already"):
        act.ask(payroll, why="误传", by=cast.salesperson)


def test_the_same_bytes_are_not_taken_again(cast: Cast, payroll: Arrival, batch: Batch) -> None:
    cleared(cast, payroll)
    with _Refusal("intake.cleared_before"):
        keep(PAYROLL, "又是工资表.txt")
    assert not lies_there(payroll.sha256)
    with _Refusal("vault.shredded"):
        Blob.objects.keep(vault.put(PAYROLL))
    assert not lies_there(payroll.sha256)


def test_allowed_back_they_are_taken_and_read_like_any_other(
    cast: Cast, payroll: Arrival, batch: Batch, read: Reader
) -> None:
    done = cleared(cast, payroll)
    with _Refusal("accounts.not_allowed"):
        act.allow_return(done, why="要用", by=cast.salesperson)
    act.allow_return(done, why="核对奖金条款要用", by=cast.archivist)
    with _Refusal("clearing.cannot_return"):
        act.allow_return(done, why="要用", by=cast.archivist)
    (again,) = receive(batch, [keep(PAYROLL, "工资表.txt")], by=batch.by)
    read(batch)
    again.refresh_from_db()
    assert again.state == State.TO_REVIEW
    assert vault.read(again.blob) == PAYROLL
    act.finish(thoroughly=True)
    assert act.apply_list() == (0, 0)
    assert lies_there(again.sha256)
    cleared(cast, again)  # and may be cleared once more
    assert not lies_there(again.sha256)


def test_while_another_holds_the_same_bytes_they_stay_and_the_receipt_counts_it(
    cast: Cast, payroll: Arrival, read: Reader
) -> None:
    theirs = open_batch("upload", by=cast.rival)
    (other,) = receive(theirs, [keep(PAYROLL, "韩的.txt")], by=cast.rival)
    assert other.duplicate_of == payroll
    cleared(cast, payroll)
    assert lies_there(payroll.sha256)
    assert not Shredding.objects.exists()
    other.refresh_from_db()
    assert other.state == State.WAITING
    assert other.duplicate_of_id is None
    read(theirs)
    seen = copies(payroll.sha256, cast.salesperson)
    assert (seen.arrivals, seen.hidden) == ([], 1)
    assert copies(payroll.sha256, cast.rival).arrivals == [other]
    cleared(cast, other)
    assert not lies_there(payroll.sha256)


def test_an_archive_and_a_mail_hold_what_is_in_them(
    cast: Cast, take_in: Taker, batch: Batch, read: Reader, our_company: Company
) -> None:
    mail = MAIL + PAYROLL + b"\r\n--x--"
    (box,) = take_in(("一批.zip", archive(信__eml=mail, 常__txt=contract_text().encode())))
    read(batch)
    letter, inner = Arrival.objects.get(filename="信.eml"), Arrival.objects.get(filename="p.txt")
    cleared(cast, inner)
    assert lies_there(inner.sha256)
    assert paper_of(inner.sha256) is None
    assert copies(inner.sha256, cast.salesperson).around == [box, letter]
    cleared(cast, letter)
    assert lies_there(letter.sha256)
    assert lies_there(inner.sha256)
    cleared(cast, box)
    assert not any(lies_there(one.sha256) for one in (box, letter, inner))
    assert Arrival.objects.get(filename="常.txt").state == State.TO_REVIEW
    assert len(copies(inner.sha256, cast.archivist)) == 0


def test_asked_for_together_they_go_together(
    cast: Cast, take_in: Taker, batch: Batch, read: Reader, our_company: Company
) -> None:
    (box,) = take_in(("一批.zip", archive(工__txt=PAYROLL, 常__txt=contract_text().encode())))
    read(batch)
    inner = Arrival.objects.get(filename="工.txt")
    done = cleared(cast, inner, box)
    assert ClearedThing.objects.filter(clearing=done).count() == 2
    assert not lies_there(inner.sha256)
    assert not lies_there(box.sha256)


def test_an_archive_that_brings_it_again_is_told_and_the_rest_of_it_is_read(
    cast: Cast, payroll: Arrival, take_in: Taker, batch: Batch, read: Reader
) -> None:
    cleared(cast, payroll)
    (box,) = take_in(("又一批.zip", archive(工__txt=PAYROLL, 常__txt=contract_text().encode())))
    read(batch)
    stub = Arrival.objects.get(filename="工.txt")
    assert (stub.state, stub.parent) == (State.CLEARED, box)
    assert Arrival.objects.get(filename="常.txt").state == State.TO_REVIEW
    assert not lies_there(payroll.sha256)
    assert copies(payroll.sha256, cast.salesperson).around == [box]


def test_a_watched_folder_passes_it_over_and_goes_on(cast: Cast, payroll: Arrival, tmp_path: pathlib.Path) -> None:
    cleared(cast, payroll)
    (tmp_path / "watched").mkdir()
    folder = folders.watch(str(tmp_path / "watched"), by=cast.administrator)
    for name, data in (("a.txt", PAYROLL), ("b.txt", contract_text().encode())):
        (tmp_path / "watched" / name).write_bytes(data)
    folders.QUIET, quiet = -1.0, folders.QUIET
    try:
        brought = folders.take_in(folder)
    finally:
        folders.QUIET = quiet
    assert brought is not None
    assert [one.filename for one in brought.arrivals.all()] == ["b.txt"]
    assert Skipped.objects.get(batch=brought, path="a.txt").why == "cleared"


@pytest.fixture
def wrong_paper(cast: Cast, payroll: Arrival) -> tuple[Contract, Version]:
    """A contract to which the payroll list was attached."""
    values = ContractValues(title="采购", unit=cast.department("qmj"), counterparty_name="苏州澄湖机电有限公司")
    blob = Blob.objects.keep(vault.put(b"the contract itself"))
    contract = register(values, by=cast.salesperson, paper=PaperIn(blob=blob, filename="合同.txt"))
    document = attach(payroll, contract, kind="SCAN", why="", by=cast.salesperson)
    payroll.refresh_from_db()
    contract.refresh_from_db()
    assert contract.has_scan
    return contract, document.versions.get()


def test_the_contract_that_it_became_a_paper_of_keeps_a_stub(
    cast: Cast, payroll: Arrival, wrong_paper: tuple[Contract, Version]
) -> None:
    contract, version = wrong_paper
    cleared(cast, payroll, hides_name=True)
    version.refresh_from_db()
    contract.refresh_from_db()
    assert version.cleared_at is not None
    assert version.filename == "误传件.txt"
    assert not contract.has_scan
    assert not lies_there(payroll.sha256)
    assert vault.read(Version.objects.get(filename="合同.txt").blob) == b"the contract itself"


def test_under_a_hold_nothing_is_asked_and_nothing_carried_out(
    cast: Cast, payroll: Arrival, wrong_paper: tuple[Contract, Version]
) -> None:
    contract, _version = wrong_paper
    asked = act.ask(payroll, why="误传", by=cast.salesperson)
    hold = Hold.place(contract, why="诉讼", holder="某区人民法院", by=cast.administrator)
    with _Refusal("contract.held"):
        act.decide(asked, agrees=True, by=cast.archivist)
    asked.refresh_from_db()
    assert asked.decided_at is None
    act.take_back(asked, by=cast.salesperson)
    with _Refusal("contract.held"):
        act.ask(payroll, why="误传", by=cast.salesperson)
    hold.release(by=cast.administrator, why="结案")
    cleared(cast, payroll)


def test_what_is_filed_is_refused(cast: Cast, payroll: Arrival, wrong_paper: tuple[Contract, Version]) -> None:
    contract, version = wrong_paper
    asked = act.ask(version, why="误传", by=cast.salesperson)
    Contract.objects.filter(pk=contract.pk).update(signed_on="2026-03-05")
    filed = filing.file(Contract.objects.get(pk=contract.pk), year=2026, retention="D30", org="", by=cast.archivist)
    with _Refusal("clearing.filed"):
        act.decide(asked, agrees=True, by=cast.second_archivist)
    filing.unfile(filed, by=cast.archivist, second=cast.second_archivist, why="归错")
    act.decide(asked, agrees=True, by=cast.second_archivist)
    version.refresh_from_db()
    assert version.cleared_at is not None


def test_who_may_not_edit_the_contract_cannot_ask_for_its_paper(
    cast: Cast, wrong_paper: tuple[Contract, Version]
) -> None:
    with _Refusal("accounts.not_allowed"):
        act.ask(wrong_paper[1], why="误传", by=cast.rival)


def test_a_state_secret_is_cleared_by_two_who_may_deal_with_secrets(cast: Cast, payroll: Arrival) -> None:
    isolation = isolate(payroll.sha256, by=cast.salesperson)
    payroll.refresh_from_db()
    with _Refusal("accounts.not_allowed"):
        act.ask(payroll, why="涉密误传", by=cast.archivist)
    asked = act.ask(payroll, why="涉密误传", by=cast.security_officer, hides_name=True)
    with _Refusal("accounts.not_allowed"):
        act.decide(asked, agrees=True, by=cast.archivist)
    act.decide(asked, agrees=True, by=cast.administrator)
    assert not lies_there(payroll.sha256)
    isolation.refresh_from_db()
    assert isolation.cleared_at is not None
    assert not Isolation.objects.to_deal_with().exists()
    assert set(Clearing.objects.visible_to(cast.archivist)) == set()
    assert set(Clearing.objects.visible_to(cast.security_officer)) == {asked}


def test_pages_taken_out_of_it_are_named(cast: Cast, payroll: Arrival) -> None:
    assert made_of_pages(payroll.sha256, cast.salesperson) == ([], 0)


def test_what_is_read_while_it_is_cleared_leaves_no_text(cast: Cast, payroll: Arrival) -> None:
    cleared(cast, payroll)
    keep_reading(payroll.sha256, Reading("x", packed=b"late"))
    assert paper_of(payroll.sha256) is None


def test_a_restored_home_clears_again_what_the_list_says_and_twice_changes_nothing(
    cast: Cast, payroll: Arrival, home: pathlib.Path
) -> None:
    (path,) = home.glob(f"blobs/objects/*/{payroll.sha256}")
    backup = path.read_bytes()
    cleared(cast, payroll)
    Shredding.objects.all().delete()  # the database of before, and the bytes of before
    ClearedThing.objects.all().delete()
    Clearing.objects.all().delete()
    Arrival.objects.filter(pk=payroll.pk).update(state=State.TO_REVIEW, title="三月工资表")
    payroll.blob.held_by(payroll)
    path.write_bytes(backup)
    assert act.apply_list() == (1, 0)
    payroll.refresh_from_db()
    assert (payroll.state, payroll.title) == (State.CLEARED, "")
    assert not lies_there(payroll.sha256)
    assert Entry.objects.filter(act="arrival.cleared_again").count() == 1
    assert act.apply_list() == (0, 0)
    assert Entry.objects.filter(act="arrival.cleared_again").count() == 1


def test_the_list_bars_bytes_that_the_restored_home_never_knew(cast: Cast, batch: Batch, payroll: Arrival) -> None:
    cleared(cast, payroll)
    listed = erasures.read()
    ClearedThing.objects.all().delete()
    Shredding.objects.all().delete()
    assert act.apply_list() == (1, 0)
    with _Refusal("intake.cleared_before"):
        keep(PAYROLL, "工资表.txt")
    assert listed.lines.keys() == {payroll.sha256}


def test_a_torn_or_forged_line_counts_for_nothing(cast: Cast, payroll: Arrival) -> None:
    cleared(cast, payroll)
    other = Blob.objects.keep(vault.put(b"another"))
    text = erasures.path().read_text()
    forged = text.replace(payroll.sha256, other.sha256)
    erasures.path().write_text(text + forged + text[:40])
    assert act.apply_list() == (0, 2)
    assert lies_there(other.sha256)
    cleared_again = erasures.Line("0" * 64, 1, Clearing.objects.get().uid, Clearing.objects.get().asked_at)
    erasures.append([cleared_again])
    assert len(erasures.read().lines) == 2


def test_a_list_that_cannot_be_written_stops_the_decision_before_it_is_made(
    cast: Cast, payroll: Arrival, settings: object, tmp_path: pathlib.Path
) -> None:
    asked = act.ask(payroll, why="误传", by=cast.salesperson)
    settings.CLEARED_FILE = str(tmp_path / "nowhere" / "list")  # type: ignore[attr-defined]
    with _Refusal("vault.list_unwritable"):
        act.decide(asked, agrees=True, by=cast.archivist)
    asked.refresh_from_db()
    assert asked.decided_at is None
    assert lies_there(payroll.sha256)


def test_what_the_disk_refuses_is_ended_later(cast: Cast, payroll: Arrival, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = act.ask(payroll, why="误传", by=cast.salesperson)
    with monkeypatch.context() as patch:
        patch.setattr(disk.Disk, "shred", _fail)
        with pytest.raises(OSError, match="broken"):
            act.decide(asked, agrees=True, by=cast.archivist)
    asked.refresh_from_db()
    assert asked.is_agreed
    assert lies_there(payroll.sha256)
    assert act.finish() == 1
    assert not lies_there(payroll.sha256)


def _fail(*_: object) -> None:
    raise OSError("broken")


def test_bytes_laid_down_again_by_a_kill_are_found(cast: Cast, payroll: Arrival) -> None:
    cleared(cast, payroll)
    vault.put(PAYROLL)  # and the process dies before it asks whether it may
    assert shredding.finish() == 0
    assert shredding.finish(thoroughly=True) == 1
    assert not lies_there(payroll.sha256)
    assert list(vault.missing()) == []


def test_undoing_page_work_brings_nothing_back(cast: Cast, payroll: Arrival) -> None:
    work = Arranging.objects.create(by=cast.salesperson, maker="test")
    ArrangedSource.objects.create(arranging=work, arrival=payroll, position=0, state_before=State.TO_REVIEW)
    Arrival.objects.filter(pk=payroll.pk).update(state=State.ARRANGED)
    cleared(cast, payroll)
    arranging.undo(work, by=cast.salesperson)
    payroll.refresh_from_db()
    assert payroll.state == State.CLEARED


def test_an_upload_in_pieces_leaves_none_of_them(
    cast: Cast, payroll: Arrival, batch: Batch, home: pathlib.Path
) -> None:
    cleared(cast, payroll)
    upload = uploads.begin(batch, by=batch.by, filename="又来.txt", size=len(PAYROLL))
    with _Refusal("intake.cleared_before"):
        uploads.append(upload, 0, io.BytesIO(PAYROLL))
    assert not Upload.objects.exists()
    assert list((home / "incoming").glob("*")) == []
