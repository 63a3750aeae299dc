"""Amounts as contracts write them: figures, words, currencies, which of them is the total, tax, deposits."""

from decimal import Decimal

import pytest

from qidang.kit.amounts import in_words
from qidang.reading.fields.moneyforms import sums_in, words_value
from qidang.reading.tests.extracting import extraction_of, value_of

HEAD = "买卖合同\n供方：温州聿拓机电有限公司\n需方：嘉兴屿瀚贸易有限公司\n经双方协商一致签订本合同。\n"


@pytest.mark.parametrize(
    ("written", "value", "currency"),
    [
        ("1,234.50元", "1234.50", ""),
        ("人民币12.5万元", "125000", "CNY"),
        ("¥0.8亿元", "80000000", "CNY"),
        ("USD 29,900.00", "29900", "USD"),
        ("1234.50美元", "1234.50", "USD"),
        ("26,480.00U.S.D.", "26480", "USD"),
        ("1 234 500.00元", "1234500", ""),
        ("US$ 5,000", "5000", "USD"),
    ],
)
def test_figures_are_read_in_every_form(written: str, value: str, currency: str) -> None:
    found = next(sums_in(written))
    assert found.value == Decimal(value)
    assert found.currency == currency


@pytest.mark.parametrize(
    "value", ["0.05", "10", "15", "100000", "102000030.05", "1234567.89", "907023.8", "20000000000"]
)
def test_words_and_figures_agree_both_ways(value: str) -> None:
    assert words_value(in_words(Decimal(value))) == Decimal(value)


@pytest.mark.parametrize(
    ("words", "value"),
    [("贰万陆仟肆佰捌拾美元整", "26480"), ("拾伍元", "15"), ("壹拾万零伍仟圆正", "105000"), ("一千二百元", "1200")],
)
def test_words_of_other_hands_are_read(words: str, value: str) -> None:
    assert words_value(words) == Decimal(value)


def test_copies_and_sets_are_no_amounts() -> None:
    assert value_of(HEAD + "本合同一式贰份，双方各执壹份，设备叁套。", "amount_incl_tax") is None


def test_unit_prices_alone_make_no_total() -> None:
    assert value_of(HEAD + "价格：甲级每斤3.20元，乙级每斤2.80元，单价随市场浮动。", "amount_incl_tax") is None


def test_the_price_after_discount_beats_the_sum() -> None:
    text = HEAD + "合计：98,000.00元\n最终优惠价（大写）玖万伍仟元整（￥95,000.00）"
    assert value_of(text, "amount_incl_tax") == "95000.00"


def test_words_that_disagree_with_the_figure_lower_the_confidence() -> None:
    found = extraction_of(HEAD + "合同总价：人民币捌万元整（￥90,000.00）").fields["amount_incl_tax"]
    assert found is not None
    assert found.value == "90000.00"
    assert found.confidence <= 0.6


def test_tax_its_rate_and_the_amount_without_it_are_told_apart() -> None:
    text = HEAD + "合同总价113,000.00元，其中不含税金额100,000.00元，税额13,000.00元，税率13%。"
    fields = extraction_of(text).fields
    values = {name: found and found.value for name, found in fields.items()}
    assert values["amount_incl_tax"] == "113000.00"
    assert values["amount_excl_tax"] == "100000.00"
    assert values["vat_amount"] == "13000.00"
    assert values["vat_rate"] == "13%"


@pytest.mark.parametrize("sentence", ["贷款年利率5%。", "滞纳金每日1%。", "关税税率5%由买方承担。"])
def test_interest_and_penalties_are_no_vat(sentence: str) -> None:
    assert value_of(HEAD + sentence, "vat_rate") is None


def test_the_total_row_gives_money_not_pieces() -> None:
    text = (
        HEAD
        + "品名\t数量\t单价\t金额\n螺栓\t500件\t2.00\t1,000.00\n螺母\t800件\t1.00\t800.00\n合计\t1300件\t\t1,800.00\n"
    )
    assert value_of(text, "amount_incl_tax") == "1800.00"
    items = value_of(text, "line_items")
    assert [(item["name"], item["qty"], item["unit"], item["total"]) for item in items] == [
        ("螺栓", "500", "件", "1000.00"),
        ("螺母", "800", "件", "800.00"),
    ]


@pytest.mark.parametrize(
    ("sentence", "deposit"),
    [
        ("合同签订后3日内需方支付定金人民币8,000元。", {"kind": "定金", "amount": "8000.00", "pct": None}),
        ("需方预付合同总额的30%作为预付款。", {"kind": "预付款", "amount": None, "pct": 30}),
        ("预付款为合同总额的百分之二十，签约后付。", {"kind": "预付款", "amount": None, "pct": 20}),
        ("乙方向甲方缴纳履约保证金20000元。", {"kind": "保证金", "amount": "20000.00", "pct": None}),
        ("租金及保证金。", None),
        ("供方违约的，双倍返还定金。", None),
        ("甲方可终止合同，并不退还履约保证金。", None),
    ],
)
def test_a_deposit_is_the_amount_said_after_its_word(sentence: str, deposit: object) -> None:
    assert value_of(HEAD + sentence, "deposit") == deposit
