"""How disputes are settled: the mode, the institution, the court, and what is none of them."""

import pytest

from qidang.reading.tests.extracting import value_of

HEAD = "供货合同\n供方：温州聿拓机电有限公司\n需方：嘉兴屿瀚贸易有限公司\n双方协商一致，签订本合同。\n"


@pytest.mark.parametrize(
    ("sentence", "mode", "institution", "court"),
    [
        ("发生争议协商不成的，提交温州仲裁委员会仲裁。", "arbitration", "温州仲裁委员会", None),
        ("发生争议，可提交温州仲裁委员会仲裁，也可以向人民法院起诉。", "both", "温州仲裁委员会", "人民法院"),
        ("因合同产生的纠纷由原告所在地人民法院管辖。", "litigation", None, "原告所在地人民法院"),
        ("谈不拢的，向温州市鹿城区人民法院起诉。", "litigation", None, "温州市鹿城区人民法院"),
        ("争议提交各自所在地仲裁委员会仲裁。", "arbitration", None, None),
        (
            "发生争议，双方同意由温州仲裁委员会仲裁（双方未约定仲裁机构，事后又未达成书面仲裁协议的，可向人民法院起诉）。",
            "arbitration",
            "温州仲裁委员会",
            None,
        ),
        (
            "一切争执提交中国国际经济贸易仲裁委员会仲裁，不向法院申诉。",
            "arbitration",
            "中国国际经济贸易仲裁委员会",
            None,
        ),
        (
            "争议按下列第2种方式解决：1.提交温州仲裁委员会仲裁；2.向鹿城区人民法院起诉。",
            "litigation",
            None,
            "鹿城区人民法院",
        ),
        (
            "争议按下列第（一）种方式解决：\n（一）提交温州仲裁委员会仲裁；\n（二）向人民法院起诉。",
            "arbitration",
            "温州仲裁委员会",
            None,
        ),
    ],
)
def test_the_forum_is_read_from_the_sentence_on_disputes(
    sentence: str, mode: str, institution: str | None, court: str | None
) -> None:
    assert value_of(HEAD + sentence, "dispute") == {"mode": mode, "institution": institution, "court": court}


@pytest.mark.parametrize(
    "sentence", ["发生争议时按市场交易规则处理。", "诉讼费用由败诉方承担。", "双方友好协商解决争议。"]
)
def test_without_a_forum_there_is_none(sentence: str) -> None:
    assert value_of(HEAD + sentence, "dispute") is None


def test_an_institution_cut_by_a_cell_is_joined() -> None:
    box = (
        "┌─────────┬────────────┐\n"
        "│一、质量：国标│二、争议：协商不成，双方同意由温州│\n"
        "│　　　　　　　│仲裁委员会仲裁。　　　　　　　　　│\n"
        "└─────────┴────────────┘"
    )
    assert value_of(HEAD + box, "dispute") == {"mode": "arbitration", "institution": "温州仲裁委员会", "court": None}
