"""Identity: every thing that people or machines point at has a ``uid``, a UUIDv7 (RFC 9562 §5.7)."""

import os
import time
import uuid

from django.db import models


def uuid7() -> uuid.UUID:
    """Return a UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def parse_uid(text: str) -> uuid.UUID | None:
    """Return the uid that ``text`` writes; None where it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class Identified(models.Model):
    """A row with a ``uid`` beside its bigint key; the uid stands in URLs, QR codes, ledger and API."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid7, unique=True, editable=False)

    class Meta:
        abstract = True
