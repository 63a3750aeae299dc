"""锁定: who is kept out by failures, and who is not."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from qidang import settings as source
from qidang.accounts.models import Failures
from qidang.accounts.passwords import change_password
from qidang.accounts.signing_in import open_session
from qidang.cast import PASSWORD, Cast
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.ledger import Entry, calling_from

STRANGER, OFFICE = "203.0.113.7", "10.0.0.5"


def tried(address: str, username: str = "salesperson", password: str = "wrong", device: str = "") -> str:
    """Try to sign in from there; return the refusal's code, or nothing for who gets in."""
    with calling_from(address):
        try:
            open_session(username, password, device=device)
        except Refused as refusal:
            return refusal.code
    return ""


def test_a_stranger_cannot_keep_the_owner_out_of_another_place(cast: Cast) -> None:
    assert [tried(STRANGER) for _ in range(6)][-2:] == ["accounts.locked"] * 2
    assert tried(STRANGER, password=PASSWORD) == "accounts.locked"
    assert tried(OFFICE, password=PASSWORD) == ""


def test_a_known_device_is_not_locked_by_what_happens_beside_it(cast: Cast) -> None:
    for _ in range(6):
        tried(OFFICE)
    assert tried(OFFICE, password=PASSWORD) == "accounts.locked"
    assert tried(OFFICE, password=PASSWORD, device="known") == ""


def test_a_known_device_has_five_failures_of_its_own(cast: Cast) -> None:
    assert [tried(OFFICE, device="known") for _ in range(5)][-1] == "accounts.locked"
    assert tried(OFFICE, password=PASSWORD, device="known") == "accounts.locked"
    assert tried(OFFICE, password=PASSWORD) == ""


def test_very_many_failures_lock_the_name_for_every_stranger(cast: Cast, settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_NAME = 8
    assert [tried(f"203.0.113.{n}") for n in range(8)][-1] == "accounts.locked"
    assert tried("198.51.100.1", password=PASSWORD) == "accounts.locked"
    assert tried("198.51.100.1", password=PASSWORD, device="known") == ""


def test_an_address_that_tries_many_names_is_stopped(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 6
    codes = [tried(STRANGER, f"name{n}") for n in range(7)]
    assert codes == ["accounts.wrong_credentials"] * 5 + ["accounts.too_many_attempts"] * 2
    assert tried(STRANGER, password=PASSWORD) == "accounts.too_many_attempts"
    assert tried(OFFICE, password=PASSWORD) == ""
    at = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: at)
    assert tried(STRANGER, password=PASSWORD) == ""


def test_the_stop_is_recorded_once_and_a_flood_does_not_fill_the_ledger(cast: Cast, settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 6
    for n in range(40):
        tried(STRANGER, f"name{n}")
    refused = Entry.objects.filter(act="session.refused")
    assert refused.count() == 6
    last = refused.latest("seq")
    assert last.address == STRANGER
    assert "too many attempts" in last.details.body


def test_tries_at_a_locked_name_count_for_the_address(cast: Cast, settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 8
    assert [tried(STRANGER) for _ in range(8)][-1] == "accounts.too_many_attempts"


def test_failures_spread_over_the_day_do_not_stop_an_office(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 6
    start = dt.datetime.now(dt.UTC)
    for n in range(12):
        at = start + dt.timedelta(minutes=16 * n)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        assert tried(OFFICE, f"name{n}") == "accounts.wrong_credentials"


def test_addresses_of_one_ipv6_customer_count_as_one(cast: Cast) -> None:
    for n in range(5):
        tried(f"2001:db8:0:1::{n}")
    assert tried("2001:db8:0:1::ffff", password=PASSWORD) == "accounts.locked"
    assert tried("2001:db8:0:2::1", password=PASSWORD) == ""


def test_without_an_address_only_names_are_counted(cast: Cast) -> None:
    tried("")
    assert Failures.objects.filter(name_digest="").count() == 0


def test_strangers_do_not_keep_who_is_signed_in_from_changing_his_password(cast: Cast, settings: Any) -> None:
    settings.SIGN_IN_FAILURES_PER_NAME = 5
    for _ in range(6):
        tried(STRANGER)
    change_password(cast.salesperson, old=PASSWORD, new="Another-77-harbour")
    assert cast.salesperson.check_password("Another-77-harbour")


def test_who_guesses_the_old_password_in_an_open_session_is_stopped(cast: Cast) -> None:
    for _ in range(5):
        with pytest.raises(Refused, match=r"accounts\.wrong_password"):
            change_password(cast.salesperson, old="wrong", new="Another-77-harbour")
    with pytest.raises(Refused, match=r"accounts\.locked"):
        change_password(cast.salesperson, old=PASSWORD, new="Another-77-harbour")


def test_a_limit_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for nonsense in ("0", "many", "-3", "²"):
        monkeypatch.setenv("QIDANG_SIGN_IN_FAILURES_PER_NAME", nonsense)
        with pytest.raises(ImproperlyConfigured):
            source.number("QIDANG_SIGN_IN_FAILURES_PER_NAME", 100)
