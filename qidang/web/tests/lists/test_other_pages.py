"""首页, 操作日志, 编号规则, 客户, and what every page must be."""

import io
import re

import openpyxl
import pytest
from pytest_django import DjangoAssertNumQueries

from qidang.accounts.models import Role, User
from qidang.cast import Cast
from qidang.contracts.models import Company, Contract, IssuedNumber
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db
PAGES = ("/", "/me/", "/contracts/", "/contracts/new/", "/companies/", "/companies/new/", "/log/", "/people/")
MORE = ("/people/new/", "/departments/", "/roles/", "/numbering/", "/numbering/gaps/", "/holdings/")
LAST = ("/holdings/to-file/", "/holdings/retention/", "/contracts/?more=1", "/nowhere/")


@pytest.mark.parametrize("page", [*PAGES, *MORE, *LAST])
def test_no_page_carries_a_script_or_a_style_inside(cast: Cast, visit: Visit, contract: Contract, page: str) -> None:
    answer = visit(cast.administrator).get(page)
    text = answer.content.decode()
    assert answer.status_code == (404 if page == "/nowhere/" else 200)
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", text)
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("who", ["salesperson", "archivist", "auditor", "outsider", "administrator"])
def test_the_front_page_suits_everybody(cast: Cast, visit: Visit, contract: Contract, who: str) -> None:
    client = visit(getattr(cast, who))
    assert client.get("/").status_code == 200
    assert client.get("/counts/").json()["todo"] >= 0


def test_the_menu_shows_only_what_the_person_may_do(cast: Cast, visit: Visit) -> None:
    page = visit(cast.salesperson).get("/").content.decode()
    assert 'href="/contracts/"' in page
    assert 'href="/people/"' not in page
    assert 'href="/holdings/to-file/"' not in page


def test_the_search_box_leads_to_the_search_page(cast: Cast, visit: Visit) -> None:
    assert visit(cast.salesperson).get("/find/?q=轴承")["Location"].startswith("/search/?q=")
    assert visit(cast.outsider).get("/find/?q=轴承")["Location"].startswith("/contracts/?text=")


