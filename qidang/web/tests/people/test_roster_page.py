"""花名册: a sheet of people is tried on the page, then taken in; a second one updates."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qidang.accounts.models import Department, User
from qidang.cast import Cast
from qidang.kit.sheets import write_sheet
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db
PAGE = "/people/roster/"
HEAD = ["用户名", "姓名", "工号", "部门", "直接上级", "邮箱", "角色"]


def tried(client: Client, kind: str, head: list[str], *rows: list[str]) -> str:
    """Send a sheet; return the page with what would become of it."""
    file = SimpleUploadedFile("花名册.xlsx", write_sheet(rows, head))
    return client.post(PAGE, {"kind": kind, "file": file}).content.decode()


def take(client: Client, page: str) -> str:
    """Take in what the page tried."""
    found = re.search(r'name="rows" value="([^"]+)"', page)
    assert found is not None
    return client.post(PAGE, {"act": "take", "rows": found[1]}).content.decode()


def test_people_are_tried_and_then_taken_in(cast: Cast, visit: Visit) -> None:
    client = visit(cast.administrator)
    page = tried(
        client, "people", HEAD, ["zhong", "钟鸣远<x>", "QM0201", "华东销售组"], ["lu", "鲁无门", "", "没有的部门"]
    )
    assert "共 2 行，会写入 1 行" in page
    assert "没有「没有的部门」这个部门" in page
    assert "<x>" not in page
    assert not User.objects.filter(username="zhong").exists()
    done = take(client, page)
    told = re.search(r'class="told">([^<]+)<', done)
    assert told is not None
    assert User.objects.get(username="zhong").check_password(told[1])
    again = tried(client, "people", HEAD, ["zhong", "钟鸣远", "QM0201", "华南销售组"])
    assert "<del>华东销售组</del> → <ins>华南销售组</ins>" in again


def test_departments_are_tried_and_then_taken_in(cast: Cast, visit: Visit) -> None:
    client = visit(cast.administrator)
    page = tried(
        client, "departments", ["部门名称", "代码", "上级部门"], ["西部大区", "XBX", cast.department("qmj").name]
    )
    take(client, page)
    assert Department.objects.get(code="XBX").parent == cast.department("qmj")


def test_what_is_no_roster_and_rows_that_were_not_tried_are_refused(cast: Cast, visit: Visit) -> None:
    client = visit(cast.administrator)
    file = SimpleUploadedFile("别的.csv", "甲,乙\n1,2\n".encode())
    assert client.post(PAGE, {"kind": "people", "file": file}).status_code == 409
    assert client.post(PAGE, {"act": "take", "rows": "made-up"}).status_code == 409


def test_the_template_has_the_columns_that_are_known(cast: Cast, visit: Visit) -> None:
    client = visit(cast.administrator)
    assert client.get(f"{PAGE}template/").content.startswith(b"PK")
    assert "共 0 行" in tried(client, "people", HEAD)


def test_who_keeps_no_people_is_refused(cast: Cast, visit: Visit) -> None:
    for who in (cast.salesperson, cast.archivist):
        assert visit(who).get(PAGE).status_code == 403
        assert visit(who).post(PAGE, {"act": "take", "rows": "x"}).status_code == 403
