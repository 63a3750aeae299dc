"""隔离涉密误传: of a paper that bears the mark of a state secret nothing is kept, shown or found."""

from collections.abc import Callable

import pytest

from qidang import vault
from qidang.cast import Cast
from qidang.contracts.models import Company
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues, PaperIn
from qidang.intake.isolating import decide_release, isolate, propose_release
from qidang.intake.models import Arrival, Batch, Isolation, State
from qidang.intake.receiving import open_batch
from qidang.intake.review import confirm, retry, withdraw
from qidang.intake.tests.conftest import Taker, contract_text
from qidang.intake.texts import ensure, fields_of, paper_of
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry, EntrySubject
from qidang.reading.tests.making import archive

Reader = Callable[[Batch], None]
SECRET = ("机密★10年\n" + contract_text()).encode()
MAIL = (
    b"From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"The paper that we talked about.\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b'Content-Disposition: attachment; filename="p.txt"\r\n\r\n'
)


@pytest.fixture
def isolated(take_in: Taker, batch: Batch, read: Reader, our_company: Company) -> Arrival:
    """A paper that was isolated when it was read."""
    (arrival,) = take_in(("某某装备采购.txt", SECRET))
    read(batch)
    arrival.refresh_from_db()
    return arrival


def test_nothing_is_kept_of_what_bears_the_mark(isolated: Arrival) -> None:
    assert (isolated.state, isolated.code) == (State.ISOLATED, "intake.isolated")
    assert (isolated.title, isolated.number_read, isolated.likeness, isolated.chars) == ("", "", None, 0)
    assert paper_of(isolated.sha256) is None
    assert fields_of(isolated.sha256) is None
    assert Isolation.objects.standing().get().sha256 == isolated.sha256


def test_the_log_does_not_name_the_file(isolated: Arrival) -> None:
    entry = Entry.objects.get(act="isolation.made")
    names = EntrySubject.objects.filter(entry=entry).values_list("name", flat=True)
    assert not any("装备" in name for name in names)
    assert set(EntrySubject.objects.filter(entry=entry).values_list("kind", flat=True)) == {"isolation", "arrival"}


def test_nothing_can_be_done_with_it(isolated: Arrival, cast: Cast) -> None:
    values = ContractValues(title="采购", unit=cast.department("qmj"), counterparty_name="苏州澄湖机电有限公司")
    for act in (
        lambda: confirm(isolated, values, by=cast.archivist),
        lambda: withdraw(isolated, by=cast.archivist, why="x"),
        lambda: retry(isolated, by=cast.archivist),
    ):
        with pytest.raises(Refused):
            act()


def test_reading_it_again_gives_nothing(isolated: Arrival) -> None:
    paper = ensure(isolated.blob, isolated.filename)
    assert paper.text == ""
    assert [problem.code for problem in paper.problems] == ["reading.state_secret"]


def test_the_same_bytes_are_isolated_whoever_brings_them_and_whenever(
    take_in: Taker, batch: Batch, read: Reader, our_company: Company, cast: Cast
) -> None:
    take_in(("一.txt", SECRET), ("二.txt", SECRET))
    read(batch)
    take_in(("三.txt", SECRET), into=open_batch("upload", by=cast.rival))
    assert set(Arrival.objects.values_list("state", flat=True)) == {State.ISOLATED}
    assert Isolation.objects.count() == 1
    named = EntrySubject.objects.filter(entry=Entry.objects.filter(act="arrival.received").latest("seq"))
    assert "三.txt" not in set(named.values_list("name", flat=True))


def test_the_archive_and_the_mail_that_carried_it_are_isolated_with_it(
    take_in: Taker, batch: Batch, read: Reader, our_company: Company
) -> None:
    box, mail = take_in(
        ("一批.zip", archive(机__txt=SECRET, 常__txt=contract_text().encode())),
        ("信.eml", MAIL + SECRET + b"\r\n--x--"),
    )
    read(batch)
    box.refresh_from_db()
    mail.refresh_from_db()
    assert (box.state, mail.state) == (State.ISOLATED, State.ISOLATED)
    assert paper_of(mail.sha256) is None
    assert Arrival.objects.get(filename="常.txt").state == State.TO_REVIEW
    assert Isolation.objects.filter(inner__isnull=False).count() == 2


