"""检索: what people find, where it stands, and how it is counted and ordered."""

import datetime as dt
from decimal import Decimal

import pytest

from qidang.cast import Cast
from qidang.contracts.defining import define
from qidang.contracts.models import Company, HistoryEntry
from qidang.contracts.values import PastValues
from qidang.kit.refusal import Refused
from qidang.search import following
from qidang.search.query import Results, needles_of, suggest
from qidang.search.tests.conftest import Arriver, Finder, Registrar

pytestmark = pytest.mark.django_db


def titles(results: Results) -> list[str]:
    return [hit.title for hit in results.hits]


def values(results: Results, facet: str) -> dict[str, int]:
    return {one.label: one.count for one in results.facets[facet]}


def test_words_of_the_paper_and_of_the_fields_are_found(registered: Registrar, search: Finder) -> None:
    contract = registered(
        "第一条 标的\n卧式加工中心两台", "第二条 违约\n责任按日万分之五", number_on_paper="QMJ-XS-2026-0001"
    )
    registered("别的内容", title="轴承买卖合同", counterparty_name="宁波远帆电气有限公司")
    for words in ("加工中心", "违约责任", "2026-0001", "澄湖", "数控车床 万分之五", "加 工 中 心", "臥式"):
        results = search(words)
        assert [hit.contract for hit in results.hits] == [contract], words
        assert results.total == 1
    assert search("没有的话").total == 0


def test_where_the_originals_are_is_found(registered: Registrar, search: Finder) -> None:
    contract = registered("正文", place="一库-03柜-2层-07盒", original_holder="韩叶舟", binder="2025销售-12")
    registered("别的内容", title="轴承买卖合同", counterparty_name="宁波远帆电气有限公司")
    for words in ("一库-03柜", "韩叶舟", "2025销售-12"):
        [hit] = search(words).hits
        assert hit.contract == contract, words
        assert any(is_hit for _, is_hit in hit.excerpt.snippet), words


def test_what_stands_in_custom_fields_is_found(cast: Cast, registered: Registrar, search: Finder) -> None:
    field = define(by=cast.archivist, label="最终用户", kind="CUSTOMER")
    contract = registered("正文", custom={field.name: "海东船舶有限公司"})
    registered("别的内容", title="轴承买卖合同")
    [hit] = search("海东船舶").hits
    assert hit.contract == contract


def test_a_hit_shows_its_page_a_marked_snippet_and_boxes(registered: Registrar, search: Finder) -> None:
    registered("第一条 标的\n数控车床", "第二条 交货\n买方逾期付款，按日支付违约\n金，并赔偿损失")
    [hit] = search("违约金").hits
    assert hit.excerpt.page == 2
    assert "".join(text for text, is_hit in hit.excerpt.snippet if is_hit) == "违约金"
    assert "逾期付款" in "".join(text for text, _ in hit.excerpt.snippet)
    assert [box[0] for box in hit.excerpt.boxes] == [2, 2]
    _, *box = hit.excerpt.boxes[0]
    assert box == pytest.approx([0.1 + 0.8 * 11 / 13, 0.1, 0.9, 0.15])


def test_a_word_over_a_page_end_is_boxed_on_both_pages(registered: Registrar, search: Finder) -> None:
    registered("正文。双方应当协\n- 1 -", "第2页\n商一致。")
    [hit] = search("协商一致").hits
    assert hit.excerpt.page == 1
    assert [box[0] for box in hit.excerpt.boxes] == [1, 2]
    assert "".join(text for text, is_hit in hit.excerpt.snippet if is_hit) == "协商一致"


def test_the_page_with_most_of_the_words_is_shown(registered: Registrar, search: Finder) -> None:
    registered("定金三万元", "定金罚则：违约方双倍返还定金", "违约")
    assert search("定金 违约").hits[0].excerpt.page == 2


