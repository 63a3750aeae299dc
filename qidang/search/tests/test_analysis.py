"""分词: folding, places, and streams over page ends."""

import pytest

from qidang.search.analysis import bigrams, fold, places, words
from qidang.search.joining import stream


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("合同编号", "合 同　编\n号"),
        ("违约責任", "违约责任"),
        ("買賣契約", "买卖契约"),
        ("ＱＤ－２０２４／００１", "qd-2024/001"),
        ("（甲方）：", "(甲方):"),
        ("“定金”", '"定金"'),
        ("Café Ltd.", "CAFE LTD."),
        ("⽤途", "用途"),
        ("100㎡", "100m2"),
        ("QD–2024—7", "QD-2024-7"),
        ("pay-\nment", "payment"),
        ("零\u200b宽\u00ad字\ufeff符", "零宽字符"),
    ],
)
def test_accidents_of_writing_fold_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_a_hyphen_of_a_number_at_a_line_end_stays() -> None:
    assert fold("QD-\n2024") == "qd-2024"


def test_every_folded_character_has_its_place_in_the_original() -> None:
    text = "　合同 ㎡…\n②號"
    assert fold(text) == "合同m2...2号"
    assert [text[place] for place in places(text)] == list("合同㎡㎡………②號")


def test_bigrams_overlap() -> None:
    assert bigrams("违约金") == ["违约", "约金"]
    assert bigrams("约") == []


def test_whole_latin_words_are_told_apart() -> None:
    assert words("Payment Terms，ＦＯＢ 上海 A1") == ["payment", "terms", "fob", "a1"]


def test_a_word_broken_over_a_page_end_is_in_the_stream() -> None:
    assert "违约责任" in stream(["双方的违约", "责任如下"])


def test_a_word_broken_over_a_page_end_is_found_past_page_numbers() -> None:
    found = stream(["第一页的正文，承担违约\n- 1 -", "第 2 页 共 9 页\n责任的一方"])
    assert "违约责任" in found
    assert "第2页" in found


def test_repeated_heads_and_feet_are_stepped_over() -> None:
    bodies = ["验收合格后\n付清货款。\n乙方应当", "按期交货。\n延期的，\n每日支付违", "约金。\n双方协商\n解决争"]
    pages = [f"启辰公司销售合同\n{body}\n编号 QD-1 第{number}页" for number, body in enumerate(bodies, start=1)]
    assert "乙方应当按期交货" in stream(pages)
    assert "支付违约金" in stream(pages)
