"""合同编号 by eight people at once: real threads, real commits, no gap and no twin."""

import threading
from collections.abc import Callable

from django.db import connections
from pytest import fixture

from qidang.accounts.models import User
from qidang.cast import make_cast
from qidang.contracts import numbering
from qidang.contracts.models import Contract
from qidang.contracts.registering import register
from qidang.contracts.tests.conftest import values
from qidang.kit import clock
from qidang.kit.refusal import Refused

WRITERS = 8
EACH = 6


def together(work: Callable[[int], object]) -> list[BaseException]:
    """Run ``work`` in eight threads that start at one moment; return what went wrong."""
    start = threading.Barrier(WRITERS)
    wrong: list[BaseException] = []

    def run(no: int) -> None:
        try:
            start.wait()
            work(no)
        except BaseException as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(no,)) for no in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@fixture
def unblocked(fresh_database: str, django_db_blocker: object) -> None:
    """Allow every thread the fresh database."""
    django_db_blocker.unblock()  # type: ignore[attr-defined]


def test_eight_writers_get_numbers_without_a_gap_or_a_twin(unblocked: None) -> None:
    cast = make_cast()
    ordinary = [values(cast, title=f"第{no}份", counterparty_name=f"客户{no % 3}有限公司") for no in range(EACH)]

    def work(no: int) -> None:
        person = User.objects.get(username="salesperson")
        for one in ordinary:
            register(one, by=person)

    assert together(work) == []
    serials = sorted(int(number.rsplit("-", 1)[1]) for number in Contract.objects.values_list("number", flat=True))
    assert serials == list(range(1, WRITERS * EACH + 1))
    assert numbering.gaps(cast.department("qmj"), clock.today().year) == []


def test_one_of_eight_who_claim_a_number_gets_it(unblocked: None) -> None:
    cast = make_cast()
    claimed = values(cast, number_on_paper="旧合字第7号", number_is_ours=True)
    wrong = together(lambda no: register(claimed, by=User.objects.get(username="salesperson")))
    assert [error.code for error in wrong if isinstance(error, Refused)] == ["contract.number_taken"] * (WRITERS - 1)
    assert len(wrong) == WRITERS - 1


def test_one_of_eight_who_edit_what_they_saw_is_kept(unblocked: None) -> None:
    cast = make_cast()
    contract = register(values(cast), by=cast.salesperson)

    def work(no: int) -> None:
        seen = Contract.objects.get(pk=contract.pk)
        seen.edit({"remarks": f"第{no}人"}, by=User.objects.get(username="salesperson"), edit_version=1)

    wrong = together(work)
    assert [getattr(error, "code", repr(error)) for error in wrong] == ["contract.changed_meanwhile"] * (WRITERS - 1)
    assert Contract.objects.get().edit_version == 2
