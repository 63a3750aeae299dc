"""Days as contracts write them, and which of them is the signing, the beginning, the end, the delivery."""

import pytest

from qidang.reading.fields.dateforms import first_day
from qidang.reading.tests.extracting import value_of

HEAD = "供货合同\n供方：温州聿拓机电有限公司\n需方：嘉兴屿瀚贸易有限公司\n双方协商一致，签订本合同。\n"


@pytest.mark.parametrize(
    "written",
    [
        "2024年3月5日",
        "2024 年 03 月 05 日",
        "2024-03-05",
        "2024/3/5",
        "2024.3.5",
        "二〇二四年三月五日",
        "二零二四年三月五日",
        "贰零贰肆年叁月伍日",
        "5 March 2024",
        "March 5, 2024",
        "5th day of March, 2024",
        "20243月5日",
    ],
)
def test_a_day_is_read_in_every_form(written: str) -> None:
    day = first_day(written)
    assert day is not None
    assert day.iso == "2024-03-05"


@pytest.mark.parametrize(
    "written",
    ["  年 月 日", "19  年 月 日", "一九  年 月 日", "×年×月×日", "2024年13月5日", "2024年2月30日", "2024年3月"],
)
def test_blanks_and_impossible_days_are_none(written: str) -> None:
    assert first_day(written) is None


def test_twenties_in_old_characters_are_read() -> None:
    day = first_day("二零二四年三月廿五日")
    assert day is not None
    assert day.iso == "2024-03-25"


def test_a_solid_day_is_one_only_behind_its_label() -> None:
    assert value_of(HEAD + "签订日期：20240305", "sign_date") == "2024-03-05"
    assert value_of(HEAD + "图号20240305的零件", "sign_date") is None


def test_two_days_on_one_line_are_one_when_equal_and_the_later_when_not() -> None:
    tail = "供方代表：宋敏\t需方代表：于涛\n"
    assert value_of(HEAD + tail + "2024年3月5日\t2024年3月5日", "sign_date") == "2024-03-05"
    assert value_of(HEAD + "签订日期：2024年3月5日\t签订日期：2024年3月8日", "sign_date") == "2024-03-08"


@pytest.mark.parametrize(
    "sentence",
    [
        "供方应于2024年4月25日前交货。",
        "本合同有效期至2024年12月31日。",
        "鉴证日期：2024年3月9日",
        "根据双方于2023年1月9日签订的框架合同供货。",
    ],
)
def test_other_days_are_not_the_signing(sentence: str) -> None:
    assert value_of(HEAD + sentence, "sign_date") is None


def test_a_phone_that_runs_into_the_day_does_not_hide_it() -> None:
    tail = "供方：温州聿拓机电有限公司　　需方：嘉兴屿瀚贸易有限公司\n"
    text = HEAD + tail + "电话：13902765518　　电话：136509188272024年2月25日　　2024年2月25日"
    assert value_of(text, "sign_date") == "2024-02-25"


@pytest.mark.parametrize(
    ("sentence", "start", "end"),
    [
        ("有效期自2024年3月1日至2025年2月28日止。", "2024-03-01", "2025-02-28"),
        ("租赁期限：2024-03-01至2025-02-28", "2024-03-01", "2025-02-28"),
        ("本合同自2024年3月1日起生效。", "2024-03-01", None),
        ("本合同2024年12月31日终止", None, "2024-12-31"),
        ("质保期自2024年3月1日至2025年2月28日。", None, None),
    ],
)
def test_a_period_has_its_beginning_and_its_end(sentence: str, start: str | None, end: str | None) -> None:
    assert value_of(HEAD + sentence, "effective_date") == start
    assert value_of(HEAD + sentence, "end_date") == end


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("交货时间：2024年4月25日前", "2024-04-25"),
        ("供方须于2024年4月25日前将货物送达需方仓库。", "2024-04-25"),
        ("交货时间：2024年4月→2024年6月", None),
        ("交货期：合同签订后20天", None),
        ("买方须于2024年4月25日前开出信用证。", None),
    ],
)
def test_delivery_is_one_day_or_none(sentence: str, day: str | None) -> None:
    assert value_of(HEAD + sentence, "delivery_date") == day


def test_an_empty_place_does_not_swallow_the_next_line() -> None:
    assert value_of("供货合同\n签订地点：\n供方：温州聿拓机电有限公司\n", "sign_place") is None
    assert (
        value_of("供货合同\n签订地点：温州市鹿城区\n供方：温州聿拓机电有限公司\n甲方签订本合同", "sign_place")
        == "温州市鹿城区"
    )
