"""撤销登记 with the papers that came in for it."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.contracts.tests.conftest import values
from qidang.intake import righting
from qidang.intake.models import Arrival, Source, State
from qidang.intake.receiving import keep, open_batch, receive
from qidang.intake.review import confirm
from qidang.kit.refusal import Refused
from qidang.ledger import follow

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrival(cast: Cast) -> Arrival:
    """A paper that was read and waits."""
    [one] = receive(open_batch(Source.UPLOAD, by=cast.salesperson), [keep(b"text", "合同.txt")], by=cast.salesperson)
    one.state = State.TO_REVIEW
    one.save()
    return one


@pytest.fixture
def wrong(cast: Cast, arrival: Arrival) -> Contract:
    """A contract that was made of it by mistake."""
    return confirm(arrival, values(cast, number_on_paper="旧合字第7号", number_is_ours=True), by=cast.salesperson)


def test_the_papers_wait_again_and_are_registered_anew_under_their_number(
    cast: Cast, arrival: Arrival, wrong: Contract
) -> None:
    assert righting.returnable(wrong) == 1
    righting.withdraw(wrong, why="登错主体", papers_back=True, by=cast.salesperson)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.code) == (State.TO_REVIEW, righting.RETURNED)
    assert "退回待登记" in arrival.message
    assert arrival in Arrival.objects.visible_to(cast.salesperson).to_review()
    assert [entry.act for entry in follow(0)[-2:]] == ["contract.withdrawn", "arrival.returned"]
    again = values(cast, number_on_paper="旧合字第7号", number_is_ours=True)
    right = confirm(arrival, again, by=cast.salesperson)
    arrival.refresh_from_db()
    assert (right.number, arrival.contract) == ("旧合字第7号", right)


def test_the_papers_stay_where_they_are_wanted_to(cast: Cast, arrival: Arrival, wrong: Contract) -> None:
    righting.withdraw(wrong, why="登重了", papers_back=False, by=cast.salesperson)
    arrival.refresh_from_db()
    assert arrival.state == State.REGISTERED


def test_a_restored_registration_takes_its_papers_back(cast: Cast, arrival: Arrival, wrong: Contract) -> None:
    righting.withdraw(wrong, why="登错", papers_back=True, by=cast.salesperson)
    righting.restore(wrong, by=cast.salesperson)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.code, arrival.contract) == (State.REGISTERED, "", wrong)


def test_what_was_registered_elsewhere_meanwhile_stays_there(cast: Cast, arrival: Arrival, wrong: Contract) -> None:
    righting.withdraw(wrong, why="登错", papers_back=True, by=cast.salesperson)
    right = confirm(arrival, values(cast), by=cast.salesperson)
    righting.restore(wrong, by=cast.salesperson)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.contract) == (State.REGISTERED, right)


def test_a_refused_withdrawal_sends_nothing_back(cast: Cast, arrival: Arrival, wrong: Contract) -> None:
    wrong.mark_filed("Q001-HT·2026-D30-0001")
    with pytest.raises(Refused):
        righting.withdraw(wrong, why="登错", papers_back=True, by=cast.salesperson)
    arrival.refresh_from_db()
    assert arrival.state == State.REGISTERED
