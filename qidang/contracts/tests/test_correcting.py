"""更正: what was recorded is changed with a reason; what was empty is filled without one."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Contract, Party
from qidang.contracts.tests.conftest import Registrar
from qidang.contracts.values import InstalmentValues, LineItemValues, PartyValues
from qidang.kit.refusal import Refused
from qidang.ledger import follow

FULL = {
    "parties": (PartyValues(name="甲", account="6222000011112222"), PartyValues(name="乙")),
    "line_items": (LineItemValues(name="车床", quantity=Decimal(2)),),
    "instalments": (InstalmentValues(name="预付", percent=Decimal("0.3")),),
    "remarks": "随机附件另行交付",
}


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal("130000")},
        {"signed_on": None},
        {"remarks": ""},
        {"contract_type": "承揽合同"},
        {"line_items": (LineItemValues(name="车床", quantity=Decimal(3)),)},
        {"line_items": ()},
        {"parties": (PartyValues(name="甲", account="6222000011113333"), PartyValues(name="乙"))},
        {"parties": (PartyValues(name="乙"), PartyValues(name="甲", account="6222000011112222"))},
        {"title": "车床买卖合同", "sign_place": "苏州"},
    ],
)
def test_a_correction_without_a_reason_is_refused_and_changes_nothing(
    cast: Cast, registered: Registrar, changes: dict[str, Any]
) -> None:
    contract = registered(**FULL)
    with pytest.raises(Refused) as refusal:
        contract.edit(changes, by=cast.salesperson, edit_version=1, why=" ")
    assert refusal.value.code == "contract.correction_unexplained"
    assert contract.title == "数控车床买卖合同"
    assert not contract.revisions.exists()
    assert Party.objects.filter(contract=contract).earliest("no").account == "6222000011112222"
    assert contract.edit(changes, by=cast.salesperson, edit_version=1, why="对照原件").edit_version == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"sign_place": "苏州", "expires_on": dt.date(2027, 3, 4)},
        {"parties": (*FULL["parties"], PartyValues(name="丙"))},
        {"parties": (PartyValues(name="甲", account="6222000011112222", address="金枫路"), PartyValues(name="乙"))},
        {"line_items": (LineItemValues(name="车床", quantity=Decimal(2), unit_price=Decimal(64000)),)},
    ],
)
def test_what_only_fills_what_was_empty_needs_no_reason(
    cast: Cast, registered: Registrar, changes: dict[str, Any]
) -> None:
    registered(**FULL).edit(changes, by=cast.salesperson, edit_version=1)
    assert Contract.objects.get().edit_version == 2
    assert follow(0)[-1].act == "contract.edited"


def test_the_refusal_names_what_would_be_corrected_and_not_what_is_filled(cast: Cast, registered: Registrar) -> None:
    with pytest.raises(Refused) as refusal:
        registered().edit({"title": "别的", "sign_place": "苏州"}, by=cast.salesperson, edit_version=1)
    assert "合同名称" in refusal.value.message
    assert "签订地点" not in refusal.value.message


def test_a_correction_stands_in_the_log_as_one_with_old_and_new_beside_it(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    entry_before = follow(0)[-1]
    contract.edit({"amount": Decimal("130000")}, by=cast.salesperson, edit_version=1, why="少写一个零")
    entry = follow(0)[-1]
    assert (entry.act, entry.seq) == ("contract.corrected", entry_before.seq + 1)
    revision = contract.revisions.get()
    assert (revision.old, revision.new, revision.why) == ("128000.00", "130000", "少写一个零")
