"""合并客户: what moves, what never changes, what stands against it, and how it goes back."""

import datetime as dt
import time

import pytest
from pytest import MonkeyPatch

from qidang.cast import Cast
from qidang.contracts import merging
from qidang.contracts.merging import carry_on, carry_on_all, merge, preview, undo
from qidang.contracts.models import Company, CompanyCode, Contact, Contract, Merge, Note
from qidang.contracts.registering import register
from qidang.contracts.tests.conftest import CUSTOMER, Registrar, values
from qidang.contracts.tests.test_companies import CODE, coded
from qidang.contracts.values import PartyValues
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry

TWIN = "澄湖机电（苏州）有限公司"
OTHER_CODE = coded("91320594MA1X00001")


@pytest.fixture
def kept(cast: Cast) -> Company:
    """The customer that stays."""
    return Company.add(name=CUSTOMER, by=cast.archivist)


@pytest.fixture
def gone(cast: Cast) -> Company:
    """The same customer under another name."""
    return Company.add(name=TWIN, by=cast.archivist, address="金枫路 1 号")


def of_twin(registered: Registrar, **changes: object) -> Contract:
    """Register a contract that bears the twin's name."""
    parties = (PartyValues(name=TWIN, role="BUYER"), PartyValues(name="启明精密机械有限公司", role="SELLER"))
    return registered(counterparty_name=TWIN, parties=parties, **changes)


def merged(cast: Cast, kept: Company, gone: Company, **more: str) -> Merge:
    """Merge them wholly; the two objects are as the database has them."""
    made = merge(kept, gone, by=cast.archivist, **more)
    assert carry_on(made, by=cast.archivist)
    for one in (kept, gone, made):
        one.refresh_from_db()
    return made


def test_contracts_and_parties_follow_and_names_stay_as_written(
    cast: Cast, kept: Company, gone: Company, registered: Registrar
) -> None:
    contract = of_twin(registered)
    made = merged(cast, kept, gone)
    contract.refresh_from_db()
    party = contract.parties.get(name=TWIN)
    assert (contract.counterparty, party.company) == (kept, kept)
    assert (contract.counterparty_name, party.name) == (TWIN, TWIN)
    assert made.finished_at is not None
    assert made.moved() == {"alias": 0, "code": 0, "contact": 0, "note": 0, "merged": 0, "contract": 1, "party": 1}
    assert list(Entry.objects.order_by("-id").values_list("act", flat=True)[:2]) == [
        "company.contracts_moved",
        "company.merged",
    ]
    assert Entry.objects.latest("id").subjects.get().uid == contract.uid


def test_what_stands_beside_moves_and_what_is_lacking_is_taken_over(cast: Cast, kept: Company, gone: Company) -> None:
    gone.edit({"uscc": CODE, "phone": "0512-6"}, by=cast.archivist, edit_version=1)
    gone.add_alias("澄湖", by=cast.archivist)
    CompanyCode.add(gone, "ERP", "K1", by=cast.archivist)
    Contact.add(gone, name="许知远", by=cast.salesperson)
    Note.add(gone, "先款后货", by=cast.salesperson)
    merged(cast, kept, gone)
    assert (kept.uscc, kept.address, kept.phone) == (CODE, "金枫路 1 号", "0512-6")
    assert [rows.count() for rows in (kept.aliases, kept.codes, kept.contacts, kept.notes)] == [1, 1, 1, 1]


def test_papers_that_bear_the_gone_name_or_code_find_the_kept_company(
    cast: Cast, kept: Company, gone: Company, registered: Registrar
) -> None:
    gone.edit({"uscc": CODE}, by=cast.archivist, edit_version=1)
    kept.edit({"uscc": OTHER_CODE}, by=cast.archivist, edit_version=1)
    merged(cast, kept, gone, why="执照换发", uscc_again=CODE)
    assert list(Company.objects.matching(TWIN)) == [kept]
    assert list(Company.objects.matching("改过的名字", CODE)) == [kept]
    assert list(Company.objects.holding("澄湖机电（苏州）", cast.archivist).standing()) == [kept]
    assert of_twin(registered).counterparty == kept
    assert registered(counterparty=gone, counterparty_name="").counterparty == kept
    with pytest.raises(Refused) as refusal:
        Company.add(name=TWIN, by=cast.archivist)
    assert refusal.value.code == "company.alias_taken"


