"""健康: each check says what is wrong, and only that."""

import datetime as dt
import logging
import pathlib
from typing import Any

import pytest
from django.db import DatabaseError
from django_ox.models import OxScheduleTick

from qidang.kit import clock
from qidang.ledger.models import Chain
from qidang.schedule import SCHEDULES
from qidang.watch import health


def tick(ago: dt.timedelta) -> None:
    """A worker has looked at what is due, ``ago`` before now."""
    then = clock.now() - ago
    OxScheduleTick.objects.create(schedule_name=health.BEAT, scheduled_for=then, created_at=then)


def test_the_beat_is_of_work_that_comes_more_often_than_the_longest_silence() -> None:
    assert SCHEDULES[health.BEAT]["every"] * 4 <= health.LONGEST_SILENCE.total_seconds()


def test_a_database_that_answers_is_well(db: None) -> None:
    assert health.database() == ""


def test_a_database_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**named: str) -> None:
        raise DatabaseError("password of qidang is wrong")

    monkeypatch.setattr(Chain.objects, "filter", refuse)
    assert health.database() == "the database does not answer: DatabaseError"


def test_a_key_file_that_went_away_is_told_though_the_key_is_loaded(settings: Any, tmp_path: pathlib.Path) -> None:
    assert health.key() == ""
    settings.KEY_FILE = tmp_path / "key"
    assert "cannot be read" in health.key()
    settings.KEY_FILE.write_bytes(b"short")
    assert "holds 5 bytes" in health.key()


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert health.disk() == ""
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 60)
    assert "MB left" in health.disk()


def test_a_worker_is_known_by_its_beat(db: None) -> None:
    assert health.worker() == "no worker has worked here yet"
    tick(dt.timedelta(minutes=3))
    assert "no worker since" in health.worker()
    tick(dt.timedelta(seconds=20))
    assert health.worker() == ""


def test_an_answer_stands_for_a_moment_and_a_change_is_written_to_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "_known", {})
    said = iter(["full", "never asked for", "", ""])
    with caplog.at_level(logging.WARNING, logger=health.log.name):
        assert health.looked({"disk": lambda: next(said)}) == {"disk": "full"}
        assert health.looked({"disk": lambda: next(said)}) == {"disk": "full"}
        next(said)
        monkeypatch.setattr(health, "KEPT", 0.0)
        assert health.looked({"disk": lambda: next(said)}) == {"disk": ""}
    assert [record.getMessage() for record in caplog.records] == ["disk: full", "disk: well again"]
