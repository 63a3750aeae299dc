"""移动文件 and 改认公司 on their pages."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Company, Contract
from qidang.contracts.moving import move
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db


def test_a_paper_is_moved_by_the_number_of_the_other_contract(
    cast: Cast, visit: Visit, contract: Contract, make_contract: MakeContract
) -> None:
    other, document = make_contract(title="另一份合同"), contract.documents.get()
    client, address = visit(cast.salesperson), f"/contracts/papers/{document.uid}/moving/"
    assert 'id="id_why_error"' in client.post(address, {"number": other.number}).content.decode()
    assert client.post(address, {"number": "没有这份", "why": "放错了"}).status_code == 409
    answer = client.post(address, {"number": other.number, "why": "放错了"})
    assert answer["Location"] == f"/contracts/{other.uid}/?tab=papers"
    for one in (contract, other):
        log = client.get(f"/contracts/{one.uid}/?tab=log").content.decode()
        assert "移到了另一份合同" in log
        assert other.number in log


def test_the_log_of_a_contract_names_no_contract_that_its_reader_may_not_see(
    cast: Cast, visit: Visit, contract: Contract, make_contract: MakeContract
) -> None:
    theirs = make_contract(by=cast.rival, title="别人的合同", counterparty_name="别人的客户有限公司")
    move(contract.documents.get(), theirs, why="放错了", by=cast.archivist)
    log = visit(cast.salesperson).get(f"/contracts/{contract.uid}/?tab=log").content.decode()
    assert "移到了另一份合同" in log
    assert "别人的合同" not in log
    assert theirs.number not in log
    assert "别人的合同" in visit(cast.manager).get(f"/contracts/{contract.uid}/?tab=log").content.decode()


def test_a_name_is_taken_to_mean_another_company(cast: Cast, visit: Visit, contract: Contract) -> None:
    branch = Company.add(name="江川自动化有限公司苏州分公司", by=cast.archivist)
    client, address = visit(cast.archivist), f"/contracts/{contract.uid}/companies/"
    sent = {"name": contract.counterparty_name, "edit_version": "1", "why": "是分公司"}
    assert 'id="id_company_error"' in client.post(address, sent | {"company": "没有的公司"}).content.decode()
    assert client.post(address, sent | {"company": branch.name}).status_code == 302
    contract.refresh_from_db()
    assert contract.counterparty == branch
    assert client.post(address, sent | {"company": branch.name}).status_code == 409
    assert branch.name in client.get(f"/contracts/{contract.uid}/?tab=log").content.decode()


def test_outsiders_find_nothing_and_readers_may_not(cast: Cast, visit: Visit, contract: Contract) -> None:
    pages = (f"/contracts/papers/{contract.documents.get().uid}/moving/", f"/contracts/{contract.uid}/companies/")
    for page in pages:
        statuses = [visit(who).get(page).status_code for who in (cast.rival, cast.outsider, cast.lawyer)]
        assert statuses == [404, 404, 403]
