"""保全: while a hold stands, nothing of the contract goes."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract, Hold
from qidang.contracts.tests.conftest import Registrar
from qidang.kit.refusal import Refused
from qidang.ledger import follow


def held(contract: Contract, cast: Cast) -> Hold:
    return Hold.place(contract, why=" 客户起诉 ", holder="法务部", by=cast.lawyer)


def test_a_held_contract_is_not_voided_until_the_hold_is_released(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    hold = held(contract, cast)
    with pytest.raises(Refused) as refusal:
        contract.void(by=cast.salesperson, why="重复登记")
    assert refusal.value.code == "contract.held"
    assert "法务部：客户起诉" in refusal.value.message
    hold.release(by=cast.archivist, why="已结案")
    contract.void(by=cast.salesperson, why="重复登记")
    assert [entry.act for entry in follow(0)[-3:]] == ["hold.placed", "hold.released", "contract.voided"]


def test_a_held_contract_is_still_edited(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    held(contract, cast)
    contract.edit({"remarks": "已通知仓库"}, by=cast.salesperson, edit_version=1)
    assert Contract.objects.get().remarks == "已通知仓库"


def test_several_holds_stand_and_each_is_released_alone(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    first, second = held(contract, cast), Hold.place(contract, why="审计", holder="内审部", by=cast.archivist)
    first.release(by=cast.lawyer, why="撤诉")
    assert list(Hold.objects.standing(contract)) == [second]
    with pytest.raises(Refused, match=r"contract\.held"):
        contract.void(by=cast.salesperson, why="重复登记")
    with pytest.raises(Refused, match=r"hold\.released_already"):
        first.release(by=cast.lawyer, why="再来一次")


def test_a_void_contract_can_be_held_too(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    contract.void(by=cast.salesperson, why="客户取消")
    assert held(contract, cast) in Hold.objects.standing()


@pytest.mark.parametrize("person", ["salesperson", "manager", "auditor", "outsider"])
def test_who_may_not_neither_places_nor_releases(cast: Cast, registered: Registrar, person: str) -> None:
    contract = registered()
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        Hold.place(contract, why="起诉", holder="法务部", by=cast.people[person])
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        held(contract, cast).release(by=cast.people[person], why="结案")


@pytest.mark.parametrize(("why", "holder"), [(" ", "法务部"), ("起诉", "")])
def test_without_reason_or_holder_it_is_refused(cast: Cast, registered: Registrar, why: str, holder: str) -> None:
    with pytest.raises(Refused, match=r"hold\.incomplete"):
        Hold.place(registered(), why=why, holder=holder, by=cast.lawyer)


def test_a_release_needs_a_reason(cast: Cast, registered: Registrar) -> None:
    with pytest.raises(Refused, match=r"hold\.why_missing"):
        held(registered(), cast).release(by=cast.lawyer, why="")


def test_holds_are_seen_with_their_contract(cast: Cast, registered: Registrar) -> None:
    held(registered(), cast)
    seen = [len(Hold.objects.visible_to(cast.people[who])) for who in ("salesperson", "lawyer", "rival", "outsider")]
    assert seen == [1, 1, 0, 0]
