"""近似文本."""

from qidang.reading.likeness import NEAR, distance, likeness
from qidang.reading.warming import WORDS


def contract_text() -> str:
    """Return a text of some length."""
    return "\n".join(WORDS)


def test_blanks_and_line_ends_make_no_difference() -> None:
    text = contract_text()
    assert likeness(text) == likeness(text.replace("\n", " \n\n "))


def test_a_page_number_more_is_nearly_the_same() -> None:
    one, other = likeness(contract_text()), likeness(contract_text() + "第1页")
    assert one is not None
    assert other is not None
    assert distance(one, other) <= NEAR


def test_another_text_is_far_away() -> None:
    one, other = likeness(contract_text()), likeness("关于召开例会的通知，请各部门准时参加会议。" * 20)
    assert one is not None
    assert other is not None
    assert distance(one, other) > 10


def test_a_text_too_short_to_compare_has_no_likeness() -> None:
    assert likeness("合同") is None
