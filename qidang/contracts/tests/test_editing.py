"""修改: each field's change is a revision, and nobody writes over what he has not seen."""

import datetime as dt
from decimal import Decimal

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Company, Contract
from qidang.contracts.tests.conftest import PaperMaker, Registrar
from qidang.contracts.values import LineItemValues, PartyValues
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry


def test_every_changed_field_leaves_a_revision_with_who_and_why(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    contract.edit(
        {"title": "车床买卖合同", "amount": Decimal("130000"), "remarks": ""},
        by=cast.salesperson,
        edit_version=1,
        why="录错了",
    )
    rows = {row.field: (row.old, row.new, row.why, row.by) for row in contract.revisions.all()}
    assert rows == {
        "title": ("数控车床买卖合同", "车床买卖合同", "录错了", cast.salesperson),
        "amount": ("128000.00", "130000", "录错了", cast.salesperson),
    }
    assert Contract.objects.get().edit_version == 2
    assert "车床买卖合同" in Contract.objects.get().lookup


def test_the_same_value_again_changes_and_records_nothing(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    contract.edit({"amount": Decimal("128000"), "title": " 数控车床买卖合同 "}, by=cast.salesperson, edit_version=1)
    assert contract.edit_version == 1
    assert not Entry.objects.filter(act="contract.edited").exists()


def test_a_change_made_meanwhile_is_refused_and_names_who_and_what(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    seen = Contract.objects.get()
    contract.edit({"amount": Decimal("1")}, by=cast.archivist, edit_version=1, why="录错了")
    with pytest.raises(Refused) as refusal:
        seen.edit({"title": "别的"}, by=cast.salesperson, edit_version=1)
    assert refusal.value.code == "contract.changed_meanwhile"
    assert cast.archivist.name in refusal.value.message
    assert "合同金额（含税）" in refusal.value.message


def test_who_may_not_edit_this_contract_is_refused(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    for person in (cast.colleague, cast.lawyer, cast.outsider):
        with pytest.raises(Refused) as refusal:
            contract.edit({"title": "别的"}, by=person, edit_version=1)
        assert refusal.value.code == "accounts.not_allowed"


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"amount": "很多"},
        {"amount": "1.234"},
        {"currency": "人民币元"},
        {"signed_on": "三月五日"},
        {"kind": "X"},
    ],
)
def test_a_bad_value_is_refused_by_its_field(cast: Cast, registered: Registrar, changes: dict[str, object]) -> None:
    with pytest.raises(Refused) as refusal:
        registered().edit(changes, by=cast.salesperson, edit_version=1)
    assert refusal.value.code == "contract.bad_value"


@pytest.mark.parametrize("name", ["number", "unit", "status", "reference", "uid", "nothing"])
def test_fields_that_acts_of_their_own_write_cannot_be_edited(cast: Cast, registered: Registrar, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        registered().edit({name: "x"}, by=cast.salesperson, edit_version=1)
    assert refusal.value.code == "contract.no_such_field"


def test_a_date_may_come_as_iso_text_and_moves_the_status(cast: Cast, registered: Registrar) -> None:
    contract = registered().edit({"expires_on": "2020-01-31"}, by=cast.salesperson, edit_version=1)
    assert contract.expires_on == dt.date(2020, 1, 31)
    assert contract.status == "EXPIRED"


def test_lines_are_replaced_as_a_whole_with_one_revision(cast: Cast, registered: Registrar) -> None:
    contract = registered(line_items=(LineItemValues(name="车床"),))
    contract.edit(
        {"line_items": [LineItemValues(name="铣床"), LineItemValues(name="刀具")]},
        by=cast.salesperson,
        edit_version=1,
        why="录错了",
    )
    assert [item.name for item in contract.line_items.all()] == ["铣床", "刀具"]
    revision = contract.revisions.get()
    assert (revision.field, "车床" in revision.old, "刀具" in revision.new) == ("line_items", True, True)


def test_a_changed_account_is_noticed_and_never_written_in_clear(cast: Cast, registered: Registrar) -> None:
    contract = registered(parties=(PartyValues(name="甲", account="6222000011112222"),))
    contract.edit(
        {"parties": [PartyValues(name="甲", account="6222000011113333")]},
        by=cast.salesperson,
        edit_version=1,
        why="录错了",
    )
    revision = contract.revisions.get()
    assert "6222" not in revision.old + revision.new
    assert contract.parties.get().account == "6222000011113333"


def test_another_name_of_the_counterparty_finds_or_makes_the_company(cast: Cast, registered: Registrar) -> None:
    contract = registered().edit(
        {"counterparty_name": "常州临港设备有限公司"}, by=cast.salesperson, edit_version=1, why="录错了"
    )
    assert contract.counterparty == Company.objects.get(name="常州临港设备有限公司")


def test_a_void_contract_keeps_its_number_and_cannot_be_changed(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    number = contract.number
    contract.void(by=cast.salesperson, why="客户取消")
    contract.refresh_from_db()
    assert (contract.status, contract.number) == ("VOID", number)
    with pytest.raises(Refused) as refusal:
        contract.edit({"title": "别的"}, by=cast.salesperson, edit_version=contract.edit_version)
    assert refusal.value.code == "contract.is_void"


def test_voiding_without_a_reason_is_refused(cast: Cast, registered: Registrar) -> None:
    with pytest.raises(Refused) as refusal:
        registered().void(by=cast.salesperson, why=" ")
    assert refusal.value.code == "contract.why_missing"


def test_a_contract_is_filed_once_and_under_one_reference(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    contract.mark_filed("QMJ-XS·2026-D30-0001")
    contract.mark_filed("QMJ-XS·2026-D30-0001")
    with pytest.raises(Refused) as refusal:
        contract.mark_filed("QMJ-XS·2026-D30-0002")
    assert refusal.value.code == "contract.filed_already"
    contract.mark_unfiled()
    assert (contract.filing_status, contract.reference) == ("UNFILED", "")


def test_a_new_file_makes_a_new_version_and_the_old_one_stays(
    cast: Cast, registered: Registrar, a_paper: PaperMaker
) -> None:
    contract = registered(paper=a_paper("a"))
    document = contract.documents.get()
    second = document.add_version(a_paper("b", "合同-盖章.pdf"), by=cast.salesperson, why="盖章件")
    assert second.no == 2
    assert [version.blob.sha256[0] for version in document.versions.all()] == ["a", "b"]
    assert document.latest == second
    assert (second.why, second.by) == ("盖章件", cast.salesperson)


def test_the_same_bytes_again_are_refused_as_a_version_and_as_a_document(
    cast: Cast, registered: Registrar, a_paper: PaperMaker
) -> None:
    contract = registered(paper=a_paper("a"))
    with pytest.raises(Refused) as refusal:
        contract.documents.get().add_version(a_paper("a", "又来.pdf"), by=cast.salesperson, why="")
    assert refusal.value.code == "contract.same_bytes"
    with pytest.raises(Refused):
        contract.add_document(a_paper("a", "又来.pdf", kind="ANNEX"), by=cast.salesperson)
    assert contract.documents.count() == 1


def test_an_added_scan_ends_the_contract_being_without_one(
    cast: Cast, registered: Registrar, a_paper: PaperMaker
) -> None:
    contract = registered(paper=a_paper("a"))
    assert not contract.has_scan
    contract.add_document(a_paper("c", "扫描.pdf", kind="SCAN"), by=cast.salesperson)
    assert Contract.objects.get().has_scan
