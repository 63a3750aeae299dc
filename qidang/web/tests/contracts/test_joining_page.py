"""合并登记 on its pages: choose, look at both side by side, merge, undo."""

from decimal import Decimal

import pytest

from qidang.accounts.models import User
from qidang.cast import Cast
from qidang.contracts.models import Contract, Hold
from qidang.contracts.relating import relate
from qidang.intake.models import Arrival, LedgerRow, Source, State
from qidang.intake.receiving import keep, open_batch, receive
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def again(make_contract: MakeContract) -> Contract:
    """The same contract, registered a second time with another amount and a paper of its own."""
    return make_contract(title="数控机床采购", amount=Decimal("125000.00"), remarks="含安装", paper=b"scan")


def sent(contract: Contract, again: Contract, **more: str) -> dict[str, str]:
    versions = {"kept_version": str(contract.edit_version), "gone_version": str(again.edit_version)}
    picked = {"choice_title": "kept", "choice_amount": "kept", "choice_remarks": "gone"}
    return {"with": str(again.uid), "why": "登重了"} | versions | picked | more


def test_the_other_registration_is_found_looked_at_merged_and_parted(
    cast: Cast, visit: Visit, contract: Contract, again: Contract
) -> None:
    client, page = visit(cast.salesperson), f"/contracts/{contract.uid}/"
    assert f"{page}merging/" in client.get(page).content.decode()
    assert str(again.uid) in client.get(f"{page}merging/").content.decode()
    assert str(again.uid) in client.get(f"{page}merging/?q=数控机床采购").content.decode()
    shown = client.get(f"{page}merging/?with={again.uid}").content.decode()
    assert "¥125,000.50" in shown
    assert "¥125,000.00" in shown
    assert "连同全部版本移过来" in shown
    assert 'id="id_why_error"' in client.post(f"{page}merging/", sent(contract, again, why="")).content.decode()
    assert client.post(f"{page}merging/", sent(contract, again)).status_code == 302
    contract.refresh_from_db()
    assert (contract.amount, contract.remarks, contract.documents.count()) == (Decimal("125000.50"), "含安装", 2)
    assert "另一份登记已并入本合同" in client.get(page).content.decode()
    went = client.get(f"/contracts/{again.uid}/").content.decode()
    assert "登记已并入" in went
    assert page in went
    assert again.title not in client.get("/contracts/").content.decode().replace(contract.title, "")
    assert str(again.uid) in client.get("/contracts/?status=MERGED").content.decode()
    assert client.post(f"/contracts/{again.uid}/parting/").status_code == 302
    again.refresh_from_db()
    contract.refresh_from_db()
    assert (again.status, contract.remarks, contract.documents.count()) == ("IN_FORCE", "", 1)


def test_outsiders_find_nothing_readers_may_not_and_nobody_merges_what_he_does_not_see(
    cast: Cast, visit: Visit, contract: Contract, again: Contract, make_contract: MakeContract
) -> None:
    page = f"/contracts/{contract.uid}/merging/"
    people = (cast.rival, cast.outsider, cast.lawyer)
    assert [visit(who).get(page).status_code for who in people] == [404, 404, 403]
    assert [visit(who).post(page, sent(contract, again)).status_code for who in people] == [404, 404, 403]
    parting = f"/contracts/{contract.uid}/parting/"
    assert [visit(who).post(parting).status_code for who in people] == [404, 404, 403]
    foreign = make_contract(by=cast.rival, title="别家的")
    client = visit(cast.salesperson)
    assert client.get(f"{page}?with={foreign.uid}").status_code == 404
    assert client.post(page, sent(contract, foreign)).status_code == 404
    assert "别家的" not in client.get(f"{page}?q=别家的").content.decode().replace('value="别家的"', "")


