"""What the machine refuses."""

import errno

import pytest
from django.db import DatabaseError, DataError, OperationalError

from qidang.kit.failing import refusal_for


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "system.disk_full"),
        (OperationalError("database or disk is full"), "system.disk_full"),
        (OperationalError("database is locked"), "system.database_locked"),
        (DatabaseError("file is not a database"), "system.database_damaged"),
        (DatabaseError("database disk image is malformed"), "system.database_damaged"),
        (OSError(errno.EROFS, "Read-only file system"), "system.read_only"),
        (OperationalError("attempt to write a readonly database"), "system.read_only"),
        (DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), "system.bad_value"),
    ],
)
def test_what_the_machine_refuses_is_a_refusal(error: Exception, code: str) -> None:
    refusal = refusal_for(error)
    assert refusal is not None
    assert refusal.code == code
    assert refusal.message != code
    assert refusal.next_step


def test_every_other_error_stays_an_error() -> None:
    assert refusal_for(OSError(errno.EACCES, "no")) is None
    assert refusal_for(OperationalError("no such table: x")) is None
    assert refusal_for(ValueError("database is locked")) is None
