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
    sheet = SheetImport.objects.latest("id")
    assert answer.headers["Location"] == f"{PAGE}{sheet.uid}/"
    return sheet


def form(cast: Cast, who: str = "salesperson", **more: str) -> dict[str, str]:
    """Return what the form about columns sends."""
    keeper, unit = str(cast.people[who].pk), str(cast.department("qmj").pk)
    return COLUMNS | {"unit": unit, "keeper": keeper, "act": "try"} | more


def imported(client: Client, cast: Cast, *rows: str) -> str:
    """Bring, try and import a ledger; return the address of its page."""
    address = f"{PAGE}{brought(client, *rows).uid}/"
    client.post(address, form(cast))
    client.post(address, {"act": "import"})
    return address


def test_columns_are_guessed_tried_and_imported(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    address = f"{PAGE}{brought(client).uid}/"
    assert '<option value="1" selected>2. 合同名称</option>' in client.get(address).content.decode()
    tried = client.post(address, form(cast), follow=True).content.decode()
    assert "共 2 行：新增 1，更改 0，要先改的 1" in tried
    assert "2024-13-40" in tried
    assert not Contract.objects.exists()
    client.post(address, {"act": "import"})
    assert Contract.objects.get().number == "TZ-001"
    done = client.get(address).content.decode()
    assert "登记了 1 份合同" in done
    assert "<script>alert" not in tried + done
    assert "已导入" in client.get(PAGE).content.decode()


def test_rows_are_filtered_by_what_became_of_them(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    address = imported(client, cast)
    refused = client.get(f"{address}?state=refused").content.decode()
    assert "2024-13-40" in refused
    assert "数控车床买卖合同" not in refused
    assert "没有符合条件的记录" in client.get(f"{address}?state=kept").content.decode()


def test_a_corrected_ledger_shows_field_by_field_what_it_changes(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    imported(client, cast, *ROWS[:1], "TZ-003,铣床合同,远帆设备有限公司,3,2024.3.6")
    address = f"{PAGE}{brought(client, ROWS[0].replace('128000', '130000')).uid}/"
    tried = client.post(address, form(cast), follow=True).content.decode()
    assert "<del>128000</del> → <ins>130000</ins>" in tried
    assert "新表没有" in tried
    assert "铣床合同" in client.get(f"{address}?state=missing").content.decode()


def test_the_whole_import_is_taken_back(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    address = imported(client, cast)
    assert client.post(f"{address}undoing/", {"why": ""}).status_code == 409
    client.post(f"{address}undoing/", {"why": "文件拿错了"})
    assert "导入已撤销" in client.get(address).content.decode()
    assert client.post(f"{address}undoing/", {"why": "再来"}).status_code == 409


def test_the_heading_is_corrected_on_the_page(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    sheet = brought(client)
    client.post(f"{PAGE}{sheet.uid}/heading/", {"tab": "CSV", "header_row": "2", "header_rows": "1"})
    sheet.refresh_from_db()
    assert sheet.headings[0] == "TZ-001"
    client.post(f"{PAGE}{sheet.uid}/heading/", {"tab": "CSV", "header_row": "2", "header_rows": "9"})
    sheet.refresh_from_db()
    assert sheet.header_rows == 1


def test_old_names_are_decided_on_their_page(cast: Cast, visit: Visit) -> None:
    client = visit(cast.archivist)
    lines = f"{HEAD},业务员\n{ROWS[0]},周文蓝\n{ROWS[1].replace('2024-13-40', '2024-1-4')},欧阳旧人".encode()
    client.post(PAGE, {"file": SimpleUploadedFile("旧账.csv", lines)})
    sheet = SheetImport.objects.get()
    client.post(f"{PAGE}{sheet.uid}/", form(cast, "archivist", owner="5"))
    page = client.get(f"{PAGE}{sheet.uid}/names/").content.decode()
    assert f'<option value="{cast.salesperson.uid}">周文澜' in page
    said = {"kind": "person", "name": "周文蓝", "meant": str(cast.salesperson.uid)}
    client.post(f"{PAGE}{sheet.uid}/names/", said)
    client.post(f"{PAGE}{sheet.uid}/names/", {"kind": "person", "name": "欧阳旧人", "meant": "left"})
    assert "名称都对上了" in client.get(f"{PAGE}{sheet.uid}/names/").content.decode()
    wrong = client.post(f"{PAGE}{sheet.uid}/names/", said | {"meant": "谁"})
    assert wrong.status_code == 409


def test_the_row_as_written_stands_on_the_page_of_the_contract(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    lines = f"{HEAD},老板签字\n{ROWS[0]},签了<x>".encode()
    client.post(PAGE, {"file": SimpleUploadedFile("台账.csv", lines)})
    address = f"{PAGE}{SheetImport.objects.get().uid}/"
    client.post(address, form(cast))
    client.post(address, {"act": "import"})
    page = client.get(f"/contracts/{Contract.objects.get().uid}/?tab=ledger").content.decode()
    assert "老板签字" in page
    assert "签了&lt;x&gt;" in page
    assert "台账.csv" in page


def test_a_needed_column_must_be_named(cast: Cast, visit: Visit) -> None:
    client = visit(cast.salesperson)
    sheet = brought(client)
    answer = client.post(f"{PAGE}{sheet.uid}/", form(cast, counterparty=""))
    assert 'class="wrong"' in answer.content.decode()
    assert not Contract.objects.exists()


def test_what_is_no_sheet_is_refused_on_the_page(cast: Cast, visit: Visit) -> None:
    file = SimpleUploadedFile("合同.pdf", b"%PDF-1.4 broken")
    answer = visit(cast.salesperson).post(PAGE, {"file": file})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()


def test_others_do_not_find_it_and_readers_are_refused(cast: Cast, visit: Visit) -> None:
    sheet = brought(visit(cast.salesperson))
    for end in ("", "names/"):
        assert visit(cast.rival).get(f"{PAGE}{sheet.uid}/{end}").status_code == 404
        assert visit(cast.lawyer).get(f"{PAGE}{sheet.uid}/{end}").status_code == 403
    assert visit(cast.lawyer).get(PAGE).status_code == 403
