"""The fork server gets to know as little as possible."""

import pytest

from qidang.reading.server import environment


def test_no_secret_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIDANG_KEY_FILE", "/etc/qidang/key")
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("HOME", "/root")
    assert not {"QIDANG_KEY_FILE", "DATABASE_URL", "HOME"} & set(environment())


def test_the_recogniser_is_kept_from_reporting_home() -> None:
    assert environment()["ORT_DISABLE_TELEMETRY"] == "1"
