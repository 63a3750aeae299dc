"""核对: registering, attaching, withdrawing, putting back, reading again."""

import dataclasses

import pytest
from django.db import connection

from qidang.cast import Cast
from qidang.contracts.models import Company, Contract
from qidang.contracts.values import ContractValues
from qidang.intake.models import Arrival, State
from qidang.intake.review import attach, confirm, put_back, retry, withdraw
from qidang.intake.tests.conftest import Taker
from qidang.kit.refusal import Refused


@pytest.fixture
def arrival(take_in: Taker) -> Arrival:
    """An arrival that waits for a person."""
    (one,) = take_in(("合同.txt", b"x"))
    Arrival.objects.filter(pk=one.pk).update(state=State.TO_REVIEW)
    one.refresh_from_db()
    return one


@pytest.fixture
def values(cast: Cast) -> ContractValues:
    """What the person confirms."""
    return ContractValues(
        title="数控车床买卖合同", unit=cast.department("qmj"), counterparty_name="苏州澄湖机电有限公司"
    )


def test_confirming_makes_a_contract_with_the_arrival_as_its_paper(
    arrival: Arrival, values: ContractValues, cast: Cast
) -> None:
    contract = confirm(arrival, values, by=cast.archivist)
    arrival.refresh_from_db()
    assert arrival.state == State.REGISTERED
    assert contract.documents.get().versions.get().blob == arrival.blob


def test_of_two_who_confirm_one_wins_and_the_other_is_told(
    arrival: Arrival, values: ContractValues, cast: Cast
) -> None:
    confirm(arrival, values, by=cast.archivist)
    with pytest.raises(Refused) as refusal:
        confirm(arrival, values, by=cast.second_archivist)
    assert refusal.value.code == "intake.settled_meanwhile"
    assert Contract.objects.count() == 1


def test_who_may_not_review_is_refused(arrival: Arrival, values: ContractValues, cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        confirm(arrival, values, by=cast.outsider)
    assert refusal.value.code == "accounts.not_allowed"


def test_a_refused_registration_leaves_the_arrival_where_it_was(
    arrival: Arrival, values: ContractValues, cast: Cast
) -> None:
    with pytest.raises(Refused):
        confirm(arrival, dataclasses.replace(values, title=""), by=cast.archivist)
    arrival.refresh_from_db()
    assert arrival.state == State.TO_REVIEW


def test_an_arrival_can_become_an_annex_of_a_contract(
    arrival: Arrival, values: ContractValues, take_in: Taker, cast: Cast
) -> None:
    contract = confirm(arrival, values, by=cast.archivist)
    (annex,) = take_in(("技术协议.txt", b"annex"))
    Arrival.objects.filter(pk=annex.pk).update(state=State.TO_REVIEW)
    document = attach(annex, contract, kind="ANNEX", why="", by=cast.archivist)
    annex.refresh_from_db()
    assert annex.state == State.REGISTERED
    assert document.contract == contract
    assert contract.documents.count() == 2


def test_a_second_body_becomes_a_new_version(
    arrival: Arrival, values: ContractValues, take_in: Taker, cast: Cast
) -> None:
    contract = confirm(arrival, values, by=cast.archivist)
    (better,) = take_in(("合同_盖章.txt", b"better"))
    Arrival.objects.filter(pk=better.pk).update(state=State.TO_REVIEW)
    document = attach(better, contract, kind="BODY", why="盖章稿", by=cast.archivist)
    assert document.versions.count() == 2


def test_withdrawing_needs_a_reason_and_can_be_undone(arrival: Arrival, cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        withdraw(arrival, by=cast.archivist, why=" ")
    assert refusal.value.code == "intake.reason_needed"
    withdraw(arrival, by=cast.archivist, why="收错了")
    arrival.refresh_from_db()
    assert arrival.state == State.WITHDRAWN
    put_back(arrival, by=cast.archivist)
    arrival.refresh_from_db()
    assert arrival.state == State.TO_REVIEW


def test_a_password_for_reading_again_is_kept_sealed(arrival: Arrival, cast: Cast) -> None:
    retry(arrival, by=cast.archivist, password="open sesame")
    arrival.refresh_from_db()
    assert arrival.state == State.WAITING
    assert arrival.password == "open sesame"
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM intake_arrival")
        assert "sesame" not in cursor.fetchone()[0]


def test_what_is_read_again_repeats_nothing_for_now(arrival: Arrival, values: ContractValues, cast: Cast) -> None:
    contract = confirm(arrival, values, by=cast.archivist)
    twin = Arrival.objects.create(
        batch=arrival.batch,
        filename="又一份.txt",
        blob=arrival.blob,
        sha256=arrival.sha256,
        state=State.DUPLICATE,
        duplicate_of=arrival,
        contract=contract,
    )
    retry(twin, by=cast.archivist)
    twin.refresh_from_db()
    assert (twin.duplicate_of, twin.contract) == (None, None)


def test_the_company_is_known_after_the_first_contract(arrival: Arrival, values: ContractValues, cast: Cast) -> None:
    contract = confirm(arrival, values, by=cast.archivist)
    assert contract.counterparty == Company.objects.get(name="苏州澄湖机电有限公司")
