"""撤销登记: what should never have been registered counts nowhere, and can be brought back."""

import datetime as dt

import pytest

from qidang.cast import Cast
from qidang.contracts import numbering
from qidang.contracts.models import Company, Contract, Document, Hold, IssuedNumber, Version
from qidang.contracts.numbering import taken
from qidang.contracts.register import Filters, Register
from qidang.contracts.settling import settle_statuses
from qidang.contracts.tests.conftest import PaperMaker, Registrar
from qidang.contracts.withdrawing import restore, withdraw, withdraw_many
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import follow


def test_a_withdrawn_registration_is_in_no_list_and_no_total(cast: Cast, registered: Registrar) -> None:
    right, wrong = registered(), registered(title="登重的")
    withdraw(wrong, why=" 登重了 ", by=cast.salesperson)
    for person in (cast.salesperson, cast.archivist, cast.lawyer):
        page = Register(person).page()
        assert [row.pk for row in page.rows] == [right.pk]
        assert [(total.count, str(total.amount)) for total in page.totals] == [(1, "128000.00")]
    assert Contract.objects.get(pk=wrong.pk).status == "WITHDRAWN"
    assert wrong.withdrawals.get().why == "登重了"


def test_a_filter_shows_it_to_who_may_bring_it_back_and_to_nobody_else(cast: Cast, registered: Registrar) -> None:
    wrong = registered()
    withdraw(wrong, why="登重了", by=cast.salesperson)
    found = {who: Register(cast.people[who], Filters(status="WITHDRAWN")).page().count for who in cast.people}
    assert {who for who, count in found.items() if count} == {
        *("salesperson", "manager", "archivist", "second_archivist", "administrator")
    }
    assert not Contract.objects.known_to(cast.lawyer).exists()
    assert Contract.objects.known_to(cast.salesperson).get() == wrong


def test_its_papers_and_its_company_go_with_it(cast: Cast, registered: Registrar, a_paper: PaperMaker) -> None:
    wrong = registered(paper=a_paper("a"), by="archivist", owner=cast.rival)
    withdraw(wrong, why="登错了", by=cast.archivist)
    for kind in (Document, Version):
        seen = {who: kind.objects.visible_to(cast.people[who]).count() for who in ("rival", "lawyer", "archivist")}
        assert seen == {"rival": 1, "lawyer": 0, "archivist": 1}
    assert wrong.counterparty not in Company.objects.visible_to(cast.rival)


def test_an_issued_number_is_spent_and_says_why(cast: Cast, registered: Registrar) -> None:
    wrong = registered()
    withdraw(wrong, why="登重了", by=cast.salesperson)
    issued = IssuedNumber.objects.get(number=wrong.number)
    assert (issued.void_why, issued.voided_by) == ("登重了", cast.salesperson)
    assert taken(wrong.unit, wrong.number) is not None
    assert registered().number.endswith("0002")
    assert numbering.gaps(wrong.unit, clock.today().year) == []


def test_a_number_from_the_paper_is_free_for_the_right_registration(cast: Cast, registered: Registrar) -> None:
    wrong = registered(number_on_paper="旧合字第7号", number_is_ours=True)
    withdraw(wrong, why="登错主体", by=cast.salesperson)
    right = registered(number_on_paper="旧合字第7号", number_is_ours=True)
    assert right.number == "旧合字第7号"
    restore(wrong, by=cast.salesperson)
    assert (wrong.number, wrong.number_on_paper) == ("", "旧合字第7号")


def test_a_number_that_its_archivist_made_void_is_not_free(cast: Cast, registered: Registrar) -> None:
    wrong = registered(number_on_paper="旧合字第7号", number_is_ours=True)
    numbering.void_number(wrong.issued_numbers.get(), by=cast.archivist, why="打错了")
    withdraw(Contract.objects.get(), why="登错", by=cast.salesperson)
    with pytest.raises(Refused, match=r"contract\.number_taken"):
        registered(number_on_paper="旧合字第7号", number_is_ours=True)


