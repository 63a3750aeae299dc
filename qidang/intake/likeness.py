"""近似文本: a 64-bit SimHash (Charikar 2002) that says whether two texts are nearly the same."""

import collections
import hashlib
import re

SHINGLE = 4
LONGEST = 20_000
BYTES = 8
NEAR = 3  # bits by which two texts may differ and still count as nearly the same
BITS = 8 * BYTES
_BLANK = re.compile(r"\s+")
_SIGNS = [tuple(1 if byte >> bit & 1 else -1 for bit in range(8)) for byte in range(256)]


def likeness(text: str) -> int | None:
    """Return the signed 64-bit SimHash over 4-character shingles; None for texts too short to compare."""
    plain = _BLANK.sub("", text)[:LONGEST]
    if len(plain) < 200:
        return None
    shingles = {plain[i : i + SHINGLE] for i in range(len(plain) - SHINGLE + 1)}
    digests = b"".join(hashlib.blake2b(one.encode(), digest_size=BYTES).digest() for one in shingles)
    unsigned = 0
    for position in range(BYTES):
        unsigned = unsigned << 8 | _byte_of_majorities(digests[position::BYTES])
    return unsigned - (1 << BITS) if unsigned >> (BITS - 1) else unsigned


def _byte_of_majorities(column: bytes) -> int:
    """Return the byte whose bits say what most bytes of ``column`` say; counted by value, not by bit, for speed."""
    sums = [0] * 8
    for byte, many in collections.Counter(column).items():
        for bit, sign in enumerate(_SIGNS[byte]):
            sums[bit] += sign * many
    return sum(1 << bit for bit in range(8) if sums[bit] > 0)


def distance(one: int, other: int) -> int:
    """Return how many of the 64 bits differ."""
    return ((one ^ other) & ((1 << BITS) - 1)).bit_count()