def test_a_registered_paper_that_turns_out_to_be_secret_loses_its_text(
    our_company: Company, cast: Cast, take_in: Taker
) -> None:
    blob = take_in(("旧.txt", SECRET))[0].blob
    values = ContractValues(title="采购", unit=cast.department("qmj"), counterparty_name="苏州澄湖机电有限公司")
    contract = register(values, by=cast.salesperson, paper=PaperIn(blob=blob, filename="旧.txt"))
    assert ensure(blob, "旧.txt").text == ""
    entry = Entry.objects.get(act="isolation.made")
    assert EntrySubject.objects.filter(entry=entry, kind="contract", uid=contract.uid).exists()


def test_a_second_person_releases_what_is_no_secret_and_it_is_read_then(
    isolated: Arrival, batch: Batch, read: Reader, cast: Cast
) -> None:
    isolation = Isolation.objects.get()
    propose_release(isolation, why="标志是培训用的样张", by=cast.security_officer)
    with pytest.raises(Refused) as refusal:
        decide_release(isolation, agrees=True, by=cast.security_officer)
    assert refusal.value.code == "intake.release_needs_another"
    decide_release(isolation, agrees=True, by=cast.administrator)
    read(batch)
    isolated.refresh_from_db()
    assert isolated.state == State.TO_REVIEW
    paper = paper_of(isolated.sha256)
    assert paper is not None
    assert "数控车床" in paper.text
    assert Entry.objects.filter(act="isolation.released").exists()


def test_released_with_it_is_the_archive_unless_it_holds_another_secret(
    take_in: Taker, batch: Batch, read: Reader, our_company: Company, cast: Cast
) -> None:
    other = SECRET.replace("机密".encode(), "秘密".encode())
    one, two = take_in(("一.zip", archive(a__txt=SECRET)), ("二.zip", archive(a__txt=SECRET, b__txt=other)))
    read(batch)
    for name, expected in (("a.txt", State.ISOLATED), ("b.txt", State.OPENED)):
        sha256 = Arrival.objects.filter(filename=name).first().sha256  # type: ignore[union-attr]
        isolation = Isolation.objects.get(sha256=sha256)
        propose_release(isolation, why="样张", by=cast.security_officer)
        decide_release(isolation, agrees=True, by=cast.administrator)
        one.refresh_from_db()
        two.refresh_from_db()
        assert (one.state, two.state) == (State.OPENED, expected)


def test_what_the_second_person_does_not_agree_to_stays_isolated(isolated: Arrival, cast: Cast) -> None:
    isolation = Isolation.objects.get()
    propose_release(isolation, why="样张", by=cast.administrator)
    with pytest.raises(Refused) as refusal:
        propose_release(isolation, why="样张", by=cast.security_officer)
    assert refusal.value.code == "intake.release_waits"
    decide_release(isolation, agrees=False, by=cast.security_officer)
    assert Isolation.objects.standing().exists()
    propose_release(isolation, why="已正式解密，见解密通知", by=cast.administrator)


@pytest.mark.parametrize(
    ("who", "why", "code"),
    [
        ("archivist", "样张", "accounts.not_allowed"),
        ("security_officer", "  ", "intake.release_reason_needed"),
    ],
)
def test_releasing_needs_the_right_and_a_reason(isolated: Arrival, cast: Cast, who: str, why: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        propose_release(Isolation.objects.get(), why=why, by=cast.people[who])
    assert refusal.value.code == code


def test_nothing_is_decided_that_was_not_proposed(isolated: Arrival, cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        decide_release(Isolation.objects.get(), agrees=True, by=cast.administrator)
    assert refusal.value.code == "intake.release_missing"


def test_what_was_read_before_is_forgotten(take_in: Taker, batch: Batch, read: Reader, our_company: Company) -> None:
    (arrival,) = take_in(("合同.txt", contract_text().encode()))
    read(batch)
    isolate(arrival.sha256, by=batch.by)
    assert vault.derived(arrival.sha256, "text", "1") is None
    assert fields_of(arrival.sha256) is None


def test_only_security_people_see_the_list(isolated: Arrival, cast: Cast) -> None:
    seeing = {name for name, person in cast.people.items() if Isolation.objects.visible_to(person).exists()}
    assert seeing == {"security_officer", "administrator"}
