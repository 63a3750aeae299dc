"""编号冲突 and 补号: past contracts keep their numbers as written; of two that bear one number none is lost."""

import datetime as dt

import pytest

from qidang.cast import Cast
from qidang.contracts import numbering
from qidang.contracts.giving_numbers import give_many, preview_many
from qidang.contracts.models import Contract, NumberClash
from qidang.contracts.register import Filters, Register
from qidang.contracts.registering import drafted, register_many
from qidang.contracts.tests.conftest import Registrar, values
from qidang.contracts.withdrawing import restore, withdraw
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry


def brought(cast: Cast, *numbers: str) -> list[Contract]:
    """Return contracts registered together as a ledger brings them, each with the number on its paper."""
    drafts = [
        drafted(values(cast, number_on_paper=number, title=f"旧合同{place}"), by=cast.archivist, said={})
        for place, number in enumerate(numbers)
    ]
    register_many(drafts, cast.department("qmj"), by=cast.archivist, source="LEDGER_SHEET")
    return [Contract.objects.get(pk=one.pk) for one in drafts]


def shown(cast: Cast, numbered: str) -> set[str]:
    """Return the titles that the register shows under a filter of numbers."""
    return {row.title for row in Register(cast.archivist, Filters(numbered=numbered)).page().rows}


def test_legacy_numbers_are_taken_as_they_are(cast: Cast) -> None:
    odd = ["启精〔2015〕销字 第 3 号", "HT 2015/07 （补）", "2015－003"]
    found = brought(cast, *odd, "")
    assert [one.number_on_paper for one in found] == [*odd, ""]
    assert [one.number for one in found] == ["启精〔2015〕销字 第 3 号", "HT 2015/07 (补)", "2015-003", ""]
    assert shown(cast, "none") == {"旧合同3"}


def test_the_second_of_one_number_is_imported_flagged_and_listed_with_the_first(cast: Cast) -> None:
    first, second, _third = brought(cast, "HT-1", "HT-1", "HT-2")
    clash = NumberClash.objects.standing().get()
    assert (clash.contract, clash.rival, clash.number) == (second, first, "HT-1")
    assert (first.number, second.number) == ("HT-1", "")
    assert shown(cast, "clash") == {"旧合同0", "旧合同1"}
    assert shown(cast, "paper") == {"旧合同1"}
    rows = Register(cast.archivist).page().rows
    assert {row.title: row.is_clashing for row in rows}["旧合同2"] is False  # type: ignore[attr-defined]


def test_three_of_one_number_clash_in_every_pair(cast: Cast) -> None:
    brought(cast, "HT-1", "HT-1", "HT-1")
    assert NumberClash.objects.standing().count() == 3


def test_the_same_number_in_another_legal_unit_or_as_the_customers_is_no_clash(
    cast: Cast, registered: Registrar
) -> None:
    registered(number_on_paper="PO-7", number_is_ours=False)
    registered(number_on_paper="PO-7", number_is_ours=False)
    registered(number_on_paper="HT-1", number_is_ours=True)
    registered(number_on_paper="HT-1", number_is_ours=True, unit=cast.department("qmz"))
    assert not NumberClash.objects.exists()


def test_a_correction_ends_it(cast: Cast) -> None:
    first, second = brought(cast, "HT-1", "HT-1")
    second.edit({"number_on_paper": "HT-11"}, by=cast.archivist, edit_version=1, why="抄错")
    assert not NumberClash.objects.standing().exists()
    assert NumberClash.objects.get().verdict == "OVER"
    assert numbering.give(second, by=cast.archivist, number="HT-11").number == "HT-11"
    second.refresh_from_db()
    second.edit({"number_on_paper": "HT-1"}, by=cast.archivist, edit_version=second.edit_version, why="又抄错")
    assert not NumberClash.objects.standing().of(first).exclude(contract=second).exists()


def test_a_person_says_that_they_are_two_or_one_with_a_reason(cast: Cast) -> None:
    brought(cast, "HT-1", "HT-1")
    clash = NumberClash.objects.get()
    for verdict, why in (("OTHER", " "), ("OVER", "x"), ("", "x")):
        with pytest.raises(Refused, match=r"number\.clash_unexplained"):
            clash.decide(verdict, why=why, by=cast.archivist)
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        clash.decide("OTHER", why="x", by=cast.rival)
    clash.decide("OTHER", why="两份原件都看过", by=cast.archivist)
    assert not NumberClash.objects.standing().exists()
    assert Entry.objects.filter(act="number.clash_decided").get().subjects.count() == 2
    with pytest.raises(Refused, match=r"number\.clash_settled"):
        clash.decide("SAME", why="再看", by=cast.archivist)


def test_a_withdrawn_one_clashes_no_more_and_again_once_it_is_back(cast: Cast) -> None:
    first, second = brought(cast, "HT-1", "HT-1")
    withdraw(second, why="登重", by=cast.archivist)
    assert not NumberClash.objects.standing().exists()
    restore(second, by=cast.archivist)
    assert NumberClash.objects.standing().get().rival == first


def test_a_selection_gets_the_numbers_that_were_told_without_gaps(cast: Cast, registered: Registrar) -> None:
    numbered = registered()
    one, two = brought(cast, "", "")
    told = preview_many([numbered, one, two], by=cast.archivist)
    assert [(outcome.number[-4:], bool(outcome.refusal)) for outcome in told] == [
        ("", True),
        ("0002", False),
        ("0003", False),
    ]
    assert Contract.objects.filter(number="").count() == 2
    done = give_many([numbered, one, two], by=cast.archivist)
    assert [outcome.number for outcome in done] == [outcome.number for outcome in told]
    assert Entry.objects.filter(act="number.given_many").get().subjects.count() == 2
    assert numbering.gaps(one.unit, clock.today().year) == []
    assert registered().number.endswith("0004")


def test_who_may_not_edit_them_gives_no_numbers(cast: Cast) -> None:
    brought(cast, "")
    [told] = preview_many(Contract.objects.all(), by=cast.lawyer)
    [done] = give_many(Contract.objects.all(), by=cast.lawyer)
    assert [one.refusal and one.refusal.code for one in (told, done)] == ["accounts.not_allowed"] * 2


def test_a_preview_shows_no_number_that_issuing_passes_over(cast: Cast, registered: Registrar) -> None:
    year = clock.today().year
    paper = registered(number_on_paper=f"QMJ-XS-{year}-0001", number_is_ours=True)
    withdraw(paper, why="登错", by=cast.salesperson)
    rule = numbering.default_rule(paper.unit, by=cast.archivist)
    told = numbering.preview(rule, clock.today(), contract_type="买卖合同")
    assert told == registered().number == f"QMJ-XS-{year}-0002"


def test_the_old_reference_is_kept_as_given_and_found_in_the_register(cast: Cast, registered: Registrar) -> None:
    contract = registered(old_reference=" A·2015-HT-0032 ", signed_on=dt.date(2015, 1, 1))
    assert contract.old_reference == "A·2015-HT-0032"
    assert [row.uid for row in Register(cast.archivist, Filters(text="2015-ht-0032")).page().rows] == [contract.uid]
