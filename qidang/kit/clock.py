"""The one place that asks what time it is."""

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Return today's date in the company's zone (``TIME_ZONE``)."""
    return timezone.localdate(now())
