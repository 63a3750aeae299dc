"""补登历史合同, on the contract's page and for a selection of the register."""

import datetime as dt

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract, HistoryEntry
from qidang.contracts.values import PastValues
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db
MANY = "/contracts/history/"
SAID = {"state": "CLOSED", "voucher": "2016 年台账", "why": "系统启用前已履行"}


@pytest.fixture
def old(make_contract: MakeContract) -> Contract:
    """A contract of long ago with its paper."""
    return make_contract(paper=b"old", signed_on=dt.date(2016, 3, 5), expires_on=dt.date(2017, 3, 4))


def test_the_page_says_that_it_was_not_approved_here_and_nothing_is_overdue(
    cast: Cast, visit: Visit, old: Contract
) -> None:
    client, page = visit(cast.archivist), f"/contracts/{old.uid}/"
    assert "已过" in client.get(page).content.decode()
    form = SAID | {"state": "EXPIRED", "voucher": "", "document": str(old.documents.get().pk)}
    assert client.post(f"{page}history/", form).status_code == 302
    shown = client.get(page).content.decode()
    for words in ("历史登记 · 未经本系统审批", "未纳入收款管理", "系统启用前已履行", "改登历史", "已到期"):
        assert words in shown
    assert "已过" not in shown
    assert "逾期" not in shown
    assert "历史登记 · 未经本系统审批" in client.get(f"{page}glance/").content.decode()


def test_a_wrong_entry_is_taken_back_with_a_reason(cast: Cast, visit: Visit, old: Contract) -> None:
    client, page = visit(cast.archivist), f"/contracts/{old.uid}/history/"
    assert client.post(page, SAID).status_code == 302
    assert client.post(page, {"take_back": "1", "why": ""}).status_code == 200
    assert client.post(page, {"take_back": "1", "why": "登错了"}).status_code == 302
    assert "登错了" in client.get(page).content.decode()
    assert client.post(page, {"take_back": "1", "why": "再来"}).status_code == 409


def test_a_state_against_the_dates_is_answered_with_the_reason(cast: Cast, visit: Visit, old: Contract) -> None:
    client, page = visit(cast.archivist), f"/contracts/{old.uid}/history/"
    answer = client.post(page, SAID | {"state": "IN_FORCE"})
    assert answer.status_code == 409
    assert "contract.history_against_dates" in answer.content.decode()
    assert 'id="id_voucher_error"' in client.post(page, SAID | {"voucher": ""}).content.decode()


def test_who_may_not_finds_no_way(cast: Cast, visit: Visit, old: Contract) -> None:
    page = f"/contracts/{old.uid}/"
    for person, status in ((cast.salesperson, 403), (cast.lawyer, 403), (cast.rival, 404), (cast.outsider, 404)):
        assert visit(person).post(f"{page}history/", SAID).status_code in (403, status)
    assert "history/" not in visit(cast.salesperson).get(page).content.decode()
    assert MANY not in visit(cast.salesperson).get("/contracts/").content.decode()
    assert not HistoryEntry.objects.exists()


def test_a_selection_is_previewed_and_entered(
    cast: Cast, visit: Visit, old: Contract, make_contract: MakeContract
) -> None:
    undated = make_contract(signed_on=None, expires_on=None)
    client = visit(cast.archivist)
    assert f'action="{MANY}"' in client.get("/contracts/").content.decode()
    picks = {"pick": [str(old.uid), str(undated.uid)]}
    told = client.post(MANY, picks)
    assert sorted([one.word for one in told.context["outcomes"]]) == ["", "已到期"]
    assert "contract.history_undated" in told.content.decode()
    form = picks | {"state": "", "voucher": "台账", "why": "旧合同"}
    assert "已补登" not in client.post(MANY, form).content.decode()
    assert not HistoryEntry.objects.exists()
    assert client.post(MANY, picks | {"state": "", "voucher": "", "why": "", "confirm": "1"}).status_code == 200
    assert not HistoryEntry.objects.exists()
    done = client.post(MANY, form | {"confirm": "1"})
    assert "已补登 1 份" in done.content.decode()
    assert HistoryEntry.objects.get().contract == old


def test_what_the_person_does_not_see_is_not_entered(cast: Cast, visit: Visit, old: Contract) -> None:
    assert visit(cast.salesperson).post(MANY, {"pick": [str(old.uid)]}).status_code == 403
    assert visit(cast.archivist).post(MANY, {"pick": ["00000000-0000-0000-0000-000000000000"]}).status_code == 404


def test_the_register_filters_shows_and_exports_it(cast: Cast, visit: Visit, old: Contract) -> None:
    other = PastValues(state="TERMINATED", voucher="终止协议", why="旧合同")
    HistoryEntry.enter(old, other, by=cast.archivist)
    client = visit(cast.archivist)
    assert old.title in client.get("/contracts/?historical=1").content.decode()
    assert old.title not in client.get("/contracts/?historical=0").content.decode()
    assert old.title in client.get("/contracts/?status=TERMINATED").content.decode()
