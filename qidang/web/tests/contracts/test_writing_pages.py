"""登记, 修改, 作废."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qidang.accounts.models import Department, User
from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.contracts.numbering import void_number
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db


def filled(cast: Cast, **more: object) -> dict[str, object]:
    """A form filled in as people do."""
    return {
        "title": "测试台架合同",
        "counterparty_name": "江川自动化有限公司",
        "contract_type": "买卖合同",
        "kind": "SALE",
        "secrecy": "INTERNAL",
        "unit": str(cast.department("qmj").uid),
        "department": str(cast.department("sales_east").uid),
        "owner": str(cast.salesperson.uid),
        "amount": "12.5万元",
        "currency": "CNY",
        "vat_rate": "13%",
        "signed_on": "2026年3月5日",
        "file_kind": "BODY",
        "why": "写错了",
    } | more


def test_a_contract_is_registered_with_its_file(cast: Cast, visit: Visit) -> None:
    file = SimpleUploadedFile("合同.pdf", b"%PDF-1.4 body")
    answer = visit(cast.salesperson).post("/contracts/new/", filled(cast, file=file))
    made = Contract.objects.get(title="测试台架合同")
    assert answer["Location"] == f"/contracts/{made.uid}/"
    assert [str(made.amount), str(made.vat_rate), str(made.signed_on)] == ["125000.00", "0.130000", "2026-03-05"]
    assert made.documents.get().latest.filename == "合同.pdf"


def test_a_form_that_is_wrong_says_where_and_keeps_what_was_typed(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.salesperson).post("/contracts/new/", filled(cast, title="", amount="很多钱"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="#id_title"' in page
    assert 'value="很多钱"' in page


def test_a_change_is_saved_with_its_reason(cast: Cast, visit: Visit, contract: Contract) -> None:
    form = filled(cast, title="改过的名称", edit_version=contract.edit_version, why="写错了")
    answer = visit(cast.salesperson).post(f"/contracts/{contract.uid}/edit/", form)
    assert answer.status_code == 302
    assert contract.revisions.get(field="title").why == "写错了"


def test_a_correction_without_a_reason_says_so_beside_the_field_and_keeps_what_was_typed(
    cast: Cast, visit: Visit, contract: Contract
) -> None:
    client, address = visit(cast.salesperson), f"/contracts/{contract.uid}/edit/"
    form = filled(cast, title="改过的名称", edit_version=contract.edit_version, why="")
    page = (answer := client.post(address, form)).content.decode()
    assert answer.status_code == 200
    assert 'id="id_why_error"' in page
    assert 'href="#id_why"' in page
    assert 'value="改过的名称"' in page
    assert not contract.revisions.exists()
    assert client.post(address, form | {"why": "写错了"}).status_code == 302


def test_what_somebody_else_saved_meanwhile_is_shown_and_nothing_is_lost(
    cast: Cast, visit: Visit, contract: Contract
) -> None:
    seen = contract.edit_version
    contract.edit({"remarks": "先改的"}, by=cast.manager, edit_version=seen)
    form = filled(cast, title="后改的名称", edit_version=seen, why="写错了")
    answer = visit(cast.salesperson).post(f"/contracts/{contract.uid}/edit/", form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "先改的" in page
    assert 'value="后改的名称"' in page
    again = filled(cast, title="后改的名称", edit_version=seen + 1, why="写错了")
    assert visit(cast.salesperson).post(f"/contracts/{contract.uid}/edit/", again).status_code == 302


def test_a_contract_is_voided_with_a_reason_and_then_refuses_changes(
    cast: Cast, visit: Visit, contract: Contract
) -> None:
    client = visit(cast.salesperson)
    assert client.post(f"/contracts/{contract.uid}/voiding/", {"why": ""}).status_code == 200
    assert client.post(f"/contracts/{contract.uid}/voiding/", {"why": "重复登记"}).status_code == 302
    again = client.post(f"/contracts/{contract.uid}/voiding/", {"why": "再来一次"})
    assert again.status_code == 409
    assert "contract.is_void" in again.content.decode()
    form = filled(cast, edit_version=contract.edit_version + 1)
    assert client.post(f"/contracts/{contract.uid}/edit/", form).status_code == 409


def test_money_says_itself_in_words(cast: Cast, visit: Visit) -> None:
    assert visit(cast.salesperson).get("/words/?amount=12.5万元").content.decode() == "壹拾贰万伍仟元整"
    assert visit(cast.salesperson).get("/words/?amount=abc").content.decode() == ""


def test_a_contract_whose_number_was_voided_gets_another(cast: Cast, visit: Visit, contract: Contract) -> None:
    void_number(contract.issued_numbers.get(), by=cast.archivist, why="打错了")
    visit(cast.salesperson).post(f"/contracts/{contract.uid}/number/")
    contract.refresh_from_db()
    assert contract.number.endswith("0002")


def test_editing_one_field_leaves_what_is_no_usual_choice_any_more(
    cast: Cast, visit: Visit, contract: Contract
) -> None:
    Contract.objects.filter(pk=contract.pk).update(currency="AUD", owner=cast.colleague)
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    Department.objects.filter(pk=contract.department_id).update(is_active=False)
    manager = visit(cast.manager)
    page = manager.get(f"/contracts/{contract.uid}/edit/").content.decode()
    for kept in ("AUD", cast.colleague.uid, contract.department.uid):
        assert f'<option value="{kept}" selected>' in page
    kept_as_shown = {"currency": "AUD", "owner": str(cast.colleague.uid), "department": str(contract.department.uid)}
    form = filled(cast, title="改过的名称", edit_version=contract.edit_version, why="写错了", **kept_as_shown)
    assert manager.post(f"/contracts/{contract.uid}/edit/", form).status_code == 302
    assert not contract.revisions.filter(field__in=kept_as_shown).exists()
    assert Contract.objects.get().currency == "AUD"


def test_a_new_contract_is_not_given_to_somebody_who_left(cast: Cast, visit: Visit) -> None:
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    answer = visit(cast.salesperson).post("/contracts/new/", filled(cast, owner=str(cast.colleague.uid)))
    assert answer.status_code == 200
    assert not Contract.objects.filter(title="测试台架合同").exists()
