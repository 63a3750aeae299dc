"""客户页: what is told of a company, within what the reader may see."""

import datetime as dt
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from qidang.cast import Cast
from qidang.contracts.models import Company, CompanyCode, Contact, Contract, Note
from qidang.contracts.tests.test_companies import coded
from qidang.web.tests.conftest import MakeContract, Visit

pytestmark = pytest.mark.django_db
CUSTOMER = "江川自动化有限公司"
CODE = coded("91320594MA1X00000")


@pytest.fixture
def company(contract: Contract) -> Company:
    """The company of one contract of the salesperson's."""
    assert contract.counterparty is not None
    return contract.counterparty


def test_sums_go_by_year_and_currency_and_are_never_added_across(
    cast: Cast, visit: Visit, company: Company, make_contract: MakeContract
) -> None:
    make_contract(title="美元合同", amount=Decimal("300.00"), currency="USD", signed_on=dt.date(2025, 1, 1))
    make_contract(title="废的", amount=Decimal("999999.00")).void(by=cast.salesperson, why="登错")
    answer = visit(cast.salesperson).get(f"/companies/{company.uid}/?tab=sums")
    assert [(one.year, one.currency, one.count, one.amount, one.void) for one in answer.context["sums"]] == [
        (2026, "CNY", 1, Decimal("125000.50"), 1),
        (2025, "USD", 1, Decimal("300.00"), 0),
    ]
    page = answer.content.decode()
    assert "¥125,000.50" in page
    assert "US$300.00" in page
    assert "另有 1 份已作废" in page
    assert "未纳入收款管理" in page


def test_everything_counted_is_what_the_reader_may_see(
    cast: Cast, visit: Visit, company: Company, make_contract: MakeContract
) -> None:
    make_contract(by=cast.rival, title="别组的合同", amount=Decimal("777.00"))
    for who, count in (("salesperson", 1), ("rival", 1), ("manager", 2), ("auditor", 2)):
        answer = visit(cast.people[who]).get(f"/companies/{company.uid}/")
        assert (answer.context["count"], answer.context["sheet"].count) == (count, count)
    page = visit(cast.salesperson).get(f"/companies/{company.uid}/").content.decode()
    assert "别组的合同" not in page
    assert "777" not in page
    for tab in ("sums", "papers", "people", "notes", "log"):
        assert "别组的合同" not in visit(cast.salesperson).get(f"/companies/{company.uid}/?tab={tab}").content.decode()
    assert visit(cast.outsider).get(f"/companies/{company.uid}/").status_code == 404


def test_our_own_company_tells_the_contracts_of_its_unit(cast: Cast, visit: Visit, contract: Contract) -> None:
    ours = Company.add(name="启明本部有限公司", is_ours=True, unit=cast.department("qmj"), by=cast.archivist)
    answer = visit(cast.salesperson).get(f"/companies/{ours.uid}/")
    assert contract.title in answer.content.decode()
    assert answer.context["count"] == 1
    assert f"?unit={ours.unit_id}" in answer.content.decode()
    assert visit(cast.suzhou).get(f"/companies/{ours.uid}/").context["count"] == 0


def test_the_code_is_said_to_be_valid_wrong_or_missing(cast: Cast, visit: Visit, company: Company) -> None:
    client = visit(cast.archivist)
    assert "缺信用代码" in client.get(f"/companies/{company.uid}/").content.decode()
    Company.objects.filter(pk=company.pk).update(uscc_failed="91320594MA1X0000XX")
    assert "来源所写 91320594MA1X0000XX 校验不符" in client.get(f"/companies/{company.uid}/").content.decode()
    company.refresh_from_db()
    company.edit({"uscc": CODE}, by=cast.archivist, edit_version=1)
    page = client.get(f"/companies/{company.uid}/").content.decode()
    assert "校验有效" in page
    assert "91320594MA1X0000XX" not in page


def test_many_contracts_are_paged(cast: Cast, visit: Visit, company: Company, make_contract: MakeContract) -> None:
    for number in range(55):
        make_contract(title=f"第{number}份", signed_on=dt.date(2025, 1, 1) + dt.timedelta(days=number))
    client = visit(cast.salesperson)
    first = client.get(f"/companies/{company.uid}/").context["sheet"]
    second = client.get(f"/companies/{company.uid}/?after={first.after}").context["sheet"]
    assert (first.count, len(first.rows), len(second.rows)) == (56, 50, 6)
    assert not {one.pk for one in first.rows} & {one.pk for one in second.rows}


