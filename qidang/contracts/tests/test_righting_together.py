"""改错 by several people at once: one is done, the others are told."""

from pytest import fixture

from qidang.accounts.models import User
from qidang.cast import make_cast
from qidang.contracts.models import Contract, Withdrawal
from qidang.contracts.registering import register
from qidang.contracts.tests.conftest import values
from qidang.contracts.tests.test_numbering_together import WRITERS, together
from qidang.contracts.withdrawing import restore, withdraw


@fixture
def unblocked(fresh_database: str, django_db_blocker: object) -> None:
    """Allow every thread the fresh database."""
    django_db_blocker.unblock()  # type: ignore[attr-defined]


def someone() -> User:
    """A person of one's own, as each thread has."""
    return User.objects.get(username="archivist")


def codes(wrong: list[BaseException]) -> list[str]:
    return [getattr(error, "code", repr(error)) for error in wrong]


def test_one_of_eight_withdraws_and_one_of_eight_restores(unblocked: None) -> None:
    contract = register(values(make_cast()), by=someone())
    wrong = together(lambda no: withdraw(Contract.objects.get(pk=contract.pk), why=f"第{no}人", by=someone()))
    assert codes(wrong) == ["contract.withdrawn"] * (WRITERS - 1)
    assert Withdrawal.objects.count() == 1
    wrong = together(lambda no: restore(Contract.objects.get(pk=contract.pk), by=someone()))
    assert codes(wrong) == ["contract.not_withdrawn"] * (WRITERS - 1)
