"""误传清除 in the index: found no more at once, and out of its files with the next rewriting."""

import pathlib

import pytest

from qidang.cast import Cast
from qidang.intake import clearing
from qidang.intake.models import Arrival
from qidang.search import following, index
from qidang.search.query import find
from qidang.search.tests.conftest import Arriver


@pytest.fixture
def payroll(arrived: Arriver, settings: object, tmp_path: pathlib.Path) -> Arrival:
    """A payroll list that is indexed."""
    settings.CLEARED_FILE = str(tmp_path / "cleared")  # type: ignore[attr-defined]
    arrival = arrived("张三的月薪一万二")
    assert following.catch_up()
    return arrival


def cleared(payroll: Arrival, cast: Cast) -> None:
    asked = clearing.ask(payroll, why="误传", by=cast.salesperson)
    clearing.decide(asked, agrees=True, by=cast.archivist)


def test_it_is_hidden_before_the_index_knows_and_gone_when_it_does(payroll: Arrival, cast: Cast) -> None:
    assert find(cast.salesperson, "月薪").total == 1
    cleared(payroll, cast)
    assert find(cast.salesperson, "月薪").total == 0
    assert following.catch_up()
    assert find(cast.salesperson, "月薪").total == 0


def test_the_files_of_the_index_are_written_anew_once(payroll: Arrival, cast: Cast) -> None:
    assert not following.rewrite_after_clearing()
    cleared(payroll, cast)
    before = index.current()
    assert before is not None
    assert following.rewrite_after_clearing()
    assert not before.exists()
    assert payroll.clearings.get().clearing.index_rewritten_at is not None
    assert not following.rewrite_after_clearing()
