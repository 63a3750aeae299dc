"""Where one paper ends and the next begins is suggested, each time with the reason; annexes are no new contract."""

from qidang.reading.paper import Line, Page, Paper
from qidang.reading.parting import beginnings, empty_pages

SIGNATURES = "第九条 争议解决\n甲方（盖章）：\n乙方（盖章）：\n签订日期：2026年3月5日"


def paper(*pages: str) -> Paper:
    """Return a paper whose pages hold these lines."""
    made = [Page(n, 595, 842, [Line(line) for line in text.split("\n")]) for n, text in enumerate(pages, 1)]
    return Paper("application/pdf", made)


def found(*pages: str) -> dict[int, list[str]]:
    """Return the codes of the reasons by page."""
    return {one.page: [reason.code for reason in one.reasons] for one in beginnings(paper(*pages))}


def test_a_title_after_a_signature_page_begins_a_contract() -> None:
    pages = ("数控车床买卖合同\n合同编号：QM-1", SIGNATURES, "设备租赁合同\n出租方：某某", "第二条")
    assert found(*pages) == {3: ["title", "signed"]}


def test_another_number_at_the_head_begins_a_contract() -> None:
    assert found("买卖合同\n合同编号：QM-1", "正文", "采购单\n合同编号：QM-2") == {3: ["number"]}


def test_counting_that_starts_again_begins_a_contract() -> None:
    pages = ("正文甲\n第1页 共2页", "正文乙\n第2页 共2页", "正文丙\n第1页 共3页")
    assert found(*pages) == {3: ["count"]}
    assert found("甲\n1/2", "乙\n2/2", "丙\n- 1 -") == {3: ["count"]}


def test_a_title_after_an_empty_page_begins_a_contract() -> None:
    pages = ("甲\n买卖合同", "", "加工承揽合同\n定作方：某某")
    assert found(*pages) == {3: ["title", "empty"]}
    assert empty_pages(paper(*pages)) == [2]


def test_an_annex_that_bears_the_number_of_its_contract_is_none() -> None:
    pages = ("买卖合同\n合同编号：QM-1", SIGNATURES, "附件一 技术协议\n合同编号：QM-1", "保密协议\n合同编号：QM-1")
    assert found(*pages) == {}


def test_a_lone_title_word_in_the_text_is_no_beginning() -> None:
    assert found("买卖合同", "双方约定如下\n本合同", "补充协议") == {}
