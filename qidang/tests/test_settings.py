"""The settings: environment only, and nonsense is refused."""

import pathlib
import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import build_policy

from qidang import settings


def test_a_database_address_is_read_in_all_its_parts() -> None:
    found = settings.database("postgresql://archive:p%40ss@db.example.com:5433/contracts?sslmode=require")
    assert found["ENGINE"] == "django.db.backends.postgresql"
    parts = [found[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]
    assert parts == ["archive", "p@ss", "db.example.com", "5433", "contracts"]
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_folder_can_be_given_instead_of_a_host() -> None:
    found = settings.database("postgresql:///contracts?host=/run/postgresql")
    assert found["HOST"] == "/run/postgresql"
    assert found["OPTIONS"] == {}


def test_sqlite_keeps_what_it_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QIDANG_TESTING")
    found = settings.database("")
    assert found["NAME"] == settings.HOME / "qidang.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert pragma in found["OPTIONS"]["init_command"]


def test_another_database_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="mysql"):
        settings.database("mysql://root@localhost/contracts")


def test_a_switch_is_one_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIDANG_PRODUCTION", "true")
    with pytest.raises(ImproperlyConfigured, match="must be 1 or 0"):
        settings.flag("QIDANG_PRODUCTION")


def test_the_development_secret_is_made_once_and_kept_private(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "home" / "secret.key"
    first = settings.kept_secret(path)
    assert settings.kept_secret(path) == first
    assert len(first) >= 50
    assert path.stat().st_mode & 0o077 == 0


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed_on_a_page() -> None:
    policy = build_policy(settings.SECURE_CSP)
    assert set(re.findall(r"'[^']+'|\S+:(?=[ ;]|$)", policy)) == {"'self'", "'none'", "data:", "blob:"}
    assert "default-src 'self'" in policy
