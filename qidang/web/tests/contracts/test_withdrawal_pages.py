"""撤销登记 and 恢复登记 on the contract's page."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.contracts.withdrawing import withdraw
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db


def test_a_wrong_registration_is_withdrawn_and_brought_back(cast: Cast, visit: Visit, contract: Contract) -> None:
    client, page = visit(cast.salesperson), f"/contracts/{contract.uid}/"
    assert 'id="id_why_error"' in client.post(f"{page}withdrawal/", {"why": ""}).content.decode()
    assert client.post(f"{page}withdrawal/", {"why": "登重了"}).status_code == 302
    assert contract.title not in client.get("/contracts/").content.decode()
    assert contract.title in client.get("/contracts/?status=WITHDRAWN").content.decode()
    shown = client.get(page).content.decode()
    assert "登记已撤销" in shown
    assert "登重了" in shown
    assert f"{page}edit/" not in shown
    assert client.post(f"{page}withdrawal/", {"why": "再来"}).status_code == 409
    assert client.post(f"{page}restoring/").status_code == 302
    assert contract.title in client.get("/contracts/").content.decode()
    assert client.post(f"{page}restoring/").status_code == 409


def test_who_may_not_bring_it_back_finds_it_nowhere(
    cast: Cast, visit: Visit, make_contract: MakeContract, contract: Contract
) -> None:
    withdraw(contract, why="登重了", by=cast.salesperson)
    version = contract.documents.get().latest
    lawyer = visit(cast.lawyer)
    for address in (f"/contracts/{contract.uid}/", f"/contracts/{contract.uid}/glance/", f"/viewer/{version.uid}/"):
        assert lawyer.get(address).status_code == 404
    for address in ("/", "/contracts/", "/contracts/?status=WITHDRAWN", "/contracts/export/"):
        assert contract.title.encode() not in lawyer.get(address).content
    assert "已撤销" not in lawyer.get("/contracts/").content.decode()


def test_a_voided_number_says_that_its_registration_was_withdrawn(cast: Cast, visit: Visit, contract: Contract) -> None:
    withdraw(contract, why="登重了", by=cast.salesperson)
    page = visit(cast.archivist).get("/numbering/gaps/").content.decode()
    assert "撤销登记：登重了" in page
    assert contract.number in page


def test_only_who_may_withdraw_finds_the_way(cast: Cast, visit: Visit, contract: Contract) -> None:
    page = f"/contracts/{contract.uid}/"
    assert "withdrawal/" not in visit(cast.lawyer).get(page).content.decode()
    assert visit(cast.lawyer).get(f"{page}withdrawal/").status_code == 403
    assert visit(cast.rival).get(f"{page}withdrawal/").status_code in (403, 404)
