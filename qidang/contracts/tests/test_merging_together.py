"""合并客户 by eight people at once, and while contracts are registered: real threads and commits."""

from pytest import fixture

from qidang.accounts.models import User
from qidang.cast import make_cast
from qidang.contracts.merging import carry_on, carry_on_all, merge, undo
from qidang.contracts.models import Company, Contract, Merge
from qidang.contracts.registering import register
from qidang.contracts.tests.conftest import values
from qidang.contracts.tests.test_numbering_together import WRITERS, together
from qidang.kit.refusal import Refused


@fixture
def unblocked(fresh_database: str, django_db_blocker: object) -> None:
    """Allow every thread the fresh database."""
    django_db_blocker.unblock()  # type: ignore[attr-defined]


def test_one_of_eight_merges_in_either_direction_is_kept(unblocked: None) -> None:
    cast = make_cast()
    pair = [Company.add(name=name, by=cast.archivist) for name in ("甲机电有限公司", "乙机电有限公司")]

    def work(no: int) -> None:
        kept, gone = pair if no % 2 else pair[::-1]
        merge(
            Company.objects.get(pk=kept.pk), Company.objects.get(pk=gone.pk), by=User.objects.get(username="archivist")
        )

    wrong = together(work)
    assert [type(error) for error in wrong] == [Refused] * (WRITERS - 1)
    assert Merge.objects.count() == 1


def test_contracts_registered_during_a_merge_and_its_undoing_are_nowhere_lost(unblocked: None) -> None:
    cast = make_cast()
    kept, gone = (Company.add(name=name, by=cast.archivist) for name in ("甲机电有限公司", "乙机电有限公司"))
    ordinary = [values(cast, title=f"第{no}份", counterparty_name=gone.name) for no in range(4)]
    for one in ordinary:
        register(one, by=cast.salesperson)

    def work(no: int) -> None:
        if no:
            for one in ordinary:
                register(one, by=User.objects.get(username="salesperson"))
        else:
            made = merge(kept, gone, by=User.objects.get(username="archivist"))
            carry_on(made, by=made.by)

    assert together(work) == []
    carry_on_all(by=cast.archivist)
    assert Contract.objects.filter(counterparty=kept).count() == Contract.objects.count() == 4 * WRITERS
    made = Merge.objects.get()
    undo(made, by=cast.archivist, why="是两家")
    carry_on(made, by=cast.archivist)
    moved = sum(len(batch.keys) for batch in made.batches.filter(kind="contract"))
    assert Contract.objects.filter(counterparty=gone).count() == moved >= 4


def test_a_company_edited_while_contracts_with_it_are_registered_waits_for_nobody_for_ever(unblocked: None) -> None:
    cast = make_cast()
    company = Company.add(name="甲机电有限公司", by=cast.archivist)
    ordinary = values(cast, counterparty_name=company.name)

    def work(no: int) -> None:
        for round_ in range(4):
            if no:
                register(ordinary, by=User.objects.get(username="salesperson"))
            else:
                seen = Company.objects.get(pk=company.pk)
                changes = {"address": f"{round_} 号"}
                seen.edit(changes, by=User.objects.get(username="archivist"), edit_version=seen.edit_version)

    assert together(work) == []
