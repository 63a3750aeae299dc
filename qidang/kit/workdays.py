"""工作日: the working calendar of the State Council's holiday notices, as far as the kept table reaches.

For years that the table does not know yet, Monday to Friday are taken as working days. Knows no Django.
"""

import datetime as dt

import chinese_calendar

ONE_DAY = dt.timedelta(days=1)


def is_workday(day: dt.date) -> bool:
    """Say whether ``day`` is a working day, moved weekends (调休) included."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # a year outside the table
        return day.weekday() < 5


def add_workdays(day: dt.date, count: int) -> dt.date:
    """Return the ``count``-th working day after ``day`` (before it where negative); 0 gives ``day`` itself."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_workday(day):
            day += step
    return day


def next_workday(day: dt.date) -> dt.date:
    """Return ``day`` where it is a working day, otherwise the first one after it (民法典 第二百零三条)."""
    while not is_workday(day):
        day += ONE_DAY
    return day
