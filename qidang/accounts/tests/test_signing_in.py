"""登录、锁定与退出."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth import authenticate

from qidang.accounts import failing
from qidang.accounts.changing import disable_person
from qidang.accounts.log import visible_entries
from qidang.accounts.models import Failures, User
from qidang.accounts.passwords import reset_password
from qidang.accounts.signing_in import PasswordBackend, close_session, open_session
from qidang.cast import PASSWORD, Cast
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import Entry


def refused(username: str, password: str) -> str:
    """Return the code with which a sign-in is refused."""
    with pytest.raises(Refused) as refusal:
        open_session(username, password)
    return refusal.value.code


def acts() -> list[str]:
    """Return the acts of the chain ``reads``."""
    return list(Entry.objects.filter(chain="reads").order_by("seq").values_list("act", flat=True))


def later(monkeypatch: pytest.MonkeyPatch, **by: float) -> None:
    """Let time pass."""
    at = dt.datetime.now(dt.UTC) + dt.timedelta(**by)
    monkeypatch.setattr(clock, "now", lambda: at)


def test_a_person_signs_in_however_the_name_is_typed_and_it_is_recorded(cast: Cast) -> None:
    assert open_session(" Salesperson", PASSWORD) == cast.salesperson
    assert open_session("ｓａｌｅｓｐｅｒｓｏｎ", PASSWORD) == cast.salesperson
    close_session(cast.salesperson)
    assert acts() == ["session.opened", "session.opened", "session.closed"]


def test_wrong_name_and_wrong_password_are_refused_alike_and_recorded(cast: Cast) -> None:
    assert refused("salesperson", "wrong") == "accounts.wrong_credentials"
    assert refused("nobody", PASSWORD) == "accounts.wrong_credentials"
    assert acts() == ["session.refused", "session.refused"]


def test_what_was_typed_as_an_unknown_name_is_kept_nowhere(cast: Cast) -> None:
    refused("my-secret-password", "x")
    entry = Entry.objects.get(act="session.refused")
    assert b"my-secret" not in bytes(entry.canonical)
    assert "my-secret" not in entry.details.body
    assert not entry.subjects.exists()


def test_five_failures_lock_the_name_for_a_quarter_of_an_hour(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [refused("salesperson", "wrong") for _ in range(5)] == ["accounts.wrong_credentials"] * 4 + [
        "accounts.locked"
    ]
    assert refused("salesperson", PASSWORD) == "accounts.locked"
    later(monkeypatch, minutes=14)
    assert refused("Salesperson", PASSWORD) == "accounts.locked"
    later(monkeypatch, minutes=16)
    assert open_session("salesperson", PASSWORD) == cast.salesperson


def test_an_unknown_name_locks_just_the_same(cast: Cast) -> None:
    for _ in range(4):
        refused("nobody", "wrong")
    assert refused("nobody", "wrong") == "accounts.locked"


def test_a_success_starts_the_count_anew(cast: Cast) -> None:
    for _ in range(3):
        assert [refused("lawyer", "wrong") for _ in range(4)] == ["accounts.wrong_credentials"] * 4
        open_session("lawyer", PASSWORD)
    assert not Failures.objects.exists()


def test_old_failures_are_forgotten(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    refused("nobody", "wrong")
    later(monkeypatch, days=2)
    refused("somebody", "wrong")
    assert {row.name_digest for row in Failures.objects.all()} == {failing.name_digest("somebody")}


def test_a_guess_that_comes_right_beside_the_locking_one_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow_check(person: User, password: str) -> bool:
        for _ in range(5):
            failing.count_failure(failing.doors(person.username))
        return True

    monkeypatch.setattr(User, "check_password", slow_check)
    assert refused("lawyer", PASSWORD) == "accounts.locked"


def test_a_disabled_person_is_refused_and_only_who_knows_the_password_learns_it(cast: Cast) -> None:
    disable_person(cast.lawyer, by=cast.administrator)
    assert refused("lawyer", "wrong") == "accounts.wrong_credentials"
    assert refused("lawyer", PASSWORD) == "accounts.disabled"


def test_the_open_session_of_a_disabled_person_ends(cast: Cast) -> None:
    door = PasswordBackend()
    assert door.get_user(cast.lawyer.pk) == cast.lawyer
    disable_person(cast.lawyer, by=cast.administrator)
    assert door.get_user(cast.lawyer.pk) is None


def test_service_people_cannot_sign_in(cast: Cast) -> None:
    assert refused(User.objects.cli().username, "!") == "accounts.wrong_credentials"
    assert PasswordBackend().get_user(User.objects.system().pk) is None


def test_django_authenticates_by_the_same_door(cast: Cast) -> None:
    assert authenticate(username="auditor", password=PASSWORD) == cast.auditor
    with pytest.raises(Refused):
        authenticate(username="auditor", password="wrong")


def test_resetting_the_password_unlocks_the_name(cast: Cast) -> None:
    for _ in range(5):
        refused("lawyer", "wrong")
    told = reset_password(cast.lawyer, by=cast.administrator)
    assert open_session("lawyer", told).must_change_password


def test_a_person_sees_his_own_entries_an_auditor_all(cast: Cast) -> None:
    open_session("salesperson", PASSWORD)
    open_session("lawyer", PASSWORD)
    assert {entry.actor_uid for entry in visible_entries(cast.salesperson)} == {cast.salesperson.uid}
    assert visible_entries(cast.auditor).count() == Entry.objects.count()
    assert not visible_entries(cast.outsider).exists()


def test_a_long_name_is_no_trouble(cast: Cast, caplog: Any) -> None:
    assert refused("x" * 5000, "y" * 5000) == "accounts.wrong_credentials"
