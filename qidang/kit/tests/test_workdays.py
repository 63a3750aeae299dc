"""工作日."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from qidang.kit.workdays import add_workdays, is_workday, next_workday

FRIDAY = dt.date(2099, 3, 6)  # a year that no notice covers


def test_national_day_is_off_and_a_moved_weekend_is_worked() -> None:
    assert not is_workday(dt.date(2024, 10, 1))
    assert is_workday(dt.date(2024, 9, 29)) and dt.date(2024, 9, 29).weekday() == 6


def test_a_year_without_a_notice_works_from_monday_to_friday() -> None:
    assert is_workday(FRIDAY)
    assert not is_workday(FRIDAY + dt.timedelta(days=1))
    assert add_workdays(FRIDAY, 1) == dt.date(2099, 3, 9)
    assert next_workday(FRIDAY + dt.timedelta(days=1)) == dt.date(2099, 3, 9)


@given(st.dates(dt.date(2010, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 60))
def test_counting_days_there_and_back_comes_home(day: dt.date, count: int) -> None:
    start = next_workday(day)
    assert add_workdays(add_workdays(start, count), -count) == start
    assert add_workdays(start, 0) == start
