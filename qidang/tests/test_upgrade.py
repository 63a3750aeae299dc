"""升级: the rows of an older home come through every migration since, whole, and their ledger still verifies.

There is no release yet; ``homes/before_0.2.json.gz`` is the sample archive as it was made before issue 3 began
(``tools/keep_rows.py``). Each release adds its own.
"""

import base64
import contextlib
import gzip
import json
import pathlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from qidang.accounts.models import User
from qidang.contracts.models import Contract, Document, Party
from qidang.intake.models import Arrival
from qidang.ledger import verify_all
from qidang.ledger.models import Entry
from qidang.vault import keys
from qidang.vault.models import Blob

HOMES = sorted((pathlib.Path(__file__).parent / "homes").glob("*.json.gz"))
Old = dict[str, Any]


@pytest.fixture(params=HOMES, ids=lambda path: path.name.split(".json")[0])
def old(request: pytest.FixtureRequest) -> Old:
    """An older home: its key, its newest migrations, its tables."""
    told: Old = json.loads(gzip.decompress(request.param.read_bytes()))
    return told


@contextlib.contextmanager
def _empty_database(folder: pathlib.Path) -> Iterator[None]:
    """A database without any table, in place of the one of the tests."""
    kept = connections["default"]
    settings, original = kept.settings_dict, kept.settings_dict["NAME"]
    made = str(folder / "old.sqlite3") if kept.vendor == "sqlite" else f"{original}_old"
    if kept.vendor != "sqlite":
        with kept.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{made}"')
            cursor.execute(f'CREATE DATABASE "{made}"')
    settings["NAME"] = made
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        settings["NAME"] = original
        connections["default"] = kept
        if kept.vendor != "sqlite":
            with kept.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{made}"')


def _value(value: Any, is_yes_or_no: bool) -> Any:
    """Return a kept value as the database takes it."""
    if isinstance(value, dict):
        return base64.b64decode(value["bytes"])
    return bool(value) if is_yes_or_no and value is not None else value


def _fill(old: Old) -> None:
    """Lay the old rows into the old tables, instead of those that the old migrations made."""
    tables = {name: table for name, table in old["tables"].items() if name != "ledger_chain"}
    with transaction.atomic(), connection.cursor() as cursor:
        for name in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")
        for name, table in tables.items():
            _lay(cursor, name, table["columns"], table["rows"])
        for chain in _rows(old, "ledger_chain"):  # its guards let it go forward one by one
            for seq in range(1, chain["seq"] + 1):
                cursor.execute(
                    "UPDATE ledger_chain SET seq = %s, leaf = %s WHERE name = %s", [seq, chain["leaf"], chain["name"]]
                )


def _lay(cursor: Any, name: str, columns: list[str], rows: list[list[Any]]) -> None:
    quote, introspection = connection.ops.quote_name, connection.introspection
    described = {one.name: one for one in introspection.get_table_description(cursor, name)}
    kinds = [introspection.get_field_type(described[column].type_code, described[column]) for column in columns]
    marks = ", ".join(["%s"] * len(columns))
    cursor.executemany(
        f"INSERT INTO {quote(name)} ({', '.join(map(quote, columns))}) VALUES ({marks})",
        [[_value(value, kind == "BooleanField") for value, kind in zip(row, kinds, strict=True)] for row in rows],
    )


def _count_on(executor: MigrationExecutor, leaves: list[tuple[str, str]]) -> None:
    """Let PostgreSQL count keys on from the rows that were laid in."""
    models = executor.loader.project_state(leaves).apps.get_models(include_auto_created=True)
    with connection.cursor() as cursor:
        for line in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(line)


@pytest.fixture
def upgraded(
    old: Old, migrated_database: None, django_db_blocker: Any, settings: Any, tmp_path: pathlib.Path
) -> Iterator[Old]:
    """The old home in a database of its own, after ``migrate``."""
    settings.KEY_FILE = tmp_path / "key"
    settings.KEY_FILE.write_bytes(base64.b64decode(old["key"]))
    settings.KEY_FILE.chmod(0o600)
    settings.HOME = tmp_path / "home"
    keys.forget()
    leaves = [(app, name) for app, name in old["leaves"]]
    with django_db_blocker.unblock(), _empty_database(tmp_path):
        executor = MigrationExecutor(connection)
        executor.migrate(leaves)
        _fill(old)
        _count_on(executor, leaves)
        call_command("migrate", verbosity=0, interactive=False)
        yield old
    keys.forget()


def _rows(old: Old, table: str) -> list[dict[str, Any]]:
    kept = old["tables"].get(table, {"columns": [], "rows": []})
    return [dict(zip(kept["columns"], row, strict=True)) for row in kept["rows"]]


def test_an_older_home_comes_through_whole_and_goes_on(upgraded: Old) -> None:
    for model in (Contract, Party, Document, Blob, Arrival, Entry, User):
        assert model.objects.count() == len(_rows(upgraded, model._meta.db_table)), model.__name__
    for row in _rows(upgraded, "contracts_contract"):
        contract = Contract.objects.get(pk=row["id"])
        assert (contract.number, contract.title, contract.status) == (row["number"], row["title"], row["status"])
        assert contract.uid.hex == row["uid"]
        assert (contract.amount is None) == (row["amount"] is None)
        contract.full_clean(validate_unique=False)
    sealed = [party for party in Party.objects.all() if party.account]  # opened with the old key
    assert len(sealed) == len([row for row in _rows(upgraded, "contracts_party") if row["account_index"]])
    verdict = verify_all()
    assert verdict.ok, verdict
    assert verdict.as_json()["entries"] == len(_rows(upgraded, "ledger_entry"))
    _goes_on()


def _goes_on() -> None:
    """The people of the old home see their contracts and go on working with them."""
    archivist = User.objects.get(username="archivist")
    contract = Contract.objects.visible_to(archivist).order_by("id")[0]
    changes = {"amount": Decimal("12345.67")}
    contract.edit(changes, by=archivist, edit_version=contract.edit_version, why="升级之后的第一次更正")
    contract.refresh_from_db()
    assert contract.amount == Decimal("12345.67")
    assert verify_all().ok
