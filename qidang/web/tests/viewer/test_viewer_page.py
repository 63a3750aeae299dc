"""阅览: pages of a paper, words found in it, images with a watermark."""

import pytest
from pytest_django import DjangoAssertNumQueries

from qidang.cast import Cast
from qidang.ledger import Entry
from qidang.reading.warming import pdf
from qidang.web.tests.conftest import Visit
from qidang.web.tests.papers import Register, version_of

pytestmark = pytest.mark.django_db
PAGES = ("封面", "第一条 质量\n质保金百分之五", "第二条 付款\n质保金于期满退还，质保金不计息")


def test_it_shows_a_page_and_the_way_to_the_others(cast: Cast, visit: Visit, registered: Register) -> None:
    version = version_of(registered(*PAGES))
    page = visit(cast.salesperson).get(f"/versions/{version.uid}/").content.decode()
    assert f"/versions/{version.uid}/pages/1/" in page
    assert "1 / 3" in page
    assert 'rel="next"' in page
    assert Entry.objects.filter(act="document.viewed").exists()


def test_words_are_found_through_the_whole_paper(cast: Cast, visit: Visit, registered: Register) -> None:
    version = version_of(registered(*PAGES))
    page = visit(cast.salesperson).get(f"/versions/{version.uid}/?q=质保金").content.decode()
    assert "找到 3 处" in page
    assert "2 / 3" in page  # opened at the first page with a hit
    assert page.count('data-mark="hit"') == 1
    part = visit(cast.salesperson).get(f"/versions/{version.uid}/?q=质保金&page=3", headers={"qidang-part": "viewer"})
    assert part.content.decode().count('data-mark="hit"') == 2
    assert "<html" not in part.content.decode()


def test_words_that_are_no_query_are_looked_up_as_written(cast: Cast, visit: Visit, registered: Register) -> None:
    version = version_of(registered("金额（大写)：壹元"))
    page = visit(cast.salesperson).get(f"/versions/{version.uid}/?q=大写)：").content.decode()
    assert "找到 1 处" in page
    none = visit(cast.salesperson).get(f"/versions/{version.uid}/?q=没有的话").content.decode()
    assert "文中没有这几个字" in none


def test_the_text_can_be_read_instead_of_the_image(cast: Cast, visit: Visit, registered: Register) -> None:
    version = version_of(registered("<script>alert(1)</script>\n质保金"))
    page = visit(cast.salesperson).get(f"/versions/{version.uid}/?view=text&q=质保金").content.decode()
    assert '<mark data-mark="hit">质保金</mark>' in page
    assert "<script>alert" not in page
    assert "viewer-page" not in page


def test_odd_pages_fall_back_to_one_there_is(cast: Cast, visit: Visit, registered: Register) -> None:
    version = version_of(registered(*PAGES))
    client = visit(cast.salesperson)
    for odd, shown in (("0", "1 / 3"), ("99", "3 / 3"), ("x", "1 / 3"), ("9" * 40, "1 / 3"), ("²", "1 / 3")):
        assert shown in client.get(f"/versions/{version.uid}/", {"page": odd}).content.decode()


def test_outsiders_find_neither_page_nor_image_nor_place(cast: Cast, visit: Visit, registered: Register) -> None:
    contract = registered(*PAGES)
    version = version_of(contract)
    found = f"/versions/of/{contract.uid}/{version.blob.sha256}/"
    for person in (cast.rival, cast.outsider):
        for address in (f"/versions/{version.uid}/", f"/versions/{version.uid}/pages/1/", found):
            assert visit(person).get(address).status_code == 404
    assert visit(cast.manager).get(found).headers["Location"].startswith(f"/versions/{version.uid}/")
    assert visit(cast.salesperson).get(f"/versions/of/{contract.uid}/{'0' * 64}/").status_code == 404


def test_a_reader_without_the_right_sees_no_download(cast: Cast, visit: Visit, registered: Register) -> None:
    version = version_of(registered(*PAGES))
    download = f"/contracts/versions/{version.uid}/download/"
    for person, sees in ((cast.salesperson, True), (cast.auditor, False)):
        assert (download in visit(person).get(f"/versions/{version.uid}/").content.decode()) is sees


def test_every_size_of_image_carries_who_looks(cast: Cast, visit: Visit, registered: Register) -> None:
    data = pdf([(72, 700, 20, "买卖合同")])
    version = version_of(registered("买卖合同", data=data))
    sizes = {}
    for size in ("s", "m", "l"):
        mine = visit(cast.salesperson).get(f"/versions/{version.uid}/pages/1/?size={size}")
        theirs = visit(cast.manager).get(f"/versions/{version.uid}/pages/1/?size={size}")
        assert mine.headers["Content-Type"] == "image/webp"
        assert mine.content != theirs.content  # the name is part of the picture
        sizes[size] = len(mine.content)
    assert sizes["s"] < sizes["m"] < sizes["l"]


def test_a_page_that_is_not_there_is_not_found(cast: Cast, visit: Visit, registered: Register) -> None:
    version = version_of(registered("一页", data=pdf([(72, 700, 20, "买卖合同")])))
    assert visit(cast.salesperson).get(f"/versions/{version.uid}/pages/2/").status_code == 404


def test_what_cannot_be_drawn_is_refused_and_the_text_stays(cast: Cast, visit: Visit, registered: Register) -> None:
    version = version_of(registered("读出的文字", data=b"not a picture at all"))
    client = visit(cast.salesperson)
    assert client.get(f"/versions/{version.uid}/pages/1/").status_code == 409
    assert "读出的文字" in client.get(f"/versions/{version.uid}/?view=text").content.decode()


def test_turning_a_page_costs_four_queries(
    cast: Cast, visit: Visit, registered: Register, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    version = version_of(registered(*PAGES))
    client = visit(cast.salesperson)
    client.get(f"/versions/{version.uid}/")
    with django_assert_max_num_queries(4):
        client.get(f"/versions/{version.uid}/?page=2", headers={"qidang-part": "viewer"})
