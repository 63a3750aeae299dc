"""补登历史合同: a past contract's state is set with person and paper, and shown as not approved here."""

import datetime as dt
from typing import Any

import pytest

from qidang.cast import Cast
from qidang.contracts.choices import PastState, Status
from qidang.contracts.entering_history import enter_many, preview_many
from qidang.contracts.models import Contract, Document, HistoryEntry, Hold
from qidang.contracts.register import Filters, Register
from qidang.contracts.settling import settle_statuses
from qidang.contracts.tests.conftest import PaperMaker, Registrar
from qidang.contracts.values import PastValues
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry

OLD = {"signed_on": dt.date(2016, 3, 5), "expires_on": dt.date(2017, 3, 4)}
LATER = dt.date(2099, 1, 1)


def past(state: str = "", **more: Any) -> PastValues:
    """Return what a person says of a past contract."""
    return PastValues(**({"state": state, "voucher": "2016 年台账，A3 柜", "why": "系统启用前已履行"} | more))


@pytest.mark.parametrize(
    ("state", "dates", "status"),
    [
        (PastState.CLOSED, OLD, Status.CLOSED),
        (PastState.TERMINATED, OLD, Status.TERMINATED),
        (PastState.EXPIRED, OLD, Status.EXPIRED),
        (PastState.EXPIRED, {"signed_on": None}, Status.EXPIRED),
        (PastState.IN_FORCE, {"signed_on": None}, Status.IN_FORCE),
        (PastState.IN_FORCE, {"signed_on": dt.date(2016, 3, 5), "expires_on": LATER}, Status.IN_FORCE),
        ("", OLD, Status.EXPIRED),
        ("", {"signed_on": dt.date(2016, 3, 5)}, Status.IN_FORCE),
        ("", OLD | {"closed_on": dt.date(2017, 1, 1)}, Status.CLOSED),
    ],
)
def test_the_state_is_what_the_person_says_or_the_dates_tell(
    cast: Cast, registered: Registrar, state: str, dates: dict[str, Any], status: str
) -> None:
    contract = registered(**dates)
    HistoryEntry.enter(contract, past(state), by=cast.archivist)
    contract.refresh_from_db()
    assert (contract.status, bool(contract.past_state)) == (status, True)
    settle_statuses(clock.today(), by=cast.archivist)
    contract.refresh_from_db()
    assert contract.status == status


def test_who_when_why_and_the_paper_stay_on_record(cast: Cast, registered: Registrar, a_paper: PaperMaker) -> None:
    contract = registered(paper=a_paper("a", filename="终止协议.pdf"), **OLD)
    document = Document.objects.get(contract=contract)
    day = dt.date(2016, 12, 31)
    said = past("TERMINATED", voucher="", document=document, since_on=day)
    entry = HistoryEntry.enter(contract, said, by=cast.archivist)
    assert (entry.voucher, entry.since_on, entry.by) == ("终止协议.pdf", day, cast.archivist)
    logged = Entry.objects.filter(act="contract.history_entered").get()
    assert [subject.uid for subject in logged.subjects.all()] == [contract.uid, document.uid]


def test_entered_otherwise_the_first_entry_stays_on_record(cast: Cast, registered: Registrar) -> None:
    contract = registered(**OLD)
    HistoryEntry.enter(contract, past("CLOSED"), by=cast.archivist)
    HistoryEntry.enter(contract, past("TERMINATED", why="查到终止协议"), by=cast.second_archivist)
    new, old = contract.history_entries.all()
    assert (new.state, new.ended_at, old.state, old.ended_by) == ("TERMINATED", None, "CLOSED", cast.second_archivist)
    assert Contract.objects.get().status == Status.TERMINATED


