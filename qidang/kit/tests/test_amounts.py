"""金额 in figures and in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qidang.kit.amounts import from_words, in_words, parse_amount


@given(st.integers(min_value=0, max_value=10**17 - 1))
def test_every_amount_reads_back_from_its_words(cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    assert from_words(in_words(amount)) == amount


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("10.05", "壹拾元零伍分"),
        ("1004", "壹仟零肆元整"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("200000003", "贰亿零叁元整"),
        ("44997879356023.91", "肆拾肆万玖仟玖佰柒拾捌亿柒仟玖佰叁拾伍万陆仟零贰拾叁元玖角壹分"),
        ("-3.20", "负叁元贰角整"),
    ],
)
def test_figures_are_written_as_on_a_cheque(figures: str, words: str) -> None:
    assert in_words(Decimal(figures)) == words


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("人民币叁拾万元整", "300000"),
        ("肆仟元零伍分", "4000.05"),
        ("（大写）：壹佰贰拾叁万肆仟伍佰陆拾柒圆捌角玖分", "1234567.89"),
        ("12.5万元", "125000"),
        ("￥1,234.50", "1234.50"),
        ("１２３", "123"),
        ("-5", "-5"),
        ("廿万元", "200000"),
    ],
)
def test_people_write_amounts_in_many_ways(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "面议", "元", "一二三万元元", "12.3.4", "壹角元", "五零", "万元", "亿"])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert parse_amount(text) is None


def test_more_than_cents_cannot_be_written_in_words() -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        in_words(Decimal("0.001"))
