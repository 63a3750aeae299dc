"""常用筛选: what a person keeps about a list stays small, readable and one of ours."""

import pytest
from django.test import Client

from qidang.cast import Cast
from qidang.web.lists.views import MOST, MOST_COLUMNS
from qidang.web.models import SavedView
from qidang.web.tests.conftest import Visit

pytestmark = pytest.mark.django_db
KEEP = "/lists/contracts/views/"


@pytest.fixture
def client(cast: Cast, visit: Visit) -> Client:
    return visit(cast.salesperson)


def test_a_name_is_one_line_without_what_cannot_be_seen(client: Client) -> None:
    client.post(KEEP, {"name": "  我的\n\u202e合同\x00\u200b  " + "长" * 60, "query": "year=2026"})
    assert SavedView.objects.get().name == ("我的 合同 " + "长" * 60)[:40]
    client.post(KEEP, {"name": "\u200b\x07", "query": "year=2025"})
    assert SavedView.objects.count() == 1


def test_the_thirty_first_is_refused_and_the_others_stay_and_change(cast: Cast, client: Client) -> None:
    for number in range(MOST):
        assert client.post(KEEP, {"name": f"第{number}个", "query": f"year={number}"}).status_code == 302
    refused = client.post(KEEP, {"name": "多一个", "query": "year=1"})
    assert refused.status_code == 409
    assert "web.too_many_views" in refused.content.decode()
    assert client.post(KEEP, {"name": "第3个", "query": "year=2020"}).status_code == 302
    assert SavedView.objects.count() == MOST
    assert SavedView.objects.get(name="第3个").query == "year=2020"


def test_a_list_that_is_none_of_ours_keeps_nothing(client: Client) -> None:
    assert client.post("/lists/anything/views/", {"name": "x", "query": "y"}).status_code == 404
    assert client.post("/lists/anything/columns/", {"column": "x"}).status_code == 404
    assert not SavedView.objects.exists()


def test_columns_are_keys_and_not_too_many(client: Client) -> None:
    client.post("/lists/contracts/columns/", {"column": ["number", "x" * 65, "<b>", *[f"k{n}" for n in range(200)]]})
    kept = SavedView.objects.get(name="").columns
    assert kept[:2] == ["number", "k0"]
    assert len(kept) <= MOST_COLUMNS
