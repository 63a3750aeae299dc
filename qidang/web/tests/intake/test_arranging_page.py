"""整理页面: every step by a plain form, nothing kept before it is saved; who may not, and what cannot, is refused."""

import html
import re

import pytest

from qidang.cast import Cast
from qidang.contracts.values import ContractValues
from qidang.intake.arranging import arrange, page_counts
from qidang.intake.layout import Layout
from qidang.intake.models import Arranging, Arrival, Source, State
from qidang.intake.receiving import open_batch
from qidang.intake.review import confirm
from qidang.reading.sniffing import PDF
from qidang.reading.warming import pdf
from qidang.web.tests.conftest import Visit
from qidang.web.tests.papers import Arrive, read_as, version_of

pytestmark = pytest.mark.django_db
SIGNED = "甲方（盖章）：\n乙方（盖章）："


def address(arrival: Arrival, query: str = "") -> str:
    return f"/intake/arrivals/{arrival.uid}/arranging/{query}"


@pytest.fixture
def scan(arrive: Arrive) -> Arrival:
    """Two contracts in one PDF of four pages, the last without text."""
    pages = ("买卖合同\n合同编号：QM-1", SIGNED, "租赁合同\n合同编号：QM-2", "")
    data = pdf(*[[(72.0, 700.0, 20.0, str(number))] for number in range(4)])
    return arrive(*pages, data=data, filename="合订.pdf", media_type=PDF)