def test_the_page_asks_the_database_little(
    cast: Cast, visit: Visit, company: Company, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = visit(cast.archivist)
    client.get(f"/companies/{company.uid}/")
    with django_assert_max_num_queries(9):  # session, person and reach among them; 8 where a page is full
        client.get(f"/companies/{company.uid}/")


def test_a_tab_alone_is_sent_where_a_tab_is_asked_for(cast: Cast, visit: Visit, company: Company) -> None:
    page = visit(cast.salesperson).get(f"/companies/{company.uid}/?tab=sums", headers={"HX-Target": "div#panel"})
    assert "<html" not in page.content.decode()
    assert 'aria-current="page"' in page.content.decode()


def test_contacts_and_notes_are_written_on_the_page(cast: Cast, visit: Visit, company: Company) -> None:
    client = visit(cast.salesperson)
    client.post(f"/companies/{company.uid}/contacts/", {"name": "许知远", "phone": "13905120001"})
    client.post(f"/companies/{company.uid}/notes/", {"text": "先款后货"})
    contact, note = Contact.objects.get(), Note.objects.get()
    assert "13905120001" in client.get(f"/companies/{company.uid}/?tab=people").content.decode()
    assert "**** 0001" in visit(cast.auditor).get(f"/companies/{company.uid}/?tab=people").content.decode()
    client.post(f"/companies/contacts/{contact.uid}/", {"name": "许知远", "title": "总监", "edit_version": 1})
    client.post(f"/companies/notes/{note.uid}/", {"text": "货到付款", "edit_version": 1})
    contact.refresh_from_db()
    note.refresh_from_db()
    assert (contact.title, contact.phone, note.text) == ("总监", "", "货到付款")
    again = client.post(f"/companies/notes/{note.uid}/", {"text": "又改", "edit_version": 1})
    assert again.status_code == 409
    client.post(f"/companies/contacts/{contact.uid}/removal/", {"why": "离职"})
    client.post(f"/companies/notes/{note.uid}/removal/", {"why": "过时"})
    log = client.get(f"/companies/{company.uid}/?tab=log").content.decode()
    assert "许知远 总监" in log
    assert "过时" in log
    assert visit(cast.auditor).get(f"/companies/{company.uid}/contacts/").status_code == 403
    assert visit(cast.outsider).get(f"/companies/{company.uid}/contacts/").status_code == 404


def test_names_and_codes_are_written_ended_and_removed(cast: Cast, visit: Visit, company: Company) -> None:
    client = visit(cast.archivist)
    client.post(f"/companies/{company.uid}/aliases/", {"name": "江川厂", "kind": "FORMER", "until_on": "2015.6.30"})
    client.post(f"/companies/{company.uid}/codes/", {"system": "ERP", "code": "K0042"})
    alias, code = company.aliases.get(), company.codes.get()
    page = client.get(f"/companies/{company.uid}/").content.decode()
    assert "– 2015-06-30" in page
    assert "K0042" in page
    assert client.get("/companies/?q=k0042").context["total"] == 1
    assert client.get("/companies/?q=江川厂").context["total"] == 1
    client.post(f"/companies/aliases/{alias.pk}/", {"kind": "FORMER", "from_on": "2001.1.1", "until_on": "2015.6.30"})
    refused = client.post(
        f"/companies/aliases/{alias.pk}/", {"kind": "ALIAS", "from_on": "2020.1.1", "until_on": "2015.1.1"}
    )
    assert refused.status_code == 409
    client.post(f"/companies/aliases/{alias.pk}/removal/", {"why": "不是它"})
    client.post(f"/companies/codes/{code.pk}/removal/", {"why": "换系统"})
    assert not company.aliases.exists()
    assert not company.codes.exists()
    assert visit(cast.salesperson).get(f"/companies/{company.uid}/aliases/").status_code == 403


def test_a_taken_code_is_refused_with_the_company_that_has_it(cast: Cast, visit: Visit, company: Company) -> None:
    CompanyCode.add(company, "ERP", "K0042", by=cast.archivist)
    other = Company.add(name="别家有限公司", by=cast.archivist)
    answer = visit(cast.archivist).post(f"/companies/{other.uid}/codes/", {"system": "ERP", "code": "K0042"})
    assert answer.status_code == 409
    assert CUSTOMER in answer.content.decode()


def test_a_renamed_company_keeps_its_former_name_on_the_page(cast: Cast, visit: Visit, company: Company) -> None:
    form = {"name": "江川智能股份有限公司", "edit_version": 1, "renamed_on": "2024.5.1"}
    visit(cast.archivist).post(f"/companies/{company.uid}/edit/", form)
    page = visit(cast.archivist).get(f"/companies/{company.uid}/").content.decode()
    assert "江川智能股份有限公司" in page
    assert f"曾用名 {CUSTOMER}" in page
