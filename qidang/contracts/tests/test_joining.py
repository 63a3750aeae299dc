"""合并登记: two registrations of one contract become one, and can be parted exactly as they were."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qidang.cast import Cast
from qidang.contracts import dealings
from qidang.contracts.choices import Source
from qidang.contracts.defining import define
from qidang.contracts.joining import differences, join, part, preview
from qidang.contracts.models import Contract, Document, FieldSource, Hold, IssuedNumber, Joining, Party
from qidang.contracts.moving import move
from qidang.contracts.numbering import taken
from qidang.contracts.register import Filters, Register
from qidang.contracts.relating import relate
from qidang.contracts.tests.conftest import PaperMaker, Registrar
from qidang.contracts.values import PartyValues
from qidang.contracts.withdrawing import restore, withdraw
from qidang.kit.refusal import Refused
from qidang.ledger import follow

OUTSIDE = {"updated_at", "edit_version"}


@pytest.fixture
def kept(registered: Registrar, a_paper: PaperMaker) -> Contract:
    """The registration that stays, of which somebody knew little."""
    return registered(paper=a_paper("a"), parties=(PartyValues(name="甲公司", account="6222 0001"),))


@pytest.fixture
def gone(registered: Registrar, a_paper: PaperMaker) -> Contract:
    """The same contract, registered again with more and another amount."""
    parties = (PartyValues(name="甲公司", account="6222 0009", phone="13900000009"), PartyValues(name="乙公司"))
    more = {"remarks": "含安装", "expires_on": dt.date(2027, 3, 4), "secrecy": "SECRET", "parties": parties}
    return registered(title="车床合同", amount=Decimal("128000.50"), paper=a_paper("b", is_scan=True), **more)


def merged(kept: Contract, gone: Contract, cast: Cast, *take: str) -> Joining:
    return join(kept, gone, take=take, why=" 登重了 ", by=cast.salesperson)


def fields_of(contract: Contract) -> dict[str, object]:
    """Everything the row, its rows and its sources say, but when it was last touched."""
    contract.refresh_from_db()
    said = {field.attname: getattr(contract, field.attname) for field in contract._meta.concrete_fields}
    rows: list[Any] = [
        list(Party.objects.filter(contract=contract).values("no", "name", "account", "phone", "company"))
    ]
    rows.append(list(contract.field_sources.order_by("field").values("field", "source", "raw", "checked_by")))
    rows.append(list(Document.objects.filter(contract=contract).values_list("pk", flat=True)))
    rows.append(list(Contract.objects.filter(parent=contract).values_list("pk", flat=True)))
    rows.append(list(IssuedNumber.objects.filter(contract=contract).values("number", "voided_at", "void_why")))
    return {name: value for name, value in said.items() if name not in OUTSIDE} | {"rows": rows}


def test_the_preview_names_what_differs_what_moves_and_which_secrecy_wins(
    cast: Cast, kept: Contract, gone: Contract
) -> None:
    shown = preview(kept, gone, user=cast.salesperson)
    assert {one.name: one.is_lacking for one in shown.differences} == {
        "title": False,
        "amount": False,
        "parties": False,
        "expires_on": True,
        "remarks": True,
    }
    assert (shown.secrecy, [str(paper) for paper in shown.moving], shown.staying) == ("SECRET", ["合同.pdf"], [])
    assert shown.refusal is None


def test_the_kept_one_takes_what_was_chosen_and_the_papers(cast: Cast, kept: Contract, gone: Contract) -> None:
    joining = merged(kept, gone, cast, "amount", "remarks", "parties")
    kept.refresh_from_db()
    assert (kept.title, kept.amount, kept.remarks) == ("数控车床买卖合同", Decimal("128000.50"), "含安装")
    assert (kept.secrecy, kept.has_scan, kept.expires_on) == ("SECRET", True, None)
    assert [party.account for party in kept.parties.all()] == ["6222 0009", ""]
    assert kept.documents.count() == 2
    gone.refresh_from_db()
    assert (gone.status, gone.has_scan, gone.documents.count()) == ("MERGED", False, 0)
    assert gone.title == "车床合同"
    assert joining.why == "登重了"
    [entry] = [one for one in follow(0, limit=500) if one.act == "contract.merged"]
    assert {one.uid for one in entry.subjects.all()} == {kept.uid, gone.uid}


def test_the_gone_one_counts_nowhere_and_its_page_stays_open_to_its_readers(
    cast: Cast, kept: Contract, gone: Contract
) -> None:
    merged(kept, gone, cast)
    for person in (cast.salesperson, cast.archivist, cast.lawyer):
        page = Register(person).page()
        assert [row.pk for row in page.rows] == [kept.pk]
        assert page.count == 1
        assert Contract.objects.known_to(person).filter(pk=gone.pk).exists()
    assert not Contract.objects.known_to(cast.rival).exists()
    assert [row.pk for row in Register(cast.salesperson, Filters(status="MERGED")).page().rows] == [gone.pk]
    assert kept.counterparty is not None
    [summed] = dealings.Dealings(cast.archivist, company=kept.counterparty).sums()
    assert (summed.count, summed.amount) == (1, Decimal("128000.00"))


def test_its_number_is_never_given_again(cast: Cast, kept: Contract, gone: Contract, registered: Registrar) -> None:
    merged(kept, gone, cast)
    gone.refresh_from_db()
    assert gone.number.endswith("0002")
    assert IssuedNumber.objects.get(number=gone.number).void_why == "登重了"
    assert taken(gone.unit, gone.number) is not None
    assert registered().number.endswith("0003")


def test_undoing_brings_back_exactly_what_was(
    cast: Cast, kept: Contract, gone: Contract, registered: Registrar
) -> None:
    order = registered(title="订单")
    relate(order, gone, "ORDER", why="按框架下单", by=cast.salesperson)
    before = [fields_of(one) for one in (kept, gone, order)]
    names = [one.name for one in differences(kept, gone, cast.salesperson)]
    merged(kept, gone, cast, *names)
    order.refresh_from_db()
    assert order.parent_id == kept.pk
    part(gone, by=cast.salesperson)
    assert [fields_of(one) for one in (kept, gone, order)] == before
    assert Register(cast.salesperson).page().count == 3
    merged(kept, gone, cast)  # and once more


def test_where_a_value_came_from_comes_over_and_goes_back(cast: Cast, kept: Contract, gone: Contract) -> None:
    FieldSource.objects.filter(contract=gone, field="amount").delete()
    FieldSource.objects.create(contract=gone, field="amount", source=Source.LEDGER_SHEET, raw="12.8万")
    merged(kept, gone, cast, "amount")
    told = kept.field_sources.get(field="amount")
    assert (told.source, told.raw, told.checked_at) == (Source.LEDGER_SHEET, "12.8万", None)
    kept.refresh_from_db()
    assert kept.unchecked == 1
    part(gone, by=cast.salesperson)
    kept.refresh_from_db()
    assert (kept.field_sources.get(field="amount").source, kept.unchecked) == (Source.PERSON, 0)


def test_custom_fields_are_chosen_and_go_back_like_the_others(
    cast: Cast, kept: Contract, registered: Registrar
) -> None:
    field = define(by=cast.archivist, label="机型", kind="TEXT")
    other = registered(custom={field.name: "CK6150"})
    [shown] = [one for one in differences(kept, other, cast.salesperson) if one.name == field.name]
    assert (shown.kept, shown.gone, shown.is_lacking) == ("", "CK6150", True)
    merged(kept, other, cast, field.name)
    kept.refresh_from_db()
    assert kept.custom == {field.key: "CK6150"}
    assert kept.custom_values.count() == 1
    part(other, by=cast.salesperson)
    kept.refresh_from_db()
    assert (kept.custom, kept.custom_values.count()) == ({}, 0)


def test_a_paper_that_both_have_stays_with_the_gone_one(
    cast: Cast, kept: Contract, registered: Registrar, a_paper: PaperMaker
) -> None:
    copy = registered(paper=a_paper("a"))
    copy.add_document(a_paper("c", "附件.pdf"), by=cast.salesperson)
    merged(kept, copy, cast)
    assert [paper.title for paper in copy.documents.all()] == ["合同.pdf"]
    assert [paper.title for paper in kept.documents.all()] == ["合同.pdf", "附件.pdf"]


def test_what_a_person_looked_at_must_still_stand(cast: Cast, kept: Contract, gone: Contract) -> None:
    with pytest.raises(Refused, match=r"contract\.joining_changed"):
        join(kept, gone, take=(), why="登重了", by=cast.salesperson, seen=(kept.edit_version, 99))


def test_a_merge_without_a_reason_with_itself_or_with_a_contract_below_is_refused(
    cast: Cast, kept: Contract, gone: Contract
) -> None:
    with pytest.raises(Refused, match=r"contract\.joining_unexplained"):
        join(kept, gone, take=(), why=" ", by=cast.salesperson)
    with pytest.raises(Refused, match=r"contract\.joining_itself"):
        merged(kept, kept, cast)
    relate(gone, kept, "ORDER", why="按框架下单", by=cast.salesperson)
    with pytest.raises(Refused, match=r"contract\.joining_related"):
        merged(kept, gone, cast)


def test_what_is_held_void_withdrawn_or_merged_already_is_refused(
    cast: Cast, kept: Contract, gone: Contract, registered: Registrar
) -> None:
    hold = Hold.place(kept, why="诉讼", holder="法务部", by=cast.lawyer)
    with pytest.raises(Refused, match=r"contract\.held"):
        merged(kept, gone, cast)
    hold.release(by=cast.lawyer, why="结案")
    withdraw(gone, why="登错了", by=cast.salesperson)
    with pytest.raises(Refused, match=r"contract\.withdrawn"):
        merged(kept, gone, cast)
    restore(gone, by=cast.salesperson)
    void = registered()
    void.void(by=cast.salesperson, why="不签了")
    with pytest.raises(Refused, match=r"contract\.is_void"):
        merged(kept, void, cast)
    merged(kept, gone, cast)
    for one, other in ((kept, gone), (gone, kept)):
        with pytest.raises(Refused, match=r"contract\.merged_already"):
            merged(one, other, cast)
    with pytest.raises(Refused, match=r"contract\.merged_already"):
        withdraw(gone, why="登错了", by=cast.salesperson)
    with pytest.raises(Refused, match=r"contract\.merged_already"):
        gone.edit({"title": "改"}, by=cast.salesperson, edit_version=gone.edit_version)


def test_a_filed_registration_is_the_one_to_keep(cast: Cast, kept: Contract, gone: Contract) -> None:
    gone.mark_filed("XS·2026-D30-0001")
    with pytest.raises(Refused, match=r"contract\.joining_filed"):
        merged(kept, gone, cast)
    merged(gone, kept, cast)


def test_who_may_not_set_both_right_is_refused(cast: Cast, kept: Contract, gone: Contract) -> None:
    for person in (cast.rival, cast.lawyer, cast.auditor):
        with pytest.raises(Refused, match=r"accounts\.not_allowed"):
            join(kept, gone, take=(), why="登重了", by=person)
    merged(kept, gone, cast)
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        part(gone, by=cast.rival)


def test_undoing_is_refused_where_later_acts_stand_against_it(
    cast: Cast, kept: Contract, gone: Contract, registered: Registrar
) -> None:
    with pytest.raises(Refused, match=r"contract\.not_joined"):
        part(gone, by=cast.salesperson)
    joining = merged(kept, gone, cast, "remarks")
    kept.refresh_from_db()
    kept.edit({"remarks": "不含安装"}, by=cast.salesperson, edit_version=kept.edit_version, why="核对过")
    with pytest.raises(Refused, match=r"contract\.parting_changed"):
        part(gone, by=cast.salesperson)
    kept.edit({"remarks": "含安装"}, by=cast.salesperson, edit_version=kept.edit_version, why="改回")
    paper, other = Document.objects.get(pk=joining.documents[0]), registered()
    move(paper, other, why="放错了", by=cast.salesperson)
    with pytest.raises(Refused, match=r"contract\.parting_paper_elsewhere"):
        part(gone, by=cast.salesperson)
    move(paper, kept, why="移回来", by=cast.salesperson)
    hold = Hold.place(kept, why="诉讼", holder="法务部", by=cast.lawyer)
    with pytest.raises(Refused, match=r"contract\.held"):
        part(gone, by=cast.salesperson)
    hold.release(by=cast.lawyer, why="结案")
    part(gone, by=cast.salesperson)


def test_of_two_merges_in_a_row_the_later_is_undone_first(
    cast: Cast, kept: Contract, gone: Contract, registered: Registrar
) -> None:
    last = registered()
    merged(kept, gone, cast)
    merged(last, kept, cast)
    with pytest.raises(Refused, match=r"contract\.merged_already"):
        part(gone, by=cast.salesperson)
    part(kept, by=cast.salesperson)
    part(gone, by=cast.salesperson)
    assert Register(cast.salesperson).page().count == 3