def test_what_was_looked_for_last_is_offered_and_forgotten(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    for number in range(10):
        client.get(f"/search/?q=轴承{number}")
    offered = client.get("/search/suggestions/").content.decode()
    assert offered.count('id="find-last-') == 8
    assert "轴承9" in offered
    assert 'data-forget="/search/forgetting/"' in offered
    assert "轴承" not in visit(cast.colleague).get("/search/suggestions/").content.decode()
    client.post("/search/forgetting/")
    assert "find-last" not in client.get("/search/suggestions/").content.decode()


def test_forms_keep_drafts_for_one_person_and_nothing_sealed(cast: Cast, visit: Visit, contract: Contract) -> None:
    client = visit(cast.salesperson)
    for address, name in (("/contracts/new/", "contract"), (f"/contracts/{contract.uid}/edit/", "contract-")):
        page = client.get(address).content.decode()
        assert f'data-draft="{name}' in page
        assert f'data-person="{cast.salesperson.uid}"' in page
        for field in ("account", "phone"):
            assert re.search(rf'name="parties-0-{field}"[^>]*data-sealed', page)


def test_no_page_promises_notices_that_nothing_sends(cast: Cast, visit: Visit) -> None:
    assert "通知" not in visit(cast.salesperson).get("/").content.decode()


def test_the_log_shows_ones_own_acts_and_all_to_the_auditor(cast: Cast, visit: Visit, contract: Contract) -> None:
    assert contract.title in visit(cast.salesperson).get("/log/").content.decode()
    assert contract.title not in visit(cast.rival).get("/log/").content.decode()
    assert contract.title in visit(cast.auditor).get("/log/?act=contract.registered").content.decode()


def test_the_log_is_exported_as_filtered(cast: Cast, visit: Visit, contract: Contract) -> None:
    answer = visit(cast.auditor).get("/log/export/?act=contract.registered")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert sheet.max_row == 2


def test_the_log_keeps_the_query_budget(
    cast: Cast, visit: Visit, contract: Contract, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = visit(cast.auditor)
    client.get("/log/")
    with django_assert_max_num_queries(6):
        client.get("/log/?chain=acts")


def test_a_number_rule_is_previewed_added_and_ended(cast: Cast, visit: Visit) -> None:
    client, unit = visit(cast.archivist), str(cast.department("qmj").uid)
    rule = {"unit": unit, "pattern": "QM{year}{serial:3}", "from_on": "2026.1.1"}
    assert client.get("/numbering/preview/", rule).content.decode().startswith("QM20")
    assert client.post("/numbering/", rule).status_code == 302
    wrong = client.post("/numbering/", rule | {"pattern": "{nothing}", "from_on": "2026.6.1"})
    assert wrong.status_code == 409


def test_a_number_is_voided_with_a_reason(cast: Cast, visit: Visit, contract: Contract) -> None:
    form = {"number": contract.number, "why": "打错了"}
    visit(cast.archivist).post(f"/numbering/units/{cast.department('qmj').uid}/voiding/", form)
    assert IssuedNumber.objects.get(number=contract.number).void_why == "打错了"
    assert contract.number in visit(cast.archivist).get("/numbering/gaps/").content.decode()


def test_voided_numbers_name_only_the_contracts_that_may_be_seen(cast: Cast, visit: Visit, contract: Contract) -> None:
    form = {"number": contract.number, "why": "打错了"}
    visit(cast.archivist).post(f"/numbering/units/{cast.department('qmj').uid}/voiding/", form)
    narrow = Role.objects.create(slug="clerk", name_zh="编号员", name_en="Clerk", scope="OWN")
    narrow.capabilities = ["numbering.edit", "contract.read"]
    narrow.save()
    cast.outsider.roles.add(narrow)
    page = visit(cast.outsider).get("/numbering/gaps/").content.decode()
    assert contract.number in page
    assert contract.title not in page
    assert contract.title in visit(cast.archivist).get("/numbering/gaps/").content.decode()


def test_a_company_leads_to_its_contracts_in_the_register(
    cast: Cast, visit: Visit, contract: Contract, make_contract: MakeContract
) -> None:
    other = make_contract(title="别家的合同", counterparty_name="别家有限公司")
    client, company = visit(cast.salesperson), Company.objects.get(name="江川自动化有限公司")
    (address,) = re.findall(r'href="(/contracts/\?[^"]+)"', client.get(f"/companies/{company.uid}/").content.decode())
    page = client.get(address).content.decode()
    assert contract.title in page
    assert other.title not in page


def test_a_company_page_lists_the_contracts_that_may_be_seen(cast: Cast, visit: Visit, contract: Contract) -> None:
    company = Company.objects.get(name="江川自动化有限公司")
    assert contract.title in visit(cast.salesperson).get(f"/companies/{company.uid}/").content.decode()
    assert visit(cast.rival).get(f"/companies/{company.uid}/").status_code == 404


def test_a_company_is_added_edited_and_given_an_alias(cast: Cast, visit: Visit) -> None:
    client = visit(cast.archivist)
    client.post("/companies/new/", {"name": "新客户有限公司"})
    made = Company.objects.get(name="新客户有限公司")
    client.post(f"/companies/{made.uid}/edit/", {"name": "新客户股份有限公司", "edit_version": made.edit_version})
    client.post(f"/companies/{made.uid}/aliases/", {"name": "新客"})
    made.refresh_from_db()
    assert [made.name, made.aliases.get().name] == ["新客户股份有限公司", "新客"]
    assert visit(cast.salesperson).get(f"/companies/{made.uid}/edit/").status_code == 403


def test_pages_of_a_list_lead_forth_and_back(cast: Cast, visit: Visit) -> None:
    for number in range(60):
        User.objects.create(username=f"many{number:03}", name=f"多{number:03}")
    client = visit(cast.administrator)
    first = client.get("/people/").context["sheet"]
    second = client.get(f"/people/?after={first.after}").context["sheet"]
    again = client.get(f"/people/?before={second.before}").context["sheet"]
    assert [one.pk for one in again.rows] == [one.pk for one in first.rows]
    assert not {one.pk for one in first.rows} & {one.pk for one in second.rows}
