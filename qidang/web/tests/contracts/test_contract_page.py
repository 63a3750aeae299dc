"""合同页."""

import pytest

from qidang.accounts.models import User
from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.ledger import Entry
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