def test_the_page_of_the_merged_one_names_the_other_only_to_who_may_see_it(
    cast: Cast, visit: Visit, contract: Contract, make_contract: MakeContract
) -> None:
    theirs = make_contract(by=cast.rival, title="同一份合同")
    shown = visit(cast.archivist).get(f"/contracts/{contract.uid}/merging/?with={theirs.uid}").content.decode()
    assert "不再看得到并入一份的内容" in shown
    assert "将看得到移过来的文件和内容" in shown
    data = {"with": str(theirs.uid), "why": "登重了", "kept_version": "1", "gone_version": "1", "choice_title": "kept"}
    assert visit(cast.archivist).post(f"/contracts/{contract.uid}/merging/", data).status_code == 302
    page = f"/contracts/{theirs.uid}/"
    assert contract.title in visit(cast.archivist).get(page).content.decode()
    told = visit(cast.rival).get(page).content.decode()
    assert "登记已并入另一份登记" in told
    assert str(contract.uid) not in told
    assert contract.title not in told
    assert contract.title not in visit(cast.rival).get(f"{page}?tab=log").content.decode()
    assert visit(cast.rival).post(f"{page}parting/").status_code == 403
    assert visit(cast.salesperson).get(page).status_code == 404


def test_what_stands_against_it_is_said_before_and_refused_with_the_code(
    cast: Cast, visit: Visit, contract: Contract, again: Contract
) -> None:
    client, page = visit(cast.salesperson), f"/contracts/{contract.uid}/merging/"
    hold = Hold.place(again, why="诉讼", holder="法务部", by=cast.lawyer)
    shown = client.get(f"{page}?with={again.uid}").content.decode()
    assert "contract.held" in shown
    assert 'name="why"' not in shown
    answer = client.post(page, sent(contract, again))
    assert (answer.status_code, "contract.held" in answer.content.decode()) == (409, True)
    hold.release(by=cast.lawyer, why="结案")
    stale = client.post(page, sent(contract, again, kept_version="99"))
    assert (stale.status_code, "contract.joining_changed" in stale.content.decode()) == (409, True)
    assert client.post(page, sent(contract, again)).status_code == 302
    assert client.post(page, sent(contract, again)).status_code == 404
    assert client.get(f"/contracts/{again.uid}/merging/").status_code == 409
    assert client.post(f"/contracts/{contract.uid}/parting/").status_code == 409


def test_what_came_in_for_it_and_its_rows_of_ledgers_follow_and_go_back(
    cast: Cast, visit: Visit, contract: Contract, again: Contract
) -> None:
    arrival = _arrival(cast.salesperson, again)
    client, page = visit(cast.salesperson), f"/contracts/{contract.uid}/merging/"
    Arrival.objects.filter(pk=arrival.pk).update(state=State.ISOLATED)
    answer = client.post(page, sent(contract, again))
    assert (answer.status_code, "intake.joining_isolated" in answer.content.decode()) == (409, True)
    Arrival.objects.filter(pk=arrival.pk).update(state=State.REGISTERED)
    client.post(page, sent(contract, again))
    arrival.refresh_from_db()
    assert arrival.contract == contract
    assert not LedgerRow.objects.filter(contract=again).exists()
    client.post(f"/contracts/{again.uid}/parting/")
    arrival.refresh_from_db()
    assert arrival.contract == again


def test_what_belongs_below_the_merged_one_is_named(
    cast: Cast, visit: Visit, contract: Contract, again: Contract, make_contract: MakeContract
) -> None:
    relate(make_contract(title="第一张订单"), again, "ORDER", why="按框架下单", by=cast.salesperson)
    shown = visit(cast.salesperson).get(f"/contracts/{contract.uid}/merging/?with={again.uid}").content.decode()
    assert "第一张订单" in shown


def _arrival(by: User, contract: Contract) -> Arrival:
    batch = open_batch(Source.UPLOAD, by=by)
    [arrival] = receive(batch, [keep("来件".encode(), "来件.txt")], by=by)
    arrival.contract, arrival.state = contract, State.REGISTERED
    arrival.save()
    return arrival
