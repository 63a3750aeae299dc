"""The database itself refuses to rewrite the ledger."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from qidang.ledger import Chain, Entry, EntryDetails, EntrySubject, Subject, record
from qidang.ledger.tests.conftest import Somebody

pytestmark = pytest.mark.django_db
TABLES = ["ledger_entry", "ledger_entrysubject", "ledger_entrydetails", "ledger_chain"]


@pytest.fixture(autouse=True)
def entry(somebody: Somebody, contract: Subject) -> Entry:
    """One entry with a subject and details."""
    return record("contract.edited", contract, by=somebody, details={"field": "title"})


def refused(statement: str) -> bool:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return True


@pytest.mark.parametrize("table", TABLES)
def test_a_row_of_the_ledger_cannot_be_deleted(table: str) -> None:
    assert refused(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    "change",
    [
        "ledger_entry SET act = 'other'",
        "ledger_entry SET leaf = leaf",
        "ledger_entrysubject SET name = 'other'",
        "ledger_entrydetails SET body = '{}'",
        "ledger_chain SET seq = 0",
        "ledger_chain SET leaf = 'other'",
    ],
)
def test_a_row_of_the_ledger_cannot_be_changed(change: str) -> None:
    assert refused(f"UPDATE {change}")


@pytest.mark.parametrize("table", TABLES)
def test_a_table_of_the_ledger_cannot_be_emptied_at_once(table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has TRUNCATE")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", TABLES)
def test_a_row_of_the_ledger_cannot_be_replaced(table: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has INSERT OR REPLACE")
    assert refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.parametrize("rows", [Entry.objects.all(), EntrySubject.objects.all(), EntryDetails.objects.all()])
def test_the_models_cannot_do_it_either(rows: QuerySet[Entry]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows._raw_delete("default")


def test_a_chain_advances_by_one_entry_at_a_time(somebody: Somebody, contract: Subject) -> None:
    assert refused("UPDATE ledger_chain SET seq = seq + 2 WHERE name = 'acts'")
    record("contract.viewed", contract, by=somebody)
    assert Chain.objects.get(name="acts").seq == 2
