"""检索页: words, facets, sorting, refusals, and what the top bar offers."""

import datetime as dt
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from qidang.cast import Cast
from qidang.ledger import Entry
from qidang.web.tests.conftest import Visit
from qidang.web.tests.papers import HOSTILE, Arrive, Register, index_all, version_of

pytestmark = pytest.mark.django_db
PAGE = "/search/"


def test_words_of_the_text_find_the_contract_and_lead_to_its_page(
    cast: Cast, visit: Visit, registered: Register
) -> None:
    contract = registered("封面", "甲方应于验收合格后\n三十日内付清余款", amount=Decimal("128000"))
    index_all()
    client = visit(cast.salesperson)
    page = client.get(PAGE, {"q": "合格后三十日"}).content.decode()
    assert "找到 <b>1</b> 份" in page
    assert f"/contracts/{contract.uid}/" in page
    assert "¥128,000.00" in page
    assert "<mark>合格后</mark>" in page or "<mark>合格后三十日</mark>" in page
    sha256 = version_of(contract).blob.sha256
    place = f"/versions/of/{contract.uid}/{sha256}/?q=%E5%90%88%E6%A0%BC%E5%90%8E%E4%B8%89%E5%8D%81%E6%97%A5&amp;page=2"
    assert place in page
    opened = client.get(place.replace("&amp;", "&"), follow=True).content.decode()
    assert opened.count('data-mark="hit"') == 2  # a box on either line


def test_what_waits_for_review_is_found_too(cast: Cast, visit: Visit, arrive: Arrive) -> None:
    arrival = arrive("质保金百分之五", title="待核对的合同")
    index_all()
    page = visit(cast.salesperson).get(PAGE, {"q": "质保金"}).content.decode()
    assert "待登记" in page
    assert f"/intake/to-review/{arrival.uid}/?q=" in page


def test_nobody_finds_what_he_may_not_see(cast: Cast, visit: Visit, registered: Register) -> None:
    registered("独一无二的约定", by=cast.rival, counterparty_name="秘密客户有限公司")
    index_all()
    page = visit(cast.salesperson).get(PAGE, {"q": "独一无二"}).content.decode()
    assert "没有找到" in page
    assert "秘密客户" not in page
    offered = visit(cast.salesperson).get("/search/suggestions/", {"q": "数控车床"}).content.decode()
    assert "秘密客户" not in offered


def test_facets_narrow_and_are_taken_out_again(cast: Cast, visit: Visit, registered: Register) -> None:
    registered("违约金一", title="甲合同", contract_type="买卖合同", signed_on=dt.date(2025, 3, 5))
    registered("违约金二", title="乙合同", contract_type="租赁合同", signed_on=dt.date(2026, 3, 5))
    index_all()
    client = visit(cast.salesperson)
    page = client.get(PAGE, {"q": "违约金"}).content.decode()
    assert "?q=%E8%BF%9D%E7%BA%A6%E9%87%91&amp;year=2025" in page
    page = client.get(PAGE, {"q": "违约金", "year": "2025"}).content.decode()
    assert "甲合同" in page
    assert "乙合同" not in page
    assert 'aria-current="true"' in page
    assert "清除筛选" in page
    assert '<input type="hidden" name="year" value="2025">' in page


def test_sorting_turns_round(cast: Cast, visit: Visit, registered: Register) -> None:
    for title, amount in (("小合同", "10"), ("大合同", "9000000")):
        registered(f"{title}的违约金", title=title, amount=Decimal(amount))
    index_all()
    client = visit(cast.salesperson)
    down = client.get(PAGE, {"q": "违约金", "sort": "amount"}).content.decode()
    up = client.get(PAGE, {"q": "违约金", "sort": "amount", "order": "up"}).content.decode()
    assert down.index("大合同</a>") < down.index("小合同</a>")
    assert up.index("小合同</a>") < up.index("大合同</a>")
    assert "order=up" in down


