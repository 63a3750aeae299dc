"""正本、原件与存放位置 on the pages: form, register, export, front page."""

import datetime as dt
import io

import openpyxl
import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.kit.clock import today
from qidang.web.tests.conftest import MakeContract, Visit
from qidang.web.tests.contracts.test_writing_pages import filled

pytestmark = pytest.mark.django_db
LONG_AGO = today() - dt.timedelta(days=40)


def test_the_form_takes_copies_holder_and_place(cast: Cast, visit: Visit) -> None:
    given = {"originals": "3", "originals_back": "1", "duplicates": "2", "original_holder": "周文澜"}
    given |= {"place": "一库-03柜-2层-07盒", "binder": "2026销售-12"}
    client = visit(cast.salesperson)
    answer = client.post("/contracts/new/", filled(cast, **given))
    made = Contract.objects.get(title="测试台架合同")
    assert answer.status_code == 302
    assert (made.originals, made.originals_back, made.duplicates) == (3, 1, 2)
    page = client.get(f"/contracts/{made.uid}/").content.decode()
    assert all(words in page for words in ("一库-03柜-2层-07盒", "2026销售-12", "周文澜", "缺原件"))


def test_more_back_than_there_are_is_said_beside_the_field(cast: Cast, visit: Visit) -> None:
    answer = visit(cast.salesperson).post("/contracts/new/", filled(cast, originals="1", originals_back="2"))
    assert answer.status_code == 200
    assert "收回的不能多于正本份数" in answer.content.decode()
    assert not Contract.objects.exists()


def test_columns_and_export_know_where_the_originals_are(cast: Cast, visit: Visit, make_contract: MakeContract) -> None:
    make_contract(place="一库-03柜", originals=2, originals_back=1)
    client = visit(cast.archivist)
    client.post(
        "/lists/contracts/columns/", {"column": ["place", "originals", "originals_back"], "next": "/contracts/"}
    )
    assert "一库-03柜" in client.get("/contracts/").content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/contracts/export/").content)).active
    assert sheet is not None
    assert [[cell.value for cell in row][-3:] for row in sheet.iter_rows()] == [
        ["正本份数", "已收回份数", "存放位置"],
        [2, 1, "一库-03柜"],
    ]


def test_the_filter_stands_open_with_what_it_asks(cast: Cast, visit: Visit, make_contract: MakeContract) -> None:
    make_contract(title="在一库的", place="一库-03柜")
    make_contract(title="在二库的", place="二库-01柜")
    page = visit(cast.archivist).get("/contracts/?kept=一库").content.decode()
    assert 'name="kept" value="一库"' in page
    assert "在一库的" in page
    assert "在二库的" not in page


def test_the_front_page_reminds_the_archivist_of_all_and_the_salesperson_of_his_own(
    cast: Cast, visit: Visit, make_contract: MakeContract
) -> None:
    make_contract(title="缺原件的", signed_on=LONG_AGO, originals=1)
    make_contract(by=cast.rival, title="别人缺原件的", signed_on=LONG_AGO, originals=1)
    page = visit(cast.archivist).get("/").content.decode()
    assert "/contracts/?missing_originals=1" in page
    assert "别人缺原件的" in page
    page = visit(cast.salesperson).get("/").content.decode()
    assert f"/contracts/?missing_originals=1&amp;sort=signed_on&amp;owner={cast.salesperson.pk}" in page
    assert f"/contracts/?missing_scan=1&amp;owner={cast.salesperson.pk}" in page
    assert "别人缺原件的" not in page


def test_who_lacks_nothing_is_reminded_of_nothing(cast: Cast, visit: Visit, make_contract: MakeContract) -> None:
    make_contract(by=cast.rival, signed_on=LONG_AGO, originals=1)
    assert "缺原件" not in visit(cast.salesperson).get("/").content.decode()
