"""到期: the stored status follows the calendar."""

import datetime as dt

from qidang.accounts.models import User
from qidang.contracts.models import Contract
from qidang.contracts.settling import settle_statuses
from qidang.contracts.tests.conftest import Registrar
from qidang.ledger.models import Entry

ENDS = dt.date(2100, 6, 30)


def test_what_ended_or_began_overnight_is_settled_once(registered: Registrar) -> None:
    registered(title="到期的", expires_on=ENDS)
    registered(title="开始的", in_force_on=ENDS)
    registered(title="没到的", expires_on=ENDS + dt.timedelta(days=9))
    next_day = ENDS + dt.timedelta(days=1)
    assert settle_statuses(next_day, by=User.objects.system()) == 2
    assert settle_statuses(next_day, by=User.objects.system()) == 0
    statuses = dict(Contract.objects.values_list("title", "status"))
    assert statuses == {"到期的": "EXPIRED", "开始的": "IN_FORCE", "没到的": "IN_FORCE"}
    assert Entry.objects.get(act="contract.status_settled").subjects.count() == 2


def test_a_status_that_stays_does_not_keep_the_work_going(registered: Registrar) -> None:
    contract = registered(expires_on=ENDS)
    contract.void(by=User.objects.cli(), why="错")
    assert settle_statuses(ENDS + dt.timedelta(days=1), by=User.objects.system()) == 0