def layout_in(page: str) -> str:
    found = re.search(r'name="layout" value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


def test_every_page_lies_there_with_a_lazy_picture(cast: Cast, visit: Visit, scan: Arrival) -> None:
    page = visit(cast.salesperson).get(address(scan)).content.decode()
    assert page.count('loading="lazy"') == 4
    assert f"/intake/arrivals/{scan.uid}/pages/3/?size=s" in page
    assert "没有文字" in page
    assert "合同编号变为 QM-2" in page
    assert "页首是合同名称“租赁合同”" in page
    assert re.search(r'value="save"\s+disabled', page)


def test_the_steps_are_forms_and_saving_is_the_last(cast: Cast, visit: Visit, scan: Arrival) -> None:
    client = visit(cast.salesperson)
    laid = layout_in(client.get(address(scan)).content.decode())
    for act, leaves, to in (("part_each", [], ""), ("drop_empty", [], ""), ("right", ["1"], ""), ("move", ["1"], "1")):
        answer = client.post(address(scan), {"act": act, "layout": laid, "leaf": leaves, "to": to})
        assert answer.status_code == 200
        laid = layout_in(answer.content.decode())
    assert laid == f"{scan.pk}.2.90 {scan.pk}.1.0 / {scan.pk}.3.0"
    assert not Arranging.objects.exists()
    answer = client.post(address(scan), {"act": "save", "layout": laid}, follow=True)
    assert answer.redirect_chain[0][0] == f"/intake/batches/{scan.batch.uid}/"
    assert "已整理成 2 份" in answer.content.decode()
    assert [len(one.recipe) for one in Arranging.objects.get().renditions.all()] == [2, 1]


def test_a_script_gets_the_desk_alone(cast: Cast, visit: Visit, scan: Arrival) -> None:
    headers = {"HX-Request": "true"}
    page = visit(cast.salesperson).post(address(scan), {"act": "part", "leaf": "2"}, headers=headers).content.decode()
    assert page.lstrip().startswith('<div id="desk"')
    assert "保存为 2 份" in page


def test_turned_pages_stay_chosen(cast: Cast, visit: Visit, scan: Arrival) -> None:
    page = visit(cast.salesperson).post(address(scan), {"act": "left", "leaf": ["0", "3"]}).content.decode()
    assert page.count("turn-270") == 2
    assert page.count(" checked>") == 2


def test_a_wrong_step_is_told_and_what_lies_there_stays(cast: Cast, visit: Visit, scan: Arrival) -> None:
    laid = f"{scan.pk}.4.0 {scan.pk}.1.0"
    answer = visit(cast.salesperson).post(address(scan), {"act": "remove", "layout": laid, "leaf": ["0", "1"]})
    assert answer.status_code == 409
    assert "intake.no_pages_left" in answer.content.decode()
    assert layout_in(answer.content.decode()) == laid


@pytest.mark.parametrize("laid", ["9.9.9", "<script>", "1.1.0 1.1.0", "1" * 5000])
def test_a_layout_that_was_tampered_with_is_refused(cast: Cast, visit: Visit, scan: Arrival, laid: str) -> None:
    answer = visit(cast.salesperson).post(address(scan), {"act": "save", "layout": laid})
    assert answer.status_code == 409
    assert "intake.bad_layout" in answer.content.decode()
    assert not Arranging.objects.exists()


def test_chosen_files_of_a_batch_are_put_together(cast: Cast, visit: Visit, scan: Arrival, arrive: Arrive) -> None:
    other = arrive("签字页", batch=scan.batch, data=pdf([]), filename="签字页.pdf", media_type=PDF)
    client = visit(cast.salesperson)
    chosen = {"act": "arrange", "arrival": [str(other.uid), str(scan.uid)]}
    answer = client.post(f"/intake/batches/{scan.batch.uid}/", chosen)
    assert answer.headers["Location"] == address(scan, f"?with={other.uid}")
    page = client.get(answer.headers["Location"]).content.decode()
    assert page.count("签字页.pdf") >= 1
    client.post(answer.headers["Location"], {"act": "save", "layout": layout_in(page)})
    other.refresh_from_db()
    assert other.state == State.ARRANGED


def test_files_of_others_are_not_put_in(cast: Cast, visit: Visit, scan: Arrival, arrive: Arrive) -> None:
    theirs = arrive("密", by=cast.rival, data=pdf([]), filename="密.pdf", media_type=PDF)
    page = visit(cast.salesperson).get(address(scan, f"?with={theirs.uid}&with=x")).content.decode()
    assert "密.pdf" not in page
    assert layout_in(page).count(".") == 8


def test_the_batch_suggests_to_put_numbered_pictures_together(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    batch = open_batch(Source.UPLOAD, by=cast.salesperson)
    for number in (10, 2):
        arrive("字", batch=batch, filename=f"扫描{number}.jpg", media_type="image/jpeg")
    client = visit(cast.salesperson)
    page = client.get(f"/intake/batches/{batch.uid}/").content.decode()
    assert "像是一份文件的各页" in page
    found = re.search(r'href="([^"]*folder=1)"', page)
    assert found
    desk = client.get(found[1]).content.decode()
    assert desk.index("扫描2.jpg") < desk.rindex("扫描10.jpg")


def test_the_paper_says_of_what_it_was_made_and_is_undone_there(cast: Cast, visit: Visit, scan: Arrival) -> None:
    first, _ = arrange([scan], Layout.of(page_counts([scan])).turned({1}, 90).parted({2}), by=cast.salesperson)
    client = visit(cast.salesperson)
    page = client.get(f"/intake/to-review/{first.uid}/").content.decode()
    assert "整理件" in page
    assert "第 1–2 页，第 2 页转 90°" in page
    assert "页面已整理成" in client.get(f"/intake/to-review/{scan.uid}/").content.decode()
    answer = client.post(f"/intake/arrivals/{first.uid}/arranging/undoing/")
    assert answer.headers["Location"] == f"/intake/to-review/{scan.uid}/"
    assert client.post(f"/intake/arrivals/{first.uid}/arranging/undoing/").status_code == 409
    assert client.post(f"/intake/arrivals/{scan.uid}/arranging/undoing/").status_code == 404


def test_readers_of_the_contract_learn_no_name_of_a_file_they_may_not_see(
    cast: Cast, visit: Visit, scan: Arrival
) -> None:
    first, _ = arrange([scan], Layout.of(page_counts([scan])).parted({2}), by=cast.salesperson)
    Arrival.objects.filter(pk=first.pk).update(state=State.TO_REVIEW)
    values = ContractValues(title="买卖合同", unit=cast.department("qmj"), counterparty_name="澄湖机电有限公司")
    version = version_of(confirm(first, values, by=cast.salesperson))
    read_as(first.sha256, ("买卖合同",))
    page = visit(cast.lawyer).get(f"/versions/{version.uid}/").content.decode()
    assert "整理件" in page
    assert "合订.pdf" not in page
    assert "合订.pdf" in visit(cast.salesperson).get(f"/versions/{version.uid}/").content.decode()


def test_what_cannot_be_arranged_says_so(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    text = arrive("字", media_type="text/plain")
    answer = visit(cast.salesperson).get(address(text))
    assert answer.status_code == 409
    assert "intake.no_pages" in answer.content.decode()
    assert "整理页面" not in visit(cast.salesperson).get(f"/intake/to-review/{text.uid}/").content.decode()


def test_outsiders_find_nothing(cast: Cast, visit: Visit, scan: Arrival) -> None:
    for person in (cast.rival, cast.lawyer, cast.outsider):
        assert visit(person).get(address(scan)).status_code == 404
        assert visit(person).post(address(scan), {"act": "save"}).status_code == 404
        assert visit(person).post(f"{address(scan)}undoing/").status_code == 404
