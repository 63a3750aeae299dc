"""正本与原件: how many, how many came back, where they lie; which contracts lack them."""

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict

from qidang.cast import Cast
from qidang.contracts.models import Contract
from qidang.contracts.originals import is_lacking
from qidang.contracts.register import Filters, Register
from qidang.contracts.tests.conftest import PaperMaker, Registrar
from qidang.kit.clock import today
from qidang.kit.refusal import Refused

LONG_AGO = today() - dt.timedelta(days=31)


def lacking() -> set[str]:
    """Return the titles of the contracts that lack originals today."""
    return set(Contract.objects.lacking_originals(today()).values_list("title", flat=True))


def found(cast: Cast, query: str) -> list[str]:
    """Return the titles that the register finds for the archivist."""
    register = Register(cast.archivist, Filters.parsed(QueryDict(query), today=today()))
    return sorted(one.title for one in register.page().rows)


def test_originals_that_did_not_come_back_are_lacking_some_days_after_signing(
    cast: Cast, registered: Registrar
) -> None:
    registered(title="早就签了", signed_on=LONG_AGO, originals=2)
    registered(title="收回一份", signed_on=LONG_AGO, originals=2, originals_back=1)
    registered(title="刚签", signed_on=today() - dt.timedelta(days=29), originals=2)
    registered(title="齐了", signed_on=LONG_AGO, originals=2, originals_back=2)
    registered(title="没说几份", signed_on=LONG_AGO)
    registered(title="未签", signed_on=None, originals=2)
    registered(title="作废的", signed_on=LONG_AGO, originals=2).void(by=cast.salesperson, why="签错")
    assert lacking() == {"早就签了", "收回一份"}
    assert {one.title for one in Contract.objects.all() if is_lacking(one, today())} == lacking()


def test_the_days_are_a_setting(registered: Registrar, settings: Any) -> None:
    registered(title="早就签了", signed_on=LONG_AGO, originals=2)
    settings.ORIGINALS_DAYS = 60
    assert lacking() == set()


def test_what_came_back_is_filled_in_and_the_contract_lacks_nothing_any_more(cast: Cast, registered: Registrar) -> None:
    contract = registered(signed_on=LONG_AGO, originals=1)
    contract.edit({"originals_back": 1, "place": "一库-03柜-2层-07盒"}, by=cast.archivist, edit_version=1)
    assert lacking() == set()
    assert {row.field: row.new for row in contract.revisions.all()} == {
        "originals_back": "1",
        "place": "一库-03柜-2层-07盒",
    }


def test_another_place_is_a_correction_and_needs_a_reason(cast: Cast, registered: Registrar) -> None:
    contract = registered(place="一库-03柜")
    with pytest.raises(Refused) as refusal:
        contract.edit({"place": "二库-01柜"}, by=cast.archivist, edit_version=1)
    assert refusal.value.code == "contract.correction_unexplained"


@pytest.mark.parametrize("value", [-1, 40_000, "两"])
def test_a_number_of_copies_that_is_none_is_refused(registered: Registrar, value: object) -> None:
    with pytest.raises(Refused) as refusal:
        registered(originals=value)
    assert refusal.value.code == "contract.bad_value"


def test_the_register_finds_by_place_holder_and_binder(cast: Cast, registered: Registrar) -> None:
    registered(title="甲", place="一库-03柜-2层-07盒", original_holder="周文澜", binder="2025销售-12")
    registered(title="乙", place="一库-04柜", original_holder="财务部")
    assert found(cast, "kept=一库") == ["乙", "甲"]
    assert found(cast, "kept=一库 周文澜") == ["甲"]
    assert found(cast, "kept=销售-12") == ["甲"]
    assert found(cast, "kept=三库") == []


def test_the_register_lists_what_lacks_originals_and_what_lacks_a_scan(
    cast: Cast, registered: Registrar, a_paper: PaperMaker
) -> None:
    registered(title="甲", signed_on=LONG_AGO, originals=1, paper=a_paper(kind="SCAN"))
    registered(title="乙", signed_on=LONG_AGO)
    assert found(cast, "missing_originals=1") == ["甲"]
    assert found(cast, "missing_scan=1") == ["乙"]
    assert [one.title for one in Contract.objects.lacking_scan()] == ["乙"]
