"""All timed work on one screen.

``SCHEDULES`` is work with a time: the worker enqueues each due tick once, however many workers there are.
``TICKS`` is what every worker looks at all the time, in seconds between two looks; each is short and safe to repeat.
"""

from typing import Any

SCHEDULES: dict[str, dict[str, Any]] = {
    "look-into-folders": {"task": "qidang.intake.tasks.look_into_folders", "every": 15},
    "match-projects": {"task": "qidang.intake.tasks.match_projects", "every": 15},
    "pick-up-left-behind": {"task": "qidang.intake.tasks.pick_up_left_behind", "every": 60},
    "settle-contracts": {"task": "qidang.contracts.tasks.settle", "cron": "5 0 * * *"},
    "mend-approvals": {"task": "qidang.approvals.tasks.mend_requests", "every": 60},
    "carry-on-merges": {"task": "qidang.contracts.tasks.carry_on_merges", "every": 60},
    "carry-on-customer-sheets": {"task": "qidang.contracts.tasks.carry_on_customer_sheets", "every": 60},
    "find-twins": {"task": "qidang.contracts.tasks.find_twins", "cron": "40 1 * * *"},
    "tidy": {"task": "qidang.upkeep.tidy", "cron": "17 3 * * *"},
}

TICKS: dict[str, float] = {
    "qidang.search.following.catch_up": 0.5,
}