def test_filters_of_the_language_meet_the_fields(registered: Registrar, search: Finder, cast: Cast) -> None:
    registered("甲", title="A合同", amount=Decimal("128000"), signed_on=dt.date(2024, 3, 5))
    registered("乙", title="B合同", amount=Decimal("99.50"), signed_on=dt.date(2025, 6, 1), contract_type="租赁合同")
    registered("丙", title="C合同", amount=None, signed_on=None, by="rival", counterparty_name="宁波远帆电气有限公司")
    expected = {
        "金额:>100000": ["A合同"],
        "金额:99.5": ["B合同"],
        "金额:<100万": ["B合同", "A合同"],
        "签订:2024": ["A合同"],
        "签订:2024..2025": ["B合同", "A合同"],
        "类型:租赁": ["B合同"],
        "类型:买卖,租赁 签订:>2000": ["B合同", "A合同"],
        "客户:远帆": ["C合同"],
        "名称:B": ["B合同"],
        "状态:草稿": ["C合同"],
        "状态:未归档 签订:2025": ["B合同"],
        "部门:华南": ["C合同"],
        "部门:销售部 -部门:华东": ["C合同"],
        "负责人:韩叶舟": ["C合同"],
        "(甲 OR 乙) -名称:A": ["B合同"],
    }
    for words, wanted in expected.items():
        assert titles(search(words)) == wanted, words


def test_facets_count_and_narrow(registered: Registrar, search: Finder) -> None:
    for number in range(5):
        registered(f"共同的话 第{number}份", signed_on=dt.date(2023 + number % 2, 1, 1))
    registered("共同的话 租赁", contract_type="租赁合同", counterparty_name="宁波远帆电气有限公司", by="rival")
    results = search("共同的话")
    assert results.total == 6
    assert values(results, "year") == {"2023": 3, "2024": 2, "2026": 1}
    assert values(results, "type") == {"买卖合同": 5, "租赁合同": 1}
    assert values(results, "customer") == {"苏州澄湖机电有限公司": 5, "宁波远帆电气有限公司": 1}
    assert values(results, "department") == {"华东销售组": 5, "华南销售组": 1}
    assert sum(values(results, "status").values()) == 6
    chosen = search("共同的话", filters={"year": ["2023"]})
    assert chosen.total == 3
    assert values(chosen, "year") == {"2023": 3, "2024": 2, "2026": 1}
    assert values(chosen, "type") == {"买卖合同": 3}


def test_hits_are_ordered_and_paged(registered: Registrar, search: Finder) -> None:
    for number, amount in enumerate([300, 100, None, 200]):
        registered(f"话题 {number}", title=f"合同{number}", amount=amount, signed_on=dt.date(2020 + number, 1, 1))
    assert titles(search("话题", sort="amount")) == ["合同0", "合同3", "合同1", "合同2"]
    assert titles(search("话题", sort="date")) == ["合同3", "合同2", "合同1", "合同0"]
    assert titles(search("话题", sort="date", descending=False)) == ["合同0", "合同1", "合同2", "合同3"]
    page = search("话题", sort="date", offset=1, limit=2)
    assert (titles(page), page.total) == (["合同2", "合同1"], 4)


def test_a_number_typed_in_full_comes_first(registered: Registrar, search: Finder) -> None:
    registered("提到 QMJ-1 与 QMJ-1 和 QMJ-1", number_on_paper="X-9")
    registered("提到 QMJ-12", number_on_paper="QMJ-12")
    wanted = registered("别的", number_on_paper="QMJ-1")
    assert search("qmj-1").hits[0].contract == wanted


def test_papers_that_wait_are_found_and_marked(arrived: Arriver, registered: Registrar, search: Finder) -> None:
    registered("独特的话 一")
    arrival = arrived("独特的话 二")
    results = search("独特的话", by="salesperson")
    assert results.total == 2
    assert [hit.arrival for hit in results.hits if hit.is_waiting] == [arrival]
    assert values(results, "status")["待登记"] == 1
    assert search("状态:待登记", by="salesperson").total == 1


