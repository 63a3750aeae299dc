"""合并客户的页: preview, merge, undo, and the companies that may be one."""

from typing import Any

import pytest

from qidang.cast import Cast
from qidang.contracts import twins
from qidang.contracts.models import Company, Contract, Distinction, Merge, Twins
from qidang.contracts.tests.test_companies import CODE, coded
from qidang.web.companies import merging
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db
OTHER = coded("91320594MA1X00001")


@pytest.fixture
def gone(contract: Contract) -> Company:
    """The customer of a contract."""
    assert contract.counterparty is not None
    return contract.counterparty


@pytest.fixture
def kept(cast: Cast) -> Company:
    """The same customer under its right name."""
    return Company.add(name="江川自动化股份有限公司", by=cast.archivist)


def test_a_merge_is_previewed_done_and_undone(
    cast: Cast, visit: Visit, kept: Company, gone: Company, contract: Contract
) -> None:
    client = visit(cast.archivist)
    twins.find()
    assert gone.name in client.get(f"/companies/{kept.uid}/merging/").content.decode()
    assert gone.name in client.get(f"/companies/{kept.uid}/merging/?q=江川").content.decode()
    page = client.get(f"/companies/{kept.uid}/merging/?with={gone.uid}")
    assert page.context["preview"].counts["contract"] == 1
    answer = client.post(f"/companies/{kept.uid}/merging/", {"with": gone.uid})
    merge = Merge.objects.get()
    assert answer["Location"] == f"/companies/merges/{merge.uid}/"
    contract.refresh_from_db()
    assert (contract.counterparty, contract.counterparty_name) == (kept, gone.name)
    assert client.get(f"/companies/{gone.uid}/")["Location"] == f"/companies/{kept.uid}/"
    assert visit(cast.salesperson).get(f"/companies/{gone.uid}/")["Location"] == f"/companies/{kept.uid}/"
    assert visit(cast.rival).get(f"/companies/{gone.uid}/").status_code == 404
    assert gone.name in client.get(f"/companies/{kept.uid}/").content.decode()
    assert gone.name in visit(cast.salesperson).get(f"/contracts/{contract.uid}/").content.decode()
    client.post(f"/companies/merges/{merge.uid}/undoing/", {"why": "是两家"})
    contract.refresh_from_db()
    assert contract.counterparty == gone
    assert "是两家" in client.get(f"/companies/merges/{merge.uid}/").content.decode()
    assert client.get(f"/companies/{gone.uid}/").status_code == 200
    assert client.post(f"/companies/merges/{merge.uid}/undoing/", {"why": "又"}).status_code == 409


def test_different_codes_ask_for_a_reason_and_the_code_again(
    cast: Cast, visit: Visit, kept: Company, gone: Company
) -> None:
    client = visit(cast.archivist)
    kept.edit({"uscc": CODE}, by=cast.archivist, edit_version=1)
    gone.edit({"uscc": OTHER}, by=cast.archivist, edit_version=1)
    page = client.get(f"/companies/{kept.uid}/merging/?with={gone.uid}").content.decode()
    assert "很可能是两家公司" in page
    form = {"with": gone.uid, "why": "执照换发", "uscc_again": CODE}
    assert client.post(f"/companies/{kept.uid}/merging/", {"with": gone.uid}).status_code == 200
    assert client.post(f"/companies/{kept.uid}/merging/", form).status_code == 409
    assert not Merge.objects.exists()
    assert client.post(f"/companies/{kept.uid}/merging/", form | {"uscc_again": OTHER}).status_code == 302


def test_ours_and_a_customer_are_refused_on_the_page(cast: Cast, visit: Visit, gone: Company) -> None:
    ours = Company.add(name="启明本部有限公司", is_ours=True, unit=cast.department("qmj"), by=cast.archivist)
    client = visit(cast.archivist)
    page = client.get(f"/companies/{gone.uid}/merging/?with={ours.uid}").content.decode()
    assert "company.merge_own" in page
    assert client.post(f"/companies/{gone.uid}/merging/", {"with": ours.uid}).status_code == 409


def test_who_does_not_keep_companies_gets_none_of_it(cast: Cast, visit: Visit, kept: Company, gone: Company) -> None:
    client = visit(cast.salesperson)
    assert client.get(f"/companies/{gone.uid}/merging/").status_code == 403
    assert client.get("/companies/duplicates/").status_code == 403
    assert visit(cast.archivist).get(f"/companies/{gone.uid}/merging/?with={gone.uid}").status_code == 200


def test_many_contracts_go_on_in_the_background(
    cast: Cast, visit: Visit, kept: Company, gone: Company, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend", "QUEUES": []}}
    monkeypatch.setattr(merging, "PATIENCE", -1.0)
    client = visit(cast.archivist)
    page = client.post(f"/companies/{kept.uid}/merging/", {"with": gone.uid}, follow=True).content.decode()
    assert "正在移动合同" in page
    assert client.post(f"/companies/merges/{Merge.objects.get().uid}/undoing/", {"why": "急"}).status_code == 409


def test_possible_duplicates_are_listed_and_told_apart(cast: Cast, visit: Visit, kept: Company, gone: Company) -> None:
    client = visit(cast.archivist)
    client.post("/companies/duplicates/finding/")
    page = client.get("/companies/duplicates/")
    assert page.context["total"] == 1
    assert "名称相近" in page.content.decode()
    client.post(f"/companies/duplicates/{Twins.objects.get().pk}/apart/")
    assert Distinction.objects.count() == 1
    assert client.get("/companies/duplicates/").context["total"] == 0
