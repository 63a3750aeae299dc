"""Several at once, with real transactions."""

import threading
from collections.abc import Callable

from django.db import connection

from qidang.accounts.changing import disable_person, give_roles, move_department
from qidang.accounts.failing import closed, count_failure, doors
from qidang.accounts.models import Department, Role, User
from qidang.cast import make_cast
from qidang.kit.refusal import Refused


def together(*acts: Callable[[], object]) -> list[str]:
    """Run the acts side by side; return "done" or the refusal's code of each."""
    start = threading.Barrier(len(acts))
    answers: list[str] = []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            answers.append("done")
        except Refused as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_the_last_two_administrators_cannot_disable_each_other(fresh_database: str) -> None:
    cast = make_cast()
    system = User.objects.system()
    give_roles(cast.auditor, [Role.objects.get(slug="administrator")], by=system)
    for officer in (cast.system_officer, cast.security_officer):
        disable_person(officer, by=system)
    one, two = cast.administrator.pk, cast.auditor.pk
    seen = {pk: [User.objects.get(pk=pk) for _ in range(2)] for pk in (one, two)}  # each side has its own copies
    answers = together(
        lambda: disable_person(seen[one][0], by=seen[two][0]), lambda: disable_person(seen[two][1], by=seen[one][1])
    )
    assert answers == ["accounts.last_administrator", "done"]


def test_two_moves_cannot_make_a_ring(fresh_database: str) -> None:
    cast = make_cast()
    one, two = cast.department("law"), cast.department("audit")
    answers = together(
        lambda: move_department(one, to=Department.objects.get(pk=two.pk), by=cast.administrator),
        lambda: move_department(two, to=Department.objects.get(pk=one.pk), by=cast.administrator),
    )
    assert answers == ["accounts.beneath_itself", "done"]


def test_no_failure_is_lost_in_the_count(fresh_database: str) -> None:
    together(*[lambda: count_failure(doors("lawyer"))] * 4)
    assert not closed(doors("lawyer"))
    assert count_failure(doors("lawyer")) == "accounts.locked"
    assert closed(doors("lawyer"))
