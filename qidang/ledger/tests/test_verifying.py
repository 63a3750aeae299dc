"""核验: any change behind the product's back is named by its seq."""

import contextlib
from collections.abc import Iterator

import pytest
from django.db import connection

from qidang.ledger import Chain, Subject, record, record_read, verify, verify_all, verifying
from qidang.ledger.tests.conftest import Somebody

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def entries(somebody: Somebody, contract: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five entries, read two at a time."""
    monkeypatch.setattr(verifying, "SLICE", 2)
    for number in range(5):
        record("contract.edited", contract, contract, by=somebody, details={"step": number} if number % 2 else None)


@contextlib.contextmanager
def unguarded() -> Iterator[None]:
    """As one with the keys to the database could do it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        yield


def tamper(statement: str) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_untouched_chain_holds() -> None:
    verdict = verify()
    assert verdict.ok and verdict.entries == 5
    assert verdict.head == Chain.objects.get(name="acts").leaf
    assert verdict.as_json() == {"entries": 5, "ok": True, "head": verdict.head, "first_bad": None}


def test_an_empty_chain_holds() -> None:
    assert verify("reads").ok and verify("reads").entries == 0


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("act = 'contract.viewed'", "act"),
        ("actor_name = '别人'", "actor"),
        ("actor_uid = '01a20be5676179a8a52cfb9888a4b9ff'", "actor"),
        ("address = '198.51.100.1'", "address"),
        ("at = '2020-01-01 00:00:00'", "at"),
        ("canonical = leaf", "h"),
        ("leaf = 'other'", "hash"),
    ],
)
def test_a_changed_column_is_found(change: str, part: str) -> None:
    if "canonical" in change and connection.vendor == "postgresql":
        change = "canonical = 'x'::bytea"
    tamper(f"UPDATE ledger_entry SET {change} WHERE seq = 3")
    verdict = verify()
    assert (verdict.ok, verdict.first_bad, verdict.entries) == (False, 3, 2)
    assert part in verdict.why


def test_a_changed_seq_is_found() -> None:
    tamper("UPDATE ledger_entry SET seq = 99 WHERE seq = 5")
    assert verify().first_bad == 5


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_entrysubject SET name = 'other'",
        "UPDATE ledger_entrysubject SET position = position + 5, kind = 'user'",
        "DELETE FROM ledger_entrysubject",
        "UPDATE ledger_entrydetails SET body = '{\"step\":9}'",
        "DELETE FROM ledger_entrydetails",
    ],
)
def test_changed_subjects_and_details_are_found(change: str) -> None:
    tamper(f"{change} WHERE entry_id = (SELECT id FROM ledger_entry WHERE seq = 4)")
    assert verify().first_bad == 4
    assert verify().why


def test_an_entry_taken_out_of_the_middle_is_found() -> None:
    with unguarded(), connection.cursor() as cursor:
        for table in ("entrysubject", "entrydetails"):
            cursor.execute(f"DELETE FROM ledger_{table} WHERE entry_id = (SELECT id FROM ledger_entry WHERE seq = 2)")
        cursor.execute("DELETE FROM ledger_entry WHERE seq = 2")
    assert verify().first_bad == 2


def test_an_entry_cut_off_the_end_is_found() -> None:
    with unguarded(), connection.cursor() as cursor:
        for table in ("entrysubject", "entrydetails"):
            cursor.execute(f"DELETE FROM ledger_{table} WHERE entry_id = (SELECT id FROM ledger_entry WHERE seq = 5)")
        cursor.execute("DELETE FROM ledger_entry WHERE seq = 5")
    assert verify().first_bad == 5


def test_a_head_that_was_moved_is_found() -> None:
    tamper("UPDATE ledger_chain SET leaf = 'other' WHERE name = 'acts'")
    assert verify().first_bad == 5


def test_both_chains_are_verified_as_one(somebody: Somebody, contract: Subject) -> None:
    record_read("contract.viewed", contract, by=somebody)
    assert (verify_all().ok, verify_all().entries) == (True, 6)
    tamper("UPDATE ledger_entry SET act = 'other' WHERE chain = 'reads'")
    verdict = verify_all()
    assert (verdict.ok, verdict.chain, verdict.first_bad) == (False, "reads", 1)
    assert verdict.head == Chain.objects.get(name="acts").leaf
