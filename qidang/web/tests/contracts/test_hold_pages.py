"""保全 on the contract's page."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract, Hold
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db


def test_a_hold_is_placed_shown_and_released(cast: Cast, visit: Visit, contract: Contract) -> None:
    lawyer, address = visit(cast.lawyer), f"/contracts/{contract.uid}/holds/"
    assert lawyer.post(address, {"holder": "法务部", "why": "客户起诉"}).status_code == 302
    page = visit(cast.salesperson).get(f"/contracts/{contract.uid}/").content.decode()
    assert "保全中" in page
    assert "客户起诉" in page
    assert "holds/" not in page
    hold = Hold.objects.get()
    assert lawyer.post(address, {"hold": str(hold.uid), "why": ""}).status_code == 200
    assert lawyer.post(address, {"hold": str(hold.uid), "why": "已结案"}).status_code == 302
    assert "保全中" not in visit(cast.salesperson).get(f"/contracts/{contract.uid}/").content.decode()
    assert "已结案" in lawyer.get(address).content.decode()


def test_a_hold_without_a_reason_says_so_beside_the_field(cast: Cast, visit: Visit, contract: Contract) -> None:
    answer = visit(cast.lawyer).post(f"/contracts/{contract.uid}/holds/", {"holder": "法务部"})
    assert answer.status_code == 200
    assert 'id="id_why_error"' in answer.content.decode()


def test_a_held_contract_is_not_voided_on_the_page(cast: Cast, visit: Visit, contract: Contract) -> None:
    Hold.place(contract, why="客户起诉", holder="法务部", by=cast.lawyer)
    answer = visit(cast.salesperson).post(f"/contracts/{contract.uid}/voiding/", {"why": "重复登记"})
    assert answer.status_code == 409
    assert "contract.held" in answer.content.decode()


def test_who_releases_what_another_has_released_is_told(cast: Cast, visit: Visit, contract: Contract) -> None:
    hold = Hold.place(contract, why="客户起诉", holder="法务部", by=cast.lawyer)
    hold.release(by=cast.lawyer, why="结案")
    sent = {"hold": str(hold.uid), "why": "结案"}
    answer = visit(cast.archivist).post(f"/contracts/{contract.uid}/holds/", sent)
    assert answer.status_code == 409
    assert "hold.released_already" in answer.content.decode()


def test_a_hold_of_another_contract_is_not_released_here(cast: Cast, visit: Visit, contract: Contract) -> None:
    answer = visit(cast.lawyer).post(f"/contracts/{contract.uid}/holds/", {"hold": str(contract.uid), "why": "结案"})
    assert answer.status_code == 404


def test_outsiders_find_nothing_and_readers_may_not(cast: Cast, visit: Visit, contract: Contract) -> None:
    address = f"/contracts/{contract.uid}/holds/"
    assert visit(cast.rival).get(address).status_code in (403, 404)
    assert visit(cast.salesperson).get(address).status_code == 403
    assert visit(cast.outsider).get(address).status_code == 404
