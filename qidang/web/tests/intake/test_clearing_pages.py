"""误传清除的页: one asks, another agrees, the receipt says what went and what could not, and it does not come back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qidang.cast import Cast
from qidang.contracts.models import Hold
from qidang.intake.isolating import isolate
from qidang.intake.models import Arrival, Clearing, Isolation, State
from qidang.intake.receiving import keep, open_batch, receive
from qidang.vault import disk
from qidang.web.tests.conftest import Visit
from qidang.web.tests.papers import Arrive, Register, index_all, version_of

pytestmark = pytest.mark.django_db
LIST = "/intake/clearings/"
WORDS = "张三的月薪一万二"


@pytest.fixture(autouse=True)
def _a_list_of_its_own(tmp_path: object, settings: object) -> None:
    settings.CLEARED_FILE = f"{tmp_path}/cleared"  # type: ignore[attr-defined]


@pytest.fixture
def payroll(arrive: Arrive) -> Arrival:
    """A payroll list of the salesperson's."""
    return arrive(WORDS, filename="三月工资表.pdf", title="工资表")


def ask_page(arrival: Arrival) -> str:
    return f"/intake/arrivals/{arrival.uid}/clearing/"


def asked(cast: Cast, visit: Visit, arrival: Arrival) -> Clearing:
    answer = visit(cast.salesperson).post(ask_page(arrival), {"why": "工资表误传"})
    assert answer.status_code == 302
    return Clearing.objects.get(sha256=arrival.sha256, decided_at=None)


def test_the_review_page_leads_there_and_the_page_says_what_will_happen(
    cast: Cast, visit: Visit, payroll: Arrival
) -> None:
    client = visit(cast.salesperson)
    assert ask_page(payroll) in client.get(f"/intake/to-review/{payroll.uid}/").content.decode()
    page = client.get(ask_page(payroll)).content.decode()
    assert "清除不能恢复" in page
    assert payroll.sha256[:12] in page
    assert client.post(ask_page(payroll), {"why": " "}).status_code == 200
    assert not Clearing.objects.exists()


def test_the_second_person_finds_it_on_the_front_page_and_agrees(cast: Cast, visit: Visit, payroll: Arrival) -> None:
    one = asked(cast, visit, payroll)
    first, second = visit(cast.salesperson), visit(cast.archivist)
    assert "误传清除待复核" in second.get("/").content.decode()
    assert second.get("/counts/").json()["clearings"] == 1
    assert "误传清除待复核" not in first.get("/").content.decode()
    page = f"{LIST}{one.uid}/"
    assert "同意，彻底清除" not in first.get(page).content.decode()
    assert first.post(f"{page}decision/", {"act": "agree"}).status_code == 403
    assert "同意，彻底清除" in second.get(page).content.decode()
    answer = second.post(f"{page}decision/", {"act": "agree"}, follow=True).content.decode()
    assert "密钥已销毁" in answer
    assert "清除不到的" in answer
    assert payroll.sha256 in answer
    assert not disk.storage().exists(payroll.sha256)
    assert second.get("/counts/").json()["clearings"] == 0
    assert "已清除" in second.get(f"{LIST}?state=done").content.decode()


def test_nothing_of_it_is_shown_found_or_handed_out_afterwards(cast: Cast, visit: Visit, payroll: Arrival) -> None:
    index_all()
    client = visit(cast.salesperson)
    assert payroll.filename in client.get("/search/?q=月薪").content.decode()
    one = asked(cast, visit, payroll)
    visit(cast.archivist).post(f"{LIST}{one.uid}/decision/", {"act": "agree"})
    assert payroll.filename not in client.get("/search/?q=月薪").content.decode()  # before the index catches up
    index_all()
    assert payroll.filename not in client.get("/search/?q=月薪").content.decode()
    stub = client.get(f"/intake/to-review/{payroll.uid}/")
    assert WORDS not in stub.content.decode()
    assert f"{LIST}{one.uid}/" in stub.content.decode()
    for address in ("file", "pages/1"):
        assert client.get(f"/intake/arrivals/{payroll.uid}/{address}/").status_code == 409
    assert "已清除" in client.get(f"/intake/batches/{payroll.batch.uid}/").content.decode()


def test_bringing_it_again_is_refused_with_the_way_back(
    cast: Cast, visit: Visit, payroll: Arrival, arrive: Arrive
) -> None:
    (again,) = receive(payroll.batch, [keep(b"the very list", "p.pdf")], by=cast.salesperson)
    one = asked(cast, visit, again)
    visit(cast.archivist).post(f"{LIST}{one.uid}/decision/", {"act": "agree"})
    client = visit(cast.salesperson)
    answer = client.post("/intake/upload/", {"files": SimpleUploadedFile("p.pdf", b"the very list")}, follow=True)
    assert "按误传彻底清除" in answer.content.decode()
    assert not disk.storage().exists(again.sha256)
    assert client.post(f"{LIST}{one.uid}/return/", {"why": "要用"}).status_code == 403
    told = visit(cast.archivist).post(f"{LIST}{one.uid}/return/", {"why": "奖金条款要用"}, follow=True)
    assert "已允许回来" in told.content.decode()
    client.post("/intake/upload/", {"files": SimpleUploadedFile("p.pdf", b"the very list")})
    assert disk.storage().exists(again.sha256)


