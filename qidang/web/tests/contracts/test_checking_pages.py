"""来源与核对: the mark beside each value leads to its place on the paper; 核对无误 for one, all or many."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues, PaperIn, Said
from qidang.intake.models import Arrival
from qidang.web.tests.conftest import Visit
from qidang.web.tests.papers import Arrive, arrive, our_company, quiet_home, version_of

__all__ = ["arrive", "our_company", "quiet_home"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def read_contract(cast: Cast, arrive: Arrive) -> Contract:
    """A contract that was read from a paper of two pages; the amount stands on the second."""
    arrival: Arrival = arrive("封面", "总价：128000.00元，人民币", fields={})
    said = {"title": Said(source="READ", raw="买卖合同", page=1, start=0, end=2, confidence=0.93)}
    said["remarks"] = Said(source="READ", raw="128000.00元", page=2, start=3, end=13, box=(0.1, 0.2, 0.5, 0.3))
    values = ContractValues(
        title="数控车床买卖合同", unit=cast.department("qmj"), counterparty_name="澄湖机电有限公司", remarks="总价"
    )
    paper = PaperIn(blob=arrival.blob, filename="合同.pdf", pages=2)
    return register(values, by=cast.salesperson, paper=paper, source="READ", said=said)


def test_each_value_shows_its_source_and_leads_to_its_place(cast: Cast, visit: Visit, read_contract: Contract) -> None:
    client = visit(cast.salesperson)
    page = client.get(f"/contracts/{read_contract.uid}/").content.decode()
    version = version_of(read_contract)
    assert 'title="机读 · “128000.00元” · 第 2 页 · 未核"' in page
    place = f"/versions/{version.uid}/?page=2&amp;field=remarks"
    assert place in page
    assert "把握 93%" in page
    assert "2 项未核" in page
    seen = client.get(place.replace("&amp;", "&")).content.decode()
    assert 'data-mark="hit"' in seen
    assert 'data-mark="hit"' not in client.get(f"/versions/{version.uid}/?page=2&field=title").content.decode()


def test_a_field_is_checked_and_then_all(cast: Cast, visit: Visit, read_contract: Contract) -> None:
    client = visit(cast.salesperson)
    address = f"/contracts/{read_contract.uid}/checks/"
    assert client.post(address, {"field": "remarks", "edit_version": "1"}).status_code == 302
    page = client.get(f"/contracts/{read_contract.uid}/").content.decode()
    assert "1 项核对无误" in page
    assert "1 项未核" in page
    client.post(address, {"edit_version": "1"})
    assert "全部核对无误" not in client.get(f"/contracts/{read_contract.uid}/").content.decode()
    assert Contract.objects.get().unchecked == 0


def test_a_state_older_than_the_contract_is_refused(cast: Cast, visit: Visit, read_contract: Contract) -> None:
    client = visit(cast.salesperson)
    for seen in ("9", "", "x", "-1"):
        assert client.post(f"/contracts/{read_contract.uid}/checks/", {"edit_version": seen}).status_code == 409
    assert Contract.objects.get().unchecked == 2


def test_chosen_contracts_are_checked_together(cast: Cast, visit: Visit) -> None:
    row = ContractValues(title="台账来的", unit=cast.department("qmj"), counterparty_name="江川自动化有限公司")
    rows = [register(row, by=cast.salesperson, source="LEDGER_SHEET") for _ in range(2)]
    client = visit(cast.salesperson)
    assert "台账来的" in client.get("/contracts/?unchecked=1").content.decode()
    answer = client.post("/contracts/checks/", {"pick": [str(one.uid) for one in rows]}, follow=True)
    assert "2 份合同核对无误" in answer.content.decode()
    assert "台账来的" not in client.get("/contracts/?unchecked=1").content.decode()


def test_who_may_not_is_refused(cast: Cast, visit: Visit, read_contract: Contract) -> None:
    one, many = f"/contracts/{read_contract.uid}/checks/", "/contracts/checks/"
    assert visit(cast.outsider).post(one).status_code == 404
    assert visit(cast.rival).post(many, {"pick": str(read_contract.uid)}).status_code == 404
    assert visit(cast.lawyer).post(one, {"edit_version": "1"}).status_code == 403
    assert visit(cast.lawyer).post(many, {"pick": str(read_contract.uid)}).status_code == 403
    assert "核对无误" not in visit(cast.lawyer).get(f"/contracts/{read_contract.uid}/").content.decode()
    assert visit(cast.salesperson).post(many, {"pick": "x"}).status_code == 404


def test_what_the_review_left_as_read_is_checked_and_keeps_its_place(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    fields = {"title": "数控车床买卖合同", "seller": "启明精密机械有限公司", "buyer": "澄湖机电有限公司"}
    arrival = arrive("数控车床买卖合同\n卖方：启明精密机械有限公司\n买方：澄湖机电有限公司", fields=fields)
    values = {"title": "数控车床买卖合同", "counterparty_name": "别的有限公司", "contract_type": "买卖合同"}
    values |= {"unit": str(cast.department("qmj").pk), "number_choice": "rule", "currency": "CNY"}
    values |= {"department": str(cast.department("sales_east").pk), "owner": str(cast.salesperson.pk)}
    visit(cast.salesperson).post(f"/intake/to-review/{arrival.uid}/", values)
    contract = Contract.objects.get()
    rows = {row.field: row for row in contract.field_sources.all()}
    assert (rows["title"].source, rows["title"].checked_by) == ("READ", cast.salesperson)
    assert rows["title"].version == version_of(contract)
    assert rows["counterparty_name"].source == "PERSON"
    assert (rows["parties"].source, rows["parties"].checked_at) == ("READ", None)
    assert contract.unchecked >= 1
