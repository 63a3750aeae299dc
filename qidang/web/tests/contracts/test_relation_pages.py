"""关联合同 on the contract's page."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db


def test_an_order_is_put_below_its_framework_and_taken_away_again(
    cast: Cast, visit: Visit, contract: Contract, make_contract: MakeContract
) -> None:
    framework = make_contract(title="年度框架协议")
    client, page = visit(cast.salesperson), f"/contracts/{contract.uid}/"
    sent = {"number": framework.number, "relation": "ORDER", "why": "按框架下单"}
    assert 'id="id_why_error"' in client.post(f"{page}relation/", sent | {"why": ""}).content.decode()
    assert client.post(f"{page}relation/", sent).status_code == 302
    tab = client.get(f"{page}?tab=related").content.decode()
    assert "年度框架协议" in tab
    assert "框架下的订单" in tab
    assert "可查看的订单合计" in client.get(f"/contracts/{framework.uid}/?tab=related").content.decode()
    back = client.post(f"/contracts/{framework.uid}/relation/", sent | {"number": contract.number})
    assert back.status_code == 409
    assert "relation.ring" in back.content.decode()
    assert client.post(f"{page}relation/", {"relation": "ORDER", "why": "关联错了"}).status_code == 302
    assert "没有可查看的关联合同" in client.get(f"{page}?tab=related").content.decode()


def test_outsiders_find_nothing_and_readers_may_not(cast: Cast, visit: Visit, contract: Contract) -> None:
    page = f"/contracts/{contract.uid}/relation/"
    statuses = [visit(who).get(page).status_code for who in (cast.rival, cast.outsider, cast.lawyer)]
    assert statuses == [404, 404, 403]