def test_taken_back_the_dates_tell_the_status_again(cast: Cast, registered: Registrar) -> None:
    contract = registered(**OLD)
    HistoryEntry.enter(contract, past("TERMINATED"), by=cast.archivist)
    HistoryEntry.take_back(contract, why="不是历史合同", by=cast.archivist)
    kept = Contract.objects.get()
    assert (kept.status, kept.past_state) == (Status.EXPIRED, "")
    with pytest.raises(Refused, match=r"contract\.not_historical"):
        HistoryEntry.take_back(contract, why="再来", by=cast.archivist)


@pytest.mark.parametrize(
    ("said", "dates", "code"),
    [
        ({"voucher": " "}, OLD, "history_unvouched"),
        ({"why": ""}, OLD, "history_unvouched"),
        ({"state": "IN_FORCE"}, OLD, "history_against_dates"),
        ({"state": "EXPIRED"}, {"expires_on": LATER}, "history_against_dates"),
        ({"since_on": LATER}, OLD, "history_ahead"),
        ({}, {"signed_on": LATER}, "history_ahead"),
        ({}, {"signed_on": None, "in_force_on": LATER}, "history_ahead"),
        ({"since_on": dt.date(2015, 1, 1)}, OLD, "history_before_signing"),
        ({}, {"signed_on": None}, "history_undated"),
    ],
)
def test_what_is_not_vouched_for_not_past_or_contradicts_the_dates_is_refused(
    cast: Cast, registered: Registrar, said: dict[str, Any], dates: dict[str, Any], code: str
) -> None:
    contract = registered(**dates)
    with pytest.raises(Refused, match=rf"contract\.{code}"):
        HistoryEntry.enter(contract, past(**said), by=cast.archivist)
    assert not HistoryEntry.objects.exists()
    assert not Contract.objects.get().past_state


def test_a_paper_of_another_contract_vouches_for_nothing(
    cast: Cast, registered: Registrar, a_paper: PaperMaker
) -> None:
    registered(paper=a_paper("a"))
    contract = registered(**OLD)
    with pytest.raises(Refused, match=r"contract\.history_unvouched"):
        HistoryEntry.enter(contract, past(voucher="", document=Document.objects.get()), by=cast.archivist)


def test_who_only_registers_may_not_go_round_the_approval(cast: Cast, registered: Registrar) -> None:
    contract = registered(**OLD)
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        HistoryEntry.enter(contract, past(), by=cast.salesperson)
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        HistoryEntry.take_back(contract, why="x", by=cast.manager)


def test_void_and_withdrawn_contracts_are_refused_and_a_held_one_is_not(cast: Cast, registered: Registrar) -> None:
    void, held = registered(**OLD), registered(**OLD)
    void.void(by=cast.salesperson, why="未签")
    Hold.place(held, why="诉讼", holder="法务部", by=cast.lawyer)
    with pytest.raises(Refused, match=r"contract\.is_void"):
        HistoryEntry.enter(void, past(), by=cast.archivist)
    HistoryEntry.enter(held, past(), by=cast.archivist)


def test_many_at_once_get_each_its_own_state_and_the_bad_ones_are_named(cast: Cast, registered: Registrar) -> None:
    old, running, undated = registered(**OLD), registered(), registered(signed_on=None)
    told = [(one.state, one.refusal and one.refusal.code) for one in preview_many([old, running, undated], past())]
    assert told == [("EXPIRED", None), ("IN_FORCE", None), ("", "contract.history_undated")]
    assert not HistoryEntry.objects.exists()
    done = enter_many([old, running, undated], past(), by=cast.archivist)
    assert [(one.state, one.refusal and one.refusal.code) for one in done] == told
    logged = Entry.objects.filter(act="contract.history_entered").get()
    assert {subject.uid for subject in logged.subjects.all()} == {old.uid, running.uid}


def test_the_register_tells_the_past_ones_apart(cast: Cast, registered: Registrar) -> None:
    old, new = registered(**OLD), registered()
    HistoryEntry.enter(old, past(), by=cast.archivist)
    for value, uid in (("1", old.uid), ("0", new.uid)):
        page = Register(cast.archivist, Filters(historical=value)).page()
        assert [row.uid for row in page.rows] == [uid]
        assert page.count == 1
