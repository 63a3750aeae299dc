"""UUIDv7."""

import time
import uuid

from qidang.kit.ids import uuid7


def test_a_uid_is_a_version_7_uuid_that_begins_with_the_time() -> None:
    before = time.time_ns() // 1_000_000
    uid = uuid7()
    assert (uid.version, uid.variant) == (7, uuid.RFC_4122)
    assert before <= uid.int >> 80 <= time.time_ns() // 1_000_000


def test_no_uid_comes_twice() -> None:
    assert len({uuid7() for _ in range(10_000)}) == 10_000
