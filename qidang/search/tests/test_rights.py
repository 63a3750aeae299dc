"""权限: totals and facets count only what a person may see; what was taken away is gone at once."""

import pytest

from qidang.accounts.models import Role
from qidang.cast import Cast
from qidang.contracts.withdrawing import restore, withdraw
from qidang.kit.refusal import Refused
from qidang.search import following, rights
from qidang.search.query import find
from qidang.search.tests.conftest import Arriver, Finder, Registrar

pytestmark = pytest.mark.django_db


def test_everybody_finds_what_he_may_read_and_nothing_else(registered: Registrar, search: Finder) -> None:
    for by in ("salesperson", "colleague", "rival", "suzhou"):
        registered("共同的话", by=by, title=f"{by}的合同", counterparty_name=f"{by}有限公司")
    expected = {"salesperson": 1, "rival": 1, "manager": 3, "lawyer": 4, "archivist": 4}
    for by, total in expected.items():
        results = search("共同的话", by=by)
        assert (results.total, len(results.hits)) == (total, total), by
        for facet in ("year", "type", "customer", "department", "status"):
            assert sum(one.count for one in results.facets[facet]) == total, (by, facet)
    assert search("共同的话", by="salesperson").facets["customer"][0].label == "salesperson有限公司"


def test_who_may_not_search_is_refused(registered: Registrar, cast: Cast) -> None:
    registered("正文")
    with pytest.raises(Refused, match=r"accounts\.not_allowed"):
        find(cast.outsider, "正文")


def test_arrivals_are_found_by_who_took_them_in_and_who_reviews(arrived: Arriver, search: Finder) -> None:
    arrived("待核对的话")
    assert search("待核对的话", by="salesperson").total == 1
    assert search("待核对的话", by="archivist").total == 1
    assert search("待核对的话", by="colleague").total == 0
    assert search("待核对的话", by="rival").total == 0


def test_an_arrival_of_another_stays_hidden_from_who_reads_all_contracts(arrived: Arriver, search: Finder) -> None:
    arrived("待核对的话")
    assert search("待核对的话", by="auditor").total == 0
    assert search("", by="auditor").total == 0


def test_a_contract_that_moved_is_gone_before_it_is_indexed_again(
    registered: Registrar, search: Finder, cast: Cast
) -> None:
    contract = registered("要转走的话")
    registered("要转走的话 留下的")
    assert search("要转走的话", by="salesperson").total == 2
    change = {"owner": cast.rival, "department": cast.department("sales_south")}
    contract.edit(change, by=cast.archivist, edit_version=contract.edit_version, why="交接")
    results = search("要转走的话", by="salesperson", catch_up=False)
    assert results.total == len(results.hits) == 1
    assert sum(one.count for one in results.facets["year"]) == 1
    assert search("要转走的话", by="salesperson").total == 1
    assert search("要转走的话", by="rival").total == 1


def test_an_edit_that_moves_nothing_hides_nothing(registered: Registrar, search: Finder, cast: Cast) -> None:
    contract = registered("照旧的话")
    assert search("照旧的话", by="salesperson").total == 1
    contract.edit({"remarks": "补充"}, by=cast.archivist, edit_version=contract.edit_version)
    assert search("照旧的话", by="salesperson", catch_up=False).total == 1


def test_a_withdrawn_registration_is_gone_at_once_and_found_again_when_restored(
    registered: Registrar, search: Finder, cast: Cast
) -> None:
    contract = registered("登重了的话")
    registered("登重了的话 留下的")
    assert search("登重了的话", by="lawyer").total == 2
    withdraw(contract, why="登重了", by=cast.archivist)
    for catch_up in (False, True):
        results = search("登重了的话", by="salesperson", catch_up=catch_up)
        assert (results.total, len(results.hits)) == (1, 1)
    assert search("登重了的话", by="archivist").total == 1
    following.rebuild()
    assert search("登重了的话", by="archivist").total == 1
    restore(contract, by=cast.archivist)
    assert search("登重了的话", by="salesperson").total == 2


def test_a_role_or_department_taken_away_counts_at_once(registered: Registrar, search: Finder, cast: Cast) -> None:
    registered("共同的话", by="salesperson")
    assert search("共同的话", by="manager").total == 1
    cast.manager.roles.set([Role.objects.get(slug="salesperson")])
    assert search("共同的话", by="manager", catch_up=False).total == 0


def test_too_many_waiting_acts_make_those_of_limited_reach_wait(
    registered: Registrar, search: Finder, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    contracts = [registered(f"共同的话{number}") for number in range(3)]
    assert search("共同的话", by="salesperson").total == 3
    for contract in contracts:
        contract.edit({"owner": cast.rival}, by=cast.archivist, edit_version=contract.edit_version, why="交接")
    monkeypatch.setattr(rights, "MOST_HIDDEN", 2)
    assert search("共同的话", by="salesperson", catch_up=False).total == 0
    assert search("共同的话", by="archivist", catch_up=False).total == 3
