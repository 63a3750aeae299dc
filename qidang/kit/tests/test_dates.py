"""日期 as people write them."""

import datetime as dt

import pytest

from qidang.kit.dates import parse_date

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026.3.5", "2026-03-05"),
        ("2026年3月5日", "2026-03-05"),
        ("２０２６／３／５", "2026-03-05"),
        ("20260305", "2026-03-05"),
        ("二〇二四年三月五日", "2024-03-05"),
        ("二零二四年十二月三十一日", "2024-12-31"),
        ("二○二四年二月廿九日", "2024-02-29"),
        ("3月5日", "2026-03-05"),
        ("今天+30", "2026-12-24"),
        ("昨天", "2026-11-23"),
        ("45000", "2023-03-15"),
        ("2026-03-05 00:00:00", "2026-03-05"),
    ],
)
def test_a_day_is_understood_in_every_usual_form(text: str, iso: str) -> None:
    assert parse_date(text, TODAY) == dt.date.fromisoformat(iso)


@pytest.mark.parametrize(
    "text", ["", "2026-13-01", "2025年2月30日", "签订之日", "一九　年", "12345678", "二零二四年廿月五日"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert parse_date(text, TODAY) is None
