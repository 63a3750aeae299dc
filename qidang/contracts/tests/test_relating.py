"""关联合同: what belongs to what, without rings, and only as far as the reader may see."""

import datetime as dt
from decimal import Decimal

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.contracts.relating import ordered, relate, tree
from qidang.contracts.tests.conftest import Registrar
from qidang.contracts.withdrawing import withdraw
from qidang.kit.refusal import Refused
from qidang.ledger import follow


@pytest.fixture
def framework(registered: Registrar) -> Contract:
    """A framework of 100,000 that runs through 2026."""
    days = {"in_force_on": dt.date(2026, 1, 1), "expires_on": dt.date(2026, 12, 31)}
    return registered(title="框架", kind="FRAMEWORK", amount=Decimal(100000), **days)


def below(framework: Contract, cast: Cast, *contracts: Contract) -> None:
    for one in contracts:
        relate(one, framework, "ORDER", why="按框架下单", by=cast.archivist)


def test_orders_are_added_per_currency_and_flagged_beyond_the_framework(
    cast: Cast, registered: Registrar, framework: Contract
) -> None:
    orders = [registered(amount=Decimal(60000)) for _ in range(2)]
    below(framework, cast, *orders, registered(amount=Decimal(999999), currency="USD"))
    seen = [(one.currency, one.count, str(one.amount), one.is_beyond) for one in ordered(framework, cast.lawyer)]
    assert seen == [("CNY", 2, "120000.00", True), ("USD", 1, "999999.00", False)]
    withdraw(orders[0], why="登重了", by=cast.archivist)
    assert not ordered(framework, cast.lawyer)[0].is_beyond


def test_an_order_outside_the_period_is_flagged(cast: Cast, registered: Registrar, framework: Contract) -> None:
    below(framework, cast, registered(), registered(signed_on=dt.date(2027, 1, 1)), registered(signed_on=None))
    root = tree(framework, cast.lawyer)
    assert root is not None
    flags = {one.contract.signed_on: one.is_outside for one in root.below}
    assert flags == {dt.date(2026, 3, 5): False, dt.date(2027, 1, 1): True, None: False}


def test_the_tree_and_the_sum_hold_nothing_that_the_reader_may_not_see(
    cast: Cast, registered: Registrar, framework: Contract
) -> None:
    theirs, mine = registered(by="rival", title="别人的"), registered(title="我的")
    below(framework, cast, theirs, mine)
    relate(registered(title="担保", by="rival"), mine, "GUARANTEE", why="担保", by=cast.archivist)
    root = tree(mine, cast.salesperson)
    assert root is not None
    assert (root.contract, [one.contract for one in root.below], root.below[0].below) == (framework, [mine], [])
    assert ordered(framework, cast.salesperson)[0].count == 1
    alone = tree(theirs, cast.rival)
    assert alone is None


def test_a_ring_is_refused_however_long(cast: Cast, registered: Registrar, framework: Contract) -> None:
    middle, lowest = registered(), registered()
    below(framework, cast, middle)
    below(middle, cast, lowest)
    for one in (framework, middle, lowest):
        with pytest.raises(Refused, match=r"relation\.ring"):
            relate(framework, one, "ORDER", why="反了", by=cast.archivist)


def test_a_relation_is_changed_and_taken_away_with_a_reason(
    cast: Cast, registered: Registrar, framework: Contract
) -> None:
    order = registered()
    below(framework, cast, order)
    for parent, kind, why, code in (
        (framework, "ORDER", "再来", "relation.same_already"),
        (None, "", " ", "relation.unexplained"),
    ):
        with pytest.raises(Refused) as refusal:
            relate(order, parent, kind, why=why, by=cast.archivist)
        assert refusal.value.code == code
    relate(order, None, "", why="不是这个框架的", by=cast.salesperson)
    assert (order.parent, order.relation) == (None, "")
    assert order.revisions.latest("id").old == "ORDER"
    assert [entry.act for entry in follow(0)[-2:]] == ["contract.related", "contract.unrelated"]


def test_who_may_not_edit_the_one_or_read_the_other_is_refused(
    cast: Cast, registered: Registrar, framework: Contract
) -> None:
    theirs = registered(by="rival")
    for contract, parent, by in ((theirs, framework, cast.salesperson), (framework, theirs, cast.salesperson)):
        with pytest.raises(Refused, match=r"accounts\.not_allowed"):
            relate(contract, parent, "ORDER", why="关联", by=by)