def test_changes_are_followed(registered: Registrar, search: Finder, cast: Cast) -> None:
    contract = registered("正文", number_on_paper="OLD-7")
    assert search("冲压模具").total == 0
    contract.edit({"title": "冲压模具买卖合同"}, by=cast.archivist, edit_version=contract.edit_version, why="录错了")
    assert search("冲压模具").total == 1
    company = Company.objects.get(name="苏州澄湖机电有限公司")
    company.add_alias("澄湖集团", by=cast.archivist)
    assert search("澄湖集团").total == 1


def test_following_twice_changes_nothing(registered: Registrar, search: Finder) -> None:
    registered("正文")
    assert search("正文").total == 1
    following.rebuild()
    assert following.is_current()
    assert search("正文").total == 1


def test_a_status_that_changes_with_the_date_is_followed(
    registered: Registrar, search: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = dt.date(2026, 3, 10)
    monkeypatch.setattr("qidang.kit.clock.today", lambda: today)
    registered("正文", expires_on=dt.date(2026, 3, 11))
    assert values(search("正文"), "status") == {"履行中": 1}
    monkeypatch.setattr("qidang.kit.clock.today", lambda: dt.date(2026, 3, 12))
    assert values(search("正文"), "status") == {"已到期": 1}


def test_the_most_secret_papers_stay_out_of_the_index(registered: Registrar, search: Finder) -> None:
    registered("核心配方条款", secrecy="CORE", title="配方合同")
    assert search("核心配方条款").total == 0
    assert search("配方合同").total == 1


def test_without_an_index_a_search_says_so(search: Finder) -> None:
    results = search("正文", catch_up=False)
    assert (results.total, [problem.code for problem in results.problems]) == (0, ["search.no_index"])


def test_a_wrong_query_is_refused_kindly(search: Finder) -> None:
    for words, code in (("(甲", "syntax"), ("金额:很多", "amount"), ("签订:昨儿", "date"), ("类型:没有", "value")):
        with pytest.raises(Refused) as refused:
            search(words)
        assert refused.value.code == f"search.{code}"
        assert refused.value.next_step


def test_the_top_bar_suggests_by_number_title_and_company(registered: Registrar, search: Finder, cast: Cast) -> None:
    contract = registered("正文里的车削", number_on_paper="QMJ-XS-77")
    search("正文")
    for prefix in ("xs-7", "数控", "澄湖"):
        assert suggest(cast.lawyer, prefix) == [contract]
    assert suggest(cast.lawyer, "车削") == []
    assert suggest(cast.rival, "数控") == []


def test_needles_of_a_query_are_what_is_marked() -> None:
    assert needles_of("违約責任 -甲 客户:乙") == ["违约责任"]
    assert needles_of("(") == []


def test_a_past_contract_is_found_by_its_state_and_as_entered_later(
    cast: Cast, registered: Registrar, search: Finder
) -> None:
    old = registered("正文", signed_on=dt.date(2016, 3, 5))
    registered("正文", title="轴承买卖合同", counterparty_name="宁波远帆电气有限公司")
    assert search("状态:历史登记").total == 0
    HistoryEntry.enter(old, PastValues(state="TERMINATED", voucher="终止协议", why="旧合同"), by=cast.archivist)
    for words in ("状态:历史登记", "状态:已终止", "status:historical"):
        assert [hit.contract for hit in search(words).hits] == [old], words
    assert values(search("正文"), "status")["已终止"] == 1


def test_the_old_reference_is_found_as_a_reference(registered: Registrar, search: Finder) -> None:
    old = registered("正文", old_reference="A12·2015-HT-0032")
    registered("正文", title="轴承买卖合同", counterparty_name="宁波远帆电气有限公司")
    for words in ("档号:2015-HT-0032", "A12·2015-HT-0032"):
        assert [hit.contract for hit in search(words).hits] == [old], words