@pytest.mark.parametrize("number", ["", "旧合字第7号"])
def test_a_restored_registration_is_as_it_was(cast: Cast, registered: Registrar, number: str) -> None:
    contract = registered(number_on_paper=number, number_is_ours=bool(number))
    before = contract.number
    withdraw(contract, why="登重了", by=cast.salesperson)
    restore(contract, by=cast.salesperson)
    contract.refresh_from_db()
    assert (contract.status, contract.number) == ("IN_FORCE", before)
    assert IssuedNumber.objects.get().voided_at is None
    assert Register(cast.lawyer).page().count == 1
    withdraw(contract, why="还是登重了", by=cast.salesperson)
    assert [entry.act for entry in follow(0)[-3:]] == ["contract.withdrawn", "contract.restored", "contract.withdrawn"]


def test_nothing_more_is_done_with_it(cast: Cast, registered: Registrar, a_paper: PaperMaker) -> None:
    wrong = registered(paper=a_paper("a"))
    withdraw(wrong, why="登重了", by=cast.salesperson)
    acts = (
        lambda: wrong.edit({"sign_place": "苏州"}, by=cast.salesperson, edit_version=2),
        lambda: wrong.void(by=cast.salesperson, why="作废"),
        lambda: wrong.add_document(a_paper("b"), by=cast.salesperson),
        lambda: withdraw(wrong, why="再撤一次", by=cast.salesperson),
        lambda: Hold.place(wrong, why="起诉", holder="法务部", by=cast.archivist),
    )
    for act in acts:
        with pytest.raises(Refused, match=r"contract\.withdrawn"):
            act()


def test_a_held_or_filed_contract_is_not_withdrawn(cast: Cast, registered: Registrar) -> None:
    held, filed = registered(), registered()
    Hold.place(held, why="起诉", holder="法务部", by=cast.lawyer)
    filed.mark_filed("Q001-HT·2026-D30-0001")
    for contract, code in ((held, "contract.held"), (filed, "contract.withdrawal_filed")):
        with pytest.raises(Refused) as refusal:
            withdraw(contract, why="登重了", by=cast.archivist)
        assert refusal.value.code == code


def test_a_reason_and_the_right_are_needed(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    with pytest.raises(Refused, match=r"contract\.withdrawal_unexplained"):
        withdraw(contract, why=" ", by=cast.salesperson)
    for person in (cast.colleague, cast.lawyer, cast.auditor, cast.outsider):
        with pytest.raises(Refused, match=r"accounts\.not_allowed"):
            withdraw(contract, why="登重了", by=person)
    with pytest.raises(Refused, match=r"contract\.not_withdrawn"):
        restore(contract, by=cast.salesperson)


def test_a_void_contract_can_be_withdrawn_and_is_void_again_when_restored(cast: Cast, registered: Registrar) -> None:
    contract = registered()
    contract.void(by=cast.salesperson, why="以为只能作废")
    withdraw(contract, why="登重了", by=cast.salesperson)
    assert contract.status == "WITHDRAWN"
    assert restore(contract, by=cast.salesperson).status == "VOID"


def test_time_does_not_bring_it_back(cast: Cast, registered: Registrar) -> None:
    contract = registered(expires_on=dt.date(2030, 1, 1))
    withdraw(contract, why="登重了", by=cast.salesperson)
    assert settle_statuses(dt.date(2031, 1, 1), by=cast.administrator) == 0
    contract.refresh_from_db()
    assert contract.status == "WITHDRAWN"


def test_many_are_withdrawn_in_one_entry_and_who_is_refused_is_named(cast: Cast, registered: Registrar) -> None:
    contracts = [registered(title=f"第{no}份") for no in range(4)]
    contracts[1].mark_filed("Q001-HT·2026-D30-0001")
    seen = follow(0)[-1].seq
    outcomes = withdraw_many(contracts, why="导错了表", by=cast.salesperson)
    assert [one.refusal.code if one.refusal else "" for one in outcomes] == ["", "contract.withdrawal_filed", "", ""]
    [entry] = follow(seen)
    assert (entry.act, entry.subjects.count()) == ("contract.withdrawn", 3)
    assert Register(cast.salesperson).page().count == 1
