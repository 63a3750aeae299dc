"""A database of its own, for tests that commit: threads, subprocesses, live servers."""

import pathlib
import urllib.parse
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test.utils import setup_databases, teardown_databases

SERVICE_NAME = django_settings.DATABASES["default"]["NAME"]  # read before any test database is made


@pytest.fixture(scope="session")
def migrated_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database, made also where no test of this run asks for ``db`` (pytest-django then makes none)."""
    if connections["default"].settings_dict["NAME"] == SERVICE_NAME:
        with django_db_blocker.unblock():
            made = setup_databases(verbosity=0, interactive=False)
        yield
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)
    else:
        yield


@pytest.fixture
def fresh_database(migrated_database: None, django_db_blocker: Any, tmp_path: pathlib.Path) -> Iterator[str]:
    """A real copy of the migrated database, thrown away afterwards; the value is its ``DATABASE_URL``.

    For threads, subprocesses and live servers: instead of ``transactional_db``, whose flush the ledger refuses.
    Threads started by the test must close their own connections.
    """
    with django_db_blocker.unblock():
        kept = connections["default"]
        settings = kept.settings_dict
        original = settings["NAME"]
        copy = sqlite_copy(tmp_path) if kept.vendor == "sqlite" else postgresql_copy()
        settings["NAME"] = copy
        del connections["default"]
        connections["default"].ensure_connection()  # alone, because SQLite turns to WAL for one at a time
        try:
            yield address_of(settings)
        finally:
            connections["default"].close()
            settings["NAME"] = original
            connections["default"] = kept
            if kept.vendor == "postgresql":
                with kept.cursor() as cursor:
                    cursor.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


def sqlite_copy(folder: pathlib.Path) -> str:
    """Copy the test database into ``folder``."""
    path = str(folder / "fresh.sqlite3")
    with connections["default"].cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [path])
    return path


def postgresql_copy() -> str:
    """Copy the test database under a name of its own; nobody may be connected to it meanwhile."""
    connection = connections["default"]
    copy = f"fresh_{uuid.uuid4().hex[:12]}"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{connection.settings_dict["NAME"]}"')
    return copy


def address_of(settings: dict[str, Any]) -> str:
    """Return the ``DATABASE_URL`` of these database settings, for a subprocess."""
    if "sqlite" in settings["ENGINE"]:
        return f"sqlite:///{settings['NAME']}"
    who = urllib.parse.quote(settings["USER"])
    secret = f":{urllib.parse.quote(settings['PASSWORD'])}" if settings["PASSWORD"] else ""
    host = settings["HOST"]
    place = f"{host}:{settings['PORT']}" if host and not host.startswith("/") else f":{settings['PORT']}"
    query = f"?host={host}" if host.startswith("/") else ""
    return f"postgresql://{who}{secret}@{place}/{settings['NAME']}{query}"
