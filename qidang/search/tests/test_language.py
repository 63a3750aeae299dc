"""检索语言: what people type, and how mistakes are answered."""

import datetime
from decimal import Decimal

import pytest

from qidang.kit.refusal import Refused
from qidang.search import values
from qidang.search.language import All, Either, Field, Node, Without, Word, parse, wanted

TODAY = datetime.date(2026, 3, 15)


def shape(node: Node) -> object:
    """The tree without places, for reading in a test."""
    match node:
        case Word(text, _):
            return text
        case Field(name, value, _):
            return {name: value}
        case All(parts):
            return ("and", *map(shape, parts))
        case Either(parts):
            return ("or", *map(shape, parts))
        case Without(part):
            return ("not", shape(part))


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("违约责任", "违约责任"),
        ("违约　责任", ("and", "违约", "责任")),
        ("甲 AND 乙", ("and", "甲", "乙")),
        ("甲 与 乙 或 丙", ("or", ("and", "甲", "乙"), "丙")),
        ("甲 (乙 OR 丙)", ("and", "甲", ("or", "乙", "丙"))),
        ("甲（乙）", "甲（乙）"),
        ("-甲 乙", ("and", ("not", "甲"), "乙")),
        ("非 甲", ("not", "甲")),
        ("NOT (甲 乙)", ("not", ("and", "甲", "乙"))),
        ('"payment terms"', "payment terms"),
        ("“定金 罚则” 买卖", ("and", "定金 罚则", "买卖")),
        ("and or not", ("and", "and", "or", "not")),
        ("客户:宏远 编号：2024", ("and", {"customer": "宏远"}, {"number": "2024"})),
        ("Customer:x 金额:>10万", ("and", {"customer": "x"}, {"amount": ">10万"})),
        ('客户:"a b"', {"customer": "a b"}),
        ("http://x 电话:1", ("and", "http://x", "电话:1")),
        ("购销合同（二） 2024-001", ("and", "购销合同（二）", "2024-001")),
        ("", ("and",)),
        ("  \t　", ("and",)),
    ],
)
def test_a_query_is_read(query: str, tree: object) -> None:
    assert shape(parse(query)) == tree


@pytest.mark.parametrize(
    ("query", "position"),
    [('甲 "乙', 3), ("(甲", 1), ("甲)", 2), ("甲 OR", 5), ("OR 甲", 1), ("客户: 甲", 1), ("()", 2), ("非", 2)],
)
def test_a_mistake_is_refused_with_its_place(query: str, position: int) -> None:
    with pytest.raises(Refused) as refused:
        parse(query)
    assert refused.value.code == "search.syntax"
    assert refused.value.values["position"] == position
    assert str(position) in refused.value.message


def test_a_very_long_query_is_refused() -> None:
    with pytest.raises(Refused, match=r"search\.too_long"):
        parse("字" * 5000)
    with pytest.raises(Refused, match=r"search\.too_many"):
        parse("字 " * 100)


def test_deep_brackets_are_refused_not_recursed() -> None:
    with pytest.raises(Refused, match=r"search\.syntax"):
        parse("(" * 400 + "甲" + ")" * 400)
    with pytest.raises(Refused, match=r"search\.syntax"):
        parse("-" * 400 + "甲")


def test_only_words_asked_for_are_marked() -> None:
    assert wanted(parse("甲 (乙 OR 客户:丙) -丁")) == ["甲", "乙"]


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        (">100000", "100000.01", None),
        (">=10万", "100000", None),
        ("＜5000", None, "4999.99"),
        ("≤1亿", None, "100000000"),
        ("1万..50万", "10000", "500000"),
        ("1..50万", "10000", "500000"),
        ("..50万", None, "500000"),
        ("1,000~2,000", "1000", "2000"),
        ("1234.5", "1234.5", "1234.5"),
    ],
)
def test_amounts_are_read(value: str, least: str | None, most: str | None) -> None:
    span = values.amounts(value, 1)
    assert span == values.Span(least and Decimal(least), most and Decimal(most))


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024年", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024年3月", "2024-03-01", "2024-03-31"),
        ("2024.3.5", "2024-03-05", "2024-03-05"),
        ("2024..2025", "2024-01-01", "2025-12-31"),
        ("2024-06..", "2024-06-01", None),
        (">2024", "2025-01-01", None),
        ("<2024-03-01", None, "2024-02-29"),
        (">=2024", "2024-01-01", None),
        ("去年", "2025-01-01", "2025-12-31"),
        ("上月", "2026-02-01", "2026-02-28"),
        ("今天..今天+30", "2026-03-15", "2026-04-14"),
    ],
)
def test_dates_are_read(value: str, least: str | None, most: str | None) -> None:
    span = values.days(value, 1, TODAY)
    expected = [day and datetime.date.fromisoformat(day) for day in (least, most)]
    assert [span.least, span.most] == expected


@pytest.mark.parametrize("value", ["abc", ">", "1..x", "9" * 40, ".."])
def test_an_amount_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(Refused, match=r"search\.amount"):
        values.amounts(value, 4)


@pytest.mark.parametrize("value", ["abc", "2024-13", "0000", ">", "2024..x"])
def test_a_date_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(Refused, match=r"search\.date"):
        values.days(value, 4, TODAY)
