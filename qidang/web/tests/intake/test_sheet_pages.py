"""台账导入: bring a sheet, say what its columns mean, try, import."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.intake.models import SheetImport
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db
PAGE = "/intake/sheets/"
HEAD = "合同编号,合同名称,客户名称,合同金额,签订日期"
ROWS = [
    "TZ-001,数控车床买卖合同,澄湖机电有限公司,128000,2024.3.5",
    "TZ-002,<script>alert(1)</script>,澄湖机电有限公司,12.5万元,2024-13-40",
]
COLUMNS = {"number": "0", "title": "1", "counterparty": "2", "amount": "3", "signed_on": "4"}


def brought(client: Client, *rows: str, name: str = "台账.csv") -> SheetImport:
    file = SimpleUploadedFile(name, "\n".join([HEAD, *(rows or ROWS)]).encode())
    answer = client.post(PAGE, {"file": file})
    sheet = SheetImport.objects.get()
    assert answer.headers["Location"] == f"{PAGE}{sheet.uid}/"
    return sheet


def test_columns_are_guessed_tried_and_imported(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    sheet = brought(client)
    address, unit = f"{PAGE}{sheet.uid}/", str(cast.department("qmj").pk)
    assert '<option value="1" selected>2. 合同名称</option>' in client.get(address).content.decode()
    tried = client.post(address, COLUMNS | {"unit": unit, "act": "try"}).content.decode()
    assert "共 2 行，能登记 1 行" in tried
    assert "有 1 行要先改" in tried
    assert "2024-13-40" in tried
    assert not Contract.objects.exists()
    client.post(address, COLUMNS | {"unit": unit, "act": "import"})
    assert Contract.objects.get().number == "TZ-001"
    done = client.get(address).content.decode()
    assert "登记了 1 份合同" in done
    assert "<script>alert" not in tried + done
    assert "已导入" in client.get(PAGE).content.decode()


def test_a_needed_column_must_be_named(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    sheet = brought(client)
    answer = client.post(f"{PAGE}{sheet.uid}/", COLUMNS | {"title": "", "act": "import"})
    assert 'class="wrong"' in answer.content.decode()
    assert not Contract.objects.exists()


def test_what_is_no_sheet_is_refused_on_the_page(cast: Cast, visit: Visit) -> None:
    file = SimpleUploadedFile("合同.pdf", b"%PDF-1.4 broken")
    answer = visit(cast.salesperson).post(PAGE, {"file": file})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()


def test_others_do_not_find_it_and_readers_are_refused(cast: Cast, visit: Visit) -> None:
    sheet = brought(visit(cast.salesperson))
    assert visit(cast.rival).get(f"{PAGE}{sheet.uid}/").status_code == 404
    assert visit(cast.lawyer).get(PAGE).status_code == 403
    assert visit(cast.lawyer).get(f"{PAGE}{sheet.uid}/").status_code == 403
