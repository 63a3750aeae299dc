"""批次: the list, one batch with its states, and deciding about several files at once."""

import pytest
from pytest_django import DjangoAssertNumQueries

from qidang.accounts.models import Role
from qidang.cast import Cast
from qidang.intake.models import Arrival, Batch, Source, State
from qidang.intake.receiving import open_batch
from qidang.web.tests.conftest import Visit
from qidang.web.tests.papers import HOSTILE, Arrive, Register

pytestmark = pytest.mark.django_db
QUERY_BUDGET = 6
HTML_BUDGET = 80 * 1024


def address(batch: Batch) -> str:
    return f"/intake/batches/{batch.uid}/"


def test_a_batch_shows_every_file_with_its_state(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive("正文", filename="租约.pdf", title="厂房租赁合同", number_read="QM-1")
    arrive(batch=arrival.batch, filename="坏.pdf", state=State.REFUSED, code="reading.malformed")
    page = visit(cast.salesperson).get(address(arrival.batch)).content.decode()
    for words in ("租约.pdf", "厂房租赁合同", "QM-1", "坏.pdf", "未能识读", "2 份都已识读", "开始核对"):
        assert words in page
    assert "hx-trigger" not in page.split("batch-state")[1]


def test_a_busy_batch_asks_again_by_itself_and_stops_when_all_is_read(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive(state=State.READING)
    client, page = visit(cast.salesperson), address(arrival.batch)
    assert 'hx-trigger="every 2s"' in client.get(page).content.decode()
    Arrival.objects.update(state=State.TO_REVIEW)
    part = client.get(page, headers={"hx-request": "true"}).content.decode()
    assert part.startswith('<div id="batch-state">')
    assert 'hx-swap-oob="true"' in part
    assert "<html" not in part


def test_a_tab_shows_one_state_alone(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive(filename="等核对.pdf")
    arrive(batch=arrival.batch, filename="读不了.pdf", state=State.REFUSED, code="reading.malformed")
    page = visit(cast.salesperson).get(address(arrival.batch) + "?state=refused").content.decode()
    assert "读不了.pdf" in page
    assert "等核对.pdf" not in page


def test_several_are_withdrawn_with_a_reason_and_put_back(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    first = arrive()
    second = arrive(batch=first.batch, state=State.DUPLICATE)
    client, page = visit(cast.salesperson), address(first.batch)
    chosen = [str(first.uid), str(second.uid)]
    told = client.post(page, {"act": "withdraw", "why": "重复上传", "arrival": chosen}, follow=True).content.decode()
    assert "已撤回 2 份" in told
    assert set(Arrival.objects.values_list("state", flat=True)) == {State.WITHDRAWN}
    client.post(f"{page}?state=withdrawn", {"act": "return", "arrival": chosen})
    assert list(Arrival.objects.order_by("id").values_list("state", flat=True)) == [State.TO_REVIEW, State.DUPLICATE]


def test_withdrawing_without_a_reason_is_refused_once_for_all(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    first = arrive()
    second = arrive(batch=first.batch)
    chosen = {"act": "withdraw", "arrival": [str(first.uid), str(second.uid)]}
    page = visit(cast.salesperson).post(address(first.batch), chosen, follow=True).content.decode()
    assert page.count("撤回要写明原因") == 1
    assert Arrival.objects.filter(state=State.TO_REVIEW).count() == 2


def test_what_is_settled_meanwhile_does_not_keep_the_others(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    first = arrive(filename="快了一步.pdf", state=State.REGISTERED)
    second = arrive(batch=first.batch, state=State.REFUSED)
    chosen = {"act": "retry", "arrival": [str(first.uid), str(second.uid)]}
    page = visit(cast.salesperson).post(address(first.batch), chosen, follow=True).content.decode()
    assert "「快了一步.pdf」刚才已被处理" in page
    assert "重新识读 1 份" in page
    second.refresh_from_db()
    assert second.state == State.WAITING


def test_choosing_nothing_says_so(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    page = visit(cast.salesperson).post(address(arrive().batch), {"act": "retry"}, follow=True).content.decode()
    assert "先选中要处理的文件" in page


def test_files_of_another_batch_are_not_decided_here(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    mine, other = arrive(), arrive(by=cast.rival)
    chosen = {"act": "withdraw", "why": "x", "arrival": [str(other.uid)]}
    visit(cast.salesperson).post(address(mine.batch), chosen)
    other.refresh_from_db()
    assert other.state == State.TO_REVIEW


def test_an_outsider_finds_no_batch_and_a_reader_no_list(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    batch = arrive().batch
    for person in (cast.rival, cast.lawyer, cast.outsider):
        assert visit(person).get(address(batch)).status_code == 404
        assert visit(person).post(address(batch), {"act": "retry"}).status_code == 404
    assert visit(cast.lawyer).get("/intake/batches/").status_code == 403
    assert visit(cast.lawyer).get("/intake/to-review/").status_code == 403
    assert visit(cast.manager).get(address(batch)).status_code == 200


def test_a_contract_out_of_reach_is_not_named(cast: Cast, visit: Visit, arrive: Arrive, registered: Register) -> None:
    hidden = registered("正文", by=cast.rival, title="华南的合同", number_on_paper="HN-77", number_is_ours=True)
    arrival = arrive(state=State.DUPLICATE, code="intake.same_number", contract=hidden)
    client = visit(cast.salesperson)
    for page in (address(arrival.batch), f"/intake/to-review/{arrival.uid}/", "/intake/to-review/"):
        shown = client.get(page).content.decode()
        assert "HN-77" not in shown
        assert "华南的合同" not in shown
        assert str(hidden.uid) not in shown


def test_who_only_uploads_sees_own_batches(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    scanner = Role.objects.create(slug="scanner", name_zh="扫描员", name_en="Scanner", capabilities=["intake.upload"])
    cast.outsider.roles.add(scanner)
    mine = arrive(by=cast.outsider, filename="我扫的.pdf").batch
    arrive(filename="别人的.pdf")
    page = visit(cast.outsider).get("/intake/batches/").content.decode()
    assert str(mine.uid) in page
    assert page.count("data-href") == 1


def test_fifty_rows_fit_the_budgets(
    cast: Cast, visit: Visit, arrive: Arrive, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    batch = open_batch(Source.UPLOAD, by=cast.salesperson)
    for number in range(53):
        name = f"第{number}份关于伺服驱动器及控制系统采购的合同（双方盖章扫描件）.pdf"
        arrive(batch=batch, filename=name, title="伺服驱动器及控制系统采购合同", code="intake.unsure")
    client = visit(cast.salesperson)
    client.get(address(batch))
    for page in (address(batch), "/intake/to-review/"):
        with django_assert_max_num_queries(QUERY_BUDGET):
            answer = client.get(page)
        assert len(answer.content) <= HTML_BUDGET
        assert answer.content.decode().count("<tr id=") == 50
        assert 'rel="next"' in answer.content.decode()
    with django_assert_max_num_queries(QUERY_BUDGET):
        client.get("/intake/batches/")


def test_hostile_names_stay_text(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive("正文", filename=f"{HOSTILE}.pdf", title=HOSTILE, number_read=HOSTILE, path=HOSTILE)
    client = visit(cast.salesperson)
    for page in (address(arrival.batch), "/intake/to-review/", f"/intake/to-review/{arrival.uid}/", "/"):
        shown = client.get(page).content.decode()
        assert "&lt;img src=x" in shown
        assert "<img src=x" not in shown