def test_a_holder_out_of_sight_is_counted_and_not_named(cast: Cast, visit: Visit, payroll: Arrival) -> None:
    batch = open_batch("upload", by=cast.rival)
    receive(batch, [keep(b"shared", "韩的工资表.pdf")], by=cast.rival)
    (mine,) = receive(payroll.batch, [keep(b"shared", "我的.pdf")], by=cast.salesperson)
    page = visit(cast.salesperson).get(ask_page(mine)).content.decode()
    assert "另有 1 处你看不到的" in page
    one = asked(cast, visit, mine)
    visit(cast.archivist).post(f"{LIST}{one.uid}/decision/", {"act": "agree"})
    mine_page = visit(cast.salesperson).get(f"{LIST}{one.uid}/").content.decode()
    assert "别处仍持有" in mine_page
    assert "韩的工资表" not in mine_page
    assert "1 处你看不到的" in mine_page
    assert "韩的工资表" in visit(cast.archivist).get(f"{LIST}{one.uid}/").content.decode()
    assert disk.storage().exists(mine.sha256)


def test_declined_needs_a_reason_and_who_asked_may_take_it_back(cast: Cast, visit: Visit, payroll: Arrival) -> None:
    one = asked(cast, visit, payroll)
    second = visit(cast.archivist)
    assert second.post(f"{LIST}{one.uid}/decision/", {"act": "decline"}).status_code == 409
    answer = second.post(f"{LIST}{one.uid}/decision/", {"act": "decline", "why": "是合同附件"}, follow=True)
    assert "是合同附件" in answer.content.decode()
    two = asked(cast, visit, payroll)
    assert second.post(f"{LIST}{two.uid}/decision/", {"act": "take_back"}).status_code == 409
    back = visit(cast.salesperson).post(f"{LIST}{two.uid}/decision/", {"act": "take_back"}, follow=True)
    assert "已撤回" in back.content.decode()
    assert Arrival.objects.get(pk=payroll.pk).state == State.TO_REVIEW


def test_the_paper_of_a_contract_is_cleared_from_its_versions_and_refused_under_a_hold(
    cast: Cast, visit: Visit, registered: Register
) -> None:
    contract = registered(WORDS)
    version = version_of(contract)
    client = visit(cast.salesperson)
    address = f"/intake/papers/{version.uid}/clearing/"
    assert address in client.get(f"/contracts/{contract.uid}/?tab=versions").content.decode()
    hold = Hold.place(contract, why="诉讼", holder="某区人民法院", by=cast.administrator)
    assert client.post(address, {"why": "误传"}).status_code == 409
    hold.release(by=cast.administrator, why="结案")
    client.post(address, {"why": "误传", "name": "on"})
    one = Clearing.objects.get()
    visit(cast.archivist).post(f"{LIST}{one.uid}/decision/", {"act": "agree"})
    for tab in ("papers", "versions"):
        page = client.get(f"/contracts/{contract.uid}/?tab={tab}").content.decode()
        assert "已清除" in page
        assert "误传件.pdf" in page
    for name in ("viewer:show", "contracts:download"):
        assert client.get(reverse(name, args=[version.uid])).status_code == 409


def test_outsiders_and_readers(cast: Cast, visit: Visit, payroll: Arrival, registered: Register) -> None:
    one = asked(cast, visit, payroll)
    for person, status in ((cast.rival, 404), (cast.lawyer, 404), (cast.outsider, 404), (cast.manager, 200)):
        assert visit(person).get(f"{LIST}{one.uid}/").status_code == status
    assert visit(cast.rival).get(ask_page(payroll)).status_code == 404
    assert visit(cast.outsider).get(LIST).status_code == 403
    assert one.called not in visit(cast.rival).get(LIST).content.decode()
    version = version_of(registered(WORDS))
    assert visit(cast.lawyer).get(f"/intake/papers/{version.uid}/clearing/").status_code == 403


def test_an_isolated_paper_is_cleared_by_two_of_the_security_people(cast: Cast, visit: Visit, payroll: Arrival) -> None:
    isolate(payroll.sha256, by=cast.salesperson)
    isolation = Isolation.objects.get()
    first, second = visit(cast.security_officer), visit(cast.administrator)
    page = first.post(f"/intake/isolated/{isolation.uid}/clearing/", {"why": "涉密误传"}, follow=True).content.decode()
    assert "误传件.pdf" in page
    assert "三月工资表" not in page
    one = Clearing.objects.get()
    assert visit(cast.archivist).get(f"{LIST}{one.uid}/").status_code == 404
    assert "误传清除待复核" in second.get("/").content.decode()
    second.post(f"{LIST}{one.uid}/decision/", {"act": "agree"})
    assert not disk.storage().exists(payroll.sha256)
    assert "误传件" in first.get("/intake/isolated/").content.decode()
    assert first.get("/counts/").json()["isolated"] == 0


def test_the_list_asks_few_questions(
    cast: Cast, visit: Visit, arrive: Arrive, django_assert_max_num_queries: object
) -> None:
    for number in range(8):
        asked(cast, visit, arrive(f"{WORDS}{number}"))
    client = visit(cast.archivist)
    client.get(LIST)
    with django_assert_max_num_queries(9):  # type: ignore[operator]  # three of them say who asks
        client.get(LIST)