def test_pages_follow_one_another(cast: Cast, visit: Visit, registered: Register) -> None:
    for number in range(23):
        registered(f"违约金 {number}", title=f"第{number}份")
    index_all()
    client = visit(cast.salesperson)
    first = client.get(PAGE, {"q": "违约金"}).content.decode()
    assert "offset=20" in first
    assert "1–20 / 23" in first
    second = client.get(PAGE, {"q": "违约金", "offset": "20"}).content.decode()
    assert "21–23 / 23" in second
    assert 'rel="prev"' in second
    for odd in ("-5", "x", "99999999999", ""):
        assert client.get(PAGE, {"q": "违约金", "offset": odd}).status_code == 200


@pytest.mark.parametrize(
    "text", ["(合同", '"未完', "金额:很多", "签订:哪天", "违约金 AND", "*" * 2000, "类型:没有这种"]
)
def test_what_cannot_be_read_is_told_kindly(cast: Cast, visit: Visit, text: str) -> None:
    page = visit(cast.salesperson).get(PAGE, {"q": text})
    assert page.status_code == 200
    assert "Traceback" not in page.content.decode()


def test_a_wrong_query_names_its_place_and_shows_how_to_ask(cast: Cast, visit: Visit) -> None:
    page = visit(cast.salesperson).get(PAGE, {"q": "(合同"}).content.decode()
    assert "search.syntax" in page
    assert "可以这样找" in page
    assert 'value="(合同"' in page


def test_without_words_it_says_how_and_offers_the_last_ones(cast: Cast, visit: Visit, registered: Register) -> None:
    registered("违约金")
    index_all()
    client = visit(cast.salesperson)
    for words in ("违约金", "质保金", "违约金"):
        client.get(PAGE, {"q": words})
    page = client.get(PAGE).content.decode()
    assert page.index("违约金</a>") < page.index("质保金</a>")
    assert "质保金" in client.get("/search/suggestions/").content.decode()
    client.post("/search/forgetting/")
    assert "最近找过" not in client.get(PAGE).content.decode()
    assert "违约金" not in visit(cast.salesperson).get("/search/suggestions/").content.decode()  # nor another session


def test_suggestions_name_contracts_while_one_types(cast: Cast, visit: Visit, registered: Register) -> None:
    contract = registered("正文", title="伺服驱动器采购合同")
    index_all()
    part = visit(cast.salesperson).get("/search/suggestions/", {"q": "驱动器"}).content.decode()
    assert f"/contracts/{contract.uid}/" in part
    assert "全文检索「驱动器」" in part
    assert part.count('role="option"') == 2


def test_a_search_is_recorded_without_its_words(cast: Cast, visit: Visit, registered: Register) -> None:
    registered("机密的话")
    index_all()
    visit(cast.salesperson).get(PAGE, {"q": "机密的话"})
    assert "机密" not in bytes(Entry.objects.get(act="search.run").canonical).decode()


def test_who_may_not_search_is_refused(cast: Cast, visit: Visit) -> None:
    assert visit(cast.outsider).get(PAGE).status_code == 403
    assert visit(cast.outsider).get("/search/suggestions/", {"q": "合同"}).status_code == 200  # the bar stays quiet


def test_hostile_words_and_texts_stay_text(cast: Cast, visit: Visit, registered: Register) -> None:
    attack = "<script>alert(1)</script>"
    registered(f"违约金 {attack} {HOSTILE}", title=attack, counterparty_name=HOSTILE)
    index_all()
    client = visit(cast.salesperson)
    for query in ("违约金", attack, HOSTILE, f'"{attack}"'):
        for address in (PAGE, "/search/suggestions/"):
            page = client.get(address, {"q": query}).content.decode()
            assert "<script>alert" not in page
            assert "<img src=x" not in page


def test_twenty_hits_fit_the_budgets(
    cast: Cast, visit: Visit, registered: Register, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(22):
        registered(f"违约金每日万分之五，第 {number} 份" * 20, title=f"第{number}份买卖合同")
    index_all()
    client = visit(cast.salesperson)
    client.get(PAGE, {"q": "违约金"})
    with django_assert_max_num_queries(20):
        answer = client.get(PAGE, {"q": "违约金"})
    assert len(answer.content) <= 80 * 1024
