"""合同页."""

import pytest

from qidang import vault
from qidang.accounts.models import User
from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.contracts.values import PaperIn
from qidang.intake.models import Arrival, Source, State
from qidang.intake.receiving import keep, open_batch, receive
from qidang.ledger import Entry
from qidang.vault.models import Blob
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db
TABS = ("basic", "papers", "versions", "log")


def test_the_page_shows_the_contract_and_is_recorded(cast: Cast, visit: Visit, contract: Contract) -> None:
    page = visit(cast.salesperson).get(f"/contracts/{contract.uid}/").content.decode()
    assert contract.title in page
    assert "¥125,000.50" in page
    assert "壹拾贰万伍仟元零伍角整" in page
    assert Entry.objects.filter(act="contract.viewed", actor_uid=cast.salesperson.uid).count() == 1


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_loads_alone_and_as_a_page(cast: Cast, visit: Visit, contract: Contract, tab: str) -> None:
    client = visit(cast.salesperson)
    assert client.get(f"/contracts/{contract.uid}/?tab={tab}").status_code == 200
    part = client.get(
        f"/contracts/{contract.uid}/?tab={tab}", headers={"HX-Request": "true", "HX-Target": "div#panel"}
    ).content.decode()
    assert "<html" not in part
    assert "hx-partial" in part


def test_an_outsider_does_not_find_it(cast: Cast, visit: Visit, contract: Contract) -> None:
    for who in (cast.outsider, cast.rival):
        for page in ("", "glance/", "print/", "edit/", "papers/", "voiding/", "filing/", "unfiling/"):
            assert visit(who).get(f"/contracts/{contract.uid}/{page}").status_code == 404


def test_a_reader_may_look_and_change_nothing(cast: Cast, visit: Visit, contract: Contract) -> None:
    client = visit(cast.auditor)
    assert client.get(f"/contracts/{contract.uid}/").status_code == 200
    for page in ("edit/", "papers/", "voiding/", "filing/"):
        assert client.get(f"/contracts/{contract.uid}/{page}").status_code == 403


def test_a_refused_act_answers_htmx_with_a_notice(cast: Cast, visit: Visit, contract: Contract) -> None:
    answer = visit(cast.auditor).get(f"/contracts/{contract.uid}/edit/", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert answer["HX-Retarget"] == "#notices"
    assert "<html" not in answer.content.decode()


def test_the_drawer_is_a_part_and_is_recorded(cast: Cast, visit: Visit, contract: Contract) -> None:
    part = visit(cast.salesperson).get(f"/contracts/{contract.uid}/glance/").content.decode()
    assert "<html" not in part
    assert contract.number in part
    assert Entry.objects.filter(act="contract.viewed").exists()


def test_the_history_reads_as_sentences(cast: Cast, visit: Visit, contract: Contract) -> None:
    page = visit(cast.salesperson).get(f"/contracts/{contract.uid}/?tab=log").content.decode()
    assert f"{cast.salesperson.ledger_name}登记了" in page


def test_an_english_reader_gets_english(cast: Cast, visit: Visit, make_contract: MakeContract) -> None:
    User.objects.filter(pk=cast.salesperson.pk).update(language="en")
    page = visit(cast.salesperson).get(f"/contracts/{make_contract().uid}/?tab=log").content.decode()
    assert "registered" in page


def test_a_paper_shows_its_newest_version_its_pages_and_opens_the_viewer(
    cast: Cast, visit: Visit, contract: Contract
) -> None:
    scan = PaperIn(
        blob=Blob.objects.keep(vault.put(b"scan")), filename="盖章件.pdf", kind="ANNEX", is_scan=True, pages=3
    )
    document = contract.add_document(scan, by=cast.salesperson)
    page = visit(cast.salesperson).get(f"/contracts/{contract.uid}/?tab=papers").content.decode()
    version = document.versions.get()
    assert f'href="/versions/{version.uid}/"' in page
    assert f'src="/versions/{version.uid}/pages/1/?size=s"' in page
    assert "3 页" in page
    assert page.count("data-or-icon") == 1  # a text has no picture
    assert page.count("扫描件</span>") >= 1


def test_what_came_in_for_the_contract_is_listed_for_who_may_see_it(
    cast: Cast, visit: Visit, contract: Contract
) -> None:
    batch = open_batch(Source.UPLOAD, by=cast.archivist)
    [arrival] = receive(batch, [keep(b"%PDF-1.4", "来件.pdf")], by=cast.archivist)
    Arrival.objects.filter(pk=arrival.pk).update(contract=contract, state=State.REGISTERED)
    address = f"/contracts/{contract.uid}/?tab=papers"
    assert "来件.pdf" in visit(cast.archivist).get(address).content.decode()
    assert "来件.pdf" not in visit(cast.auditor).get(address).content.decode()


def test_every_version_tells_who_when_why_and_its_digest(cast: Cast, visit: Visit, contract: Contract) -> None:
    document = contract.documents.get()
    newer = PaperIn(blob=Blob.objects.keep(vault.put(b"newer")), filename="第二版.txt")
    version = document.add_version(newer, by=cast.manager, why="补了一页")
    page = visit(cast.salesperson).get(f"/contracts/{contract.uid}/?tab=versions").content.decode()
    for words in ("第二版.txt", "补了一页", cast.manager.name, f'data-copy="{version.blob.sha256}"', "v2", "v1"):
        assert words in page


def test_a_void_contract_says_so_with_the_reason(cast: Cast, visit: Visit, contract: Contract) -> None:
    contract.void(by=cast.salesperson, why="重复登记")
    page = visit(cast.auditor).get(f"/contracts/{contract.uid}/").content.decode()
    assert "已作废" in page
    assert "重复登记" in page
