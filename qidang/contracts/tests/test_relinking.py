"""改认公司: the name stays as written, whom it means is set right."""

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Company, Contract
from qidang.contracts.relinking import names_in, relink
from qidang.contracts.tests.conftest import CUSTOMER, Registrar
from qidang.contracts.values import PartyValues
from qidang.kit.refusal import Refused
from qidang.ledger import follow


@pytest.fixture
def contract(registered: Registrar) -> Contract:
    """A contract that writes its customer's name twice."""
    parties = (PartyValues(name=CUSTOMER, side="甲方"), PartyValues(name="启明精密机械有限公司", side="乙方"))
    return registered(parties=parties)


@pytest.fixture
def branch(cast: Cast) -> Company:
    """The company that is really meant."""
    return Company.add(name="苏州澄湖机电有限公司吴江分公司", by=cast.archivist)


def test_all_places_of_a_name_mean_the_other_company_and_read_as_before(
    cast: Cast, contract: Contract, branch: Company
) -> None:
    before = contract.counterparty
    relink(contract, CUSTOMER, branch, why="是分公司签的", by=cast.salesperson, edit_version=1)
    contract.refresh_from_db()
    first, second = contract.parties.all()
    assert (contract.counterparty, contract.counterparty_name) == (branch, CUSTOMER)
    assert (first.company, first.name) == (branch, CUSTOMER)
    assert second.company != branch
    assert before is not None
    rows = {row.field: (row.old, row.new, row.why) for row in contract.revisions.all()}
    assert rows == {
        "counterparty": (before.name, branch.name, "是分公司签的"),
        "parties": (f"{CUSTOMER} → {before.name}", f"{CUSTOMER} → {branch.name}", "是分公司签的"),
    }
    entry = follow(0)[-1]
    assert (entry.act, [one.kind for one in entry.subjects.all()]) == ("contract.relinked", ["contract"])


def test_names_are_told_once_with_whom_they_mean(contract: Contract) -> None:
    first, second = names_in(contract)
    assert (first.name, first.is_counterparty, first.companies) == (CUSTOMER, True, [contract.counterparty])
    assert (second.is_counterparty, len(second.parties)) == (False, 1)


def test_what_cannot_be_done_is_refused(cast: Cast, contract: Contract, branch: Company) -> None:
    assert contract.counterparty is not None
    cases = (
        (CUSTOMER, branch, " ", cast.salesperson, "party.relink_unexplained"),
        ("没有的名称", branch, "错了", cast.salesperson, "party.no_such_name"),
        (CUSTOMER, contract.counterparty, "错了", cast.salesperson, "party.linked_already"),
        (CUSTOMER, branch, "错了", cast.lawyer, "accounts.not_allowed"),
    )
    for name, company, why, by, code in cases:
        with pytest.raises(Refused) as refusal:
            relink(contract, name, company, why=why, by=by, edit_version=1)
        assert refusal.value.code == code


def test_what_was_seen_before_another_saved_is_refused(cast: Cast, contract: Contract, branch: Company) -> None:
    contract.edit({"sign_place": "苏州"}, by=cast.archivist, edit_version=1)
    with pytest.raises(Refused, match=r"contract\.changed_meanwhile"):
        relink(contract, CUSTOMER, branch, why="错了", by=cast.salesperson, edit_version=1)