def test_a_merged_company_is_seen_as_the_kept_one_only(cast: Cast, kept: Company, gone: Company) -> None:
    merged(cast, kept, gone)
    for who in ("archivist", "salesperson"):
        assert gone not in Company.objects.visible_to(cast.people[who])
    for act in (
        lambda: gone.edit({"address": "甲路"}, by=cast.archivist, edit_version=gone.edit_version),
        lambda: gone.add_alias("甲", by=cast.archivist),
        lambda: Note.add(gone, "甲", by=cast.archivist),
        lambda: merge(kept, gone, by=cast.archivist),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "company.merged_already"


def test_undoing_returns_what_moved_and_nothing_else(
    cast: Cast, kept: Company, gone: Company, registered: Registrar
) -> None:
    alias, old = gone.add_alias("澄湖", by=cast.archivist), of_twin(registered)
    own = registered(counterparty_name=CUSTOMER)
    gone.edit({"uscc": CODE}, by=cast.archivist, edit_version=1)
    third = Company.add(name="无锡远帆机械有限公司", by=cast.archivist)
    relinked = of_twin(registered, title="改过客户的")
    made = merged(cast, kept, gone)
    relinked.refresh_from_db()
    relinked.edit({"counterparty": third}, by=cast.salesperson, edit_version=relinked.edit_version, why="选错")
    since = of_twin(registered, title="合并以后的")
    undoing = undo(made, by=cast.archivist, why="是两家")
    assert carry_on(made, by=cast.archivist)
    for one in (kept, gone, old, own, since, relinked, alias, undoing):
        one.refresh_from_db()
    assert [one.counterparty for one in (old, own, since, relinked)] == [gone, kept, kept, third]
    assert old.parties.get(name=TWIN).company == gone
    assert since.parties.get(name=TWIN).company == kept
    assert (alias.company, gone.merged_into, kept.uscc, kept.address, gone.uscc) == (gone, None, "", "", CODE)
    assert undoing.finished_at is not None
    assert list(Company.objects.matching(TWIN)) == [gone]


def test_parties_laid_anew_since_go_back_too(cast: Cast, kept: Company, gone: Company, registered: Registrar) -> None:
    contract = of_twin(registered)
    made = merged(cast, kept, gone)
    contract.refresh_from_db()
    again = (PartyValues(name=TWIN, role="BUYER", address="新址"),)
    contract.edit({"parties": again}, by=cast.salesperson, edit_version=contract.edit_version, why="搬家")
    undo(made, by=cast.archivist, why="是两家")
    carry_on(made, by=cast.archivist)
    assert contract.parties.get().company == gone


def test_what_the_kept_one_changed_since_stays_at_the_undoing(cast: Cast, kept: Company, gone: Company) -> None:
    made = merged(cast, kept, gone)
    kept.edit({"address": "新址 2 号"}, by=cast.archivist, edit_version=kept.edit_version)
    undo(made, by=cast.archivist, why="是两家")
    kept.refresh_from_db()
    assert kept.address == "新址 2 号"


def test_different_codes_need_a_reason_and_a_second_look(cast: Cast, kept: Company, gone: Company) -> None:
    kept.edit({"uscc": CODE}, by=cast.archivist, edit_version=1)
    gone.edit({"uscc": OTHER_CODE}, by=cast.archivist, edit_version=1)
    assert preview(kept, gone, user=cast.archivist).needs_second_look
    for more, code in (
        ({}, "company.merge_why_missing"),
        ({"why": "执照换发"}, "company.merge_look_again"),
        ({"why": "执照换发", "uscc_again": CODE}, "company.merge_look_again"),
    ):
        with pytest.raises(Refused) as refusal:
            merge(kept, gone, by=cast.archivist, **more)
        assert refusal.value.code == code
    merged(cast, kept, gone, why="执照换发", uscc_again=f" {OTHER_CODE.lower()} ")
    assert kept.uscc == CODE


def test_ours_and_a_customer_are_never_merged(cast: Cast, kept: Company, our_company: Company) -> None:
    with pytest.raises(Refused) as refusal:
        merge(kept, our_company, by=cast.archivist)
    assert refusal.value.code == "company.merge_own"
    suzhou = Company.add(name="启明苏州", is_ours=True, unit=cast.department("qmz"), by=cast.archivist)
    with pytest.raises(Refused) as refusal:
        merge(our_company, suzhou, by=cast.archivist)
    assert refusal.value.code == "company.merge_units"
    with pytest.raises(Refused) as refusal:
        merge(kept, kept, by=cast.archivist)
    assert refusal.value.code == "company.merge_itself"


def test_who_does_not_keep_companies_merges_nothing(cast: Cast, kept: Company, gone: Company) -> None:
    with pytest.raises(Refused) as refusal:
        merge(kept, gone, by=cast.salesperson)
    assert refusal.value.code == "accounts.not_allowed"
    made = merged(cast, kept, gone)
    with pytest.raises(Refused) as refusal:
        undo(made, by=cast.salesperson, why="随便")
    assert refusal.value.code == "accounts.not_allowed"


def test_merges_upon_merges_are_undone_from_the_last(
    cast: Cast, kept: Company, gone: Company, registered: Registrar
) -> None:
    contract = of_twin(registered)
    first = merged(cast, kept, gone)
    top = Company.add(name="澄湖集团有限公司", by=cast.archivist)
    second = merged(cast, top, kept)
    gone.refresh_from_db()
    assert gone.merged_into == top
    assert list(Company.objects.matching(TWIN)) == [top]
    with pytest.raises(Refused) as refusal:
        undo(first, by=cast.archivist, why="是两家")
    assert refusal.value.code == "company.merge_buried"
    for made in (second, first):
        undo(made, by=cast.archivist, why="是两家")
        carry_on(made, by=cast.archivist)
        made.refresh_from_db()
    contract.refresh_from_db()
    assert contract.counterparty == gone
    with pytest.raises(Refused) as refusal:
        undo(first, by=cast.archivist, why="再来")
    assert refusal.value.code == "company.merge_undone_already"


def test_undoing_needs_a_reason(cast: Cast, kept: Company, gone: Company) -> None:
    with pytest.raises(Refused) as refusal:
        undo(merged(cast, kept, gone), by=cast.archivist, why=" ")
    assert refusal.value.code == "company.merge_why_missing"


def test_an_interrupted_merge_is_carried_on_and_nothing_else_happens_meanwhile(
    cast: Cast, kept: Company, gone: Company, registered: Registrar, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "CHUNK", 2)
    for number in range(5):
        of_twin(registered, title=f"第{number}份")
    made = merge(kept, gone, by=cast.archivist)
    assert not carry_on(made, by=cast.archivist, seconds=0)
    for act in (
        lambda: undo(made, by=cast.archivist, why="是两家"),
        lambda: merge(Company.add(name="第三家", by=cast.archivist), kept, by=cast.archivist),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "company.merge_under_way"
    assert carry_on_all(by=cast.archivist) == 1
    assert Contract.objects.filter(counterparty=kept).count() == 5
    assert carry_on_all(by=cast.archivist) == 0


def test_a_contract_registered_at_the_very_moment_follows(cast: Cast, kept: Company, gone: Company) -> None:
    made = merged(cast, kept, gone)
    stray = register(values(cast), by=cast.salesperson)
    Contract.objects.filter(pk=stray.pk).update(counterparty=gone)
    assert carry_on_all(by=cast.archivist) == 1
    stray.refresh_from_db()
    assert stray.counterparty == kept
    undo(made, by=cast.archivist, why="是两家")
    carry_on(made, by=cast.archivist)
    stray.refresh_from_db()
    assert stray.counterparty == gone


def test_the_preview_counts_what_the_person_may_see(
    cast: Cast, kept: Company, gone: Company, registered: Registrar
) -> None:
    of_twin(registered, signed_on=dt.date(2026, 1, 1))
    shown = preview(kept, gone, user=cast.archivist)
    assert (shown.counts["contract"], shown.counts["party"], shown.sees_all) == (1, 1, True)
    assert shown.taken == ["地址"]
    hidden = preview(kept, gone, user=cast.rival)
    assert (hidden.counts["contract"], hidden.sees_all) == (0, False)


def test_many_contracts_move_quickly(cast: Cast, kept: Company, gone: Company, registered: Registrar) -> None:
    one = of_twin(registered)
    copies = []
    for number in range(300):
        copies.append(Contract.objects.get(pk=one.pk))
        copies[-1].pk, copies[-1].uid, copies[-1].number = None, Contract().uid, f"C-{number}"
        copies[-1]._state.adding = True
    Contract.objects.bulk_create(copies)
    started = time.perf_counter()
    merged(cast, kept, gone)
    assert Contract.objects.filter(counterparty=kept).count() == 301
    assert time.perf_counter() - started < 10
