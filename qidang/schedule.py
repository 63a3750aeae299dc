"""All timed work on one screen.

``SCHEDULES`` is work with a clock time: the worker enqueues each due tick once, however many workers there are.
``TICKS`` is what the worker looks at all the time, in seconds between two looks; each is short and safe to repeat.
"""

from typing import Any

SCHEDULES: dict[str, dict[str, Any]] = {}

TICKS: dict[str, float] = {}
