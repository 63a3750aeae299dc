"""近似文本: a 64-bit SimHash (Charikar 2002) that says whether two texts are nearly the same."""

import collections
import hashlib
import re

SHINGLE = 4  # characters; as UTF-16 they fill 64 bits
SAMPLED = 3  # one shingle of so many counts
LONGEST = 20_000
BYTES = 8
NEAR = 3  # bits by which two texts may differ and still count as nearly the same
NEAR_SCAN = 12  # bits for two recognitions of one paper that bear the same number
BITS = 8 * BYTES
_BLANK = re.compile(r"\s+")
LANE = 32  # bits in which the ones of one bit are counted
_LANES = [sum(1 << LANE * bit for bit in range(8) if byte >> bit & 1) for byte in range(256)]


def likeness(text: str) -> int | None:
    """Return the signed 64-bit SimHash over 4-character shingles; None for texts too short to compare."""
    plain = _BLANK.sub("", text)[:LONGEST]
    if len(plain) < 200:
        return None
    digests = [hashlib.blake2b(shingle, digest_size=BYTES).digest() for shingle in _shingles(plain)]
    together, unsigned = b"".join(digests), 0
    for position in range(BYTES):
        unsigned = unsigned << 8 | _byte_of_majorities(together[position::BYTES])
    return unsigned - (1 << BITS) if unsigned >> (BITS - 1) else unsigned


def _shingles(plain: str) -> list[bytes]:
    """Return every third of the different shingles, chosen by what they say, so that near texts choose alike."""
    units = plain.encode("utf-16-le", "replace")
    different = {one for start in range(0, 2 * SHINGLE, 2) for one in _by_eight(units[start:])}
    return [one.to_bytes(BYTES) for one in different if one % SAMPLED == 0]


def _by_eight(units: bytes) -> memoryview:
    """Return ``units`` as numbers of 64 bits, four UTF-16 characters each."""
    return memoryview(units[: len(units) // BYTES * BYTES]).cast("Q")


def _byte_of_majorities(column: bytes) -> int:
    """Return the byte whose bits say what most bytes of ``column`` say; all eight are counted in one number."""
    counts = sum(_LANES[byte] * many for byte, many in collections.Counter(column).items())
    half = len(column) / 2
    return sum(1 << bit for bit in range(8) if (counts >> LANE * bit & (1 << LANE) - 1) > half)


def distance(one: int, other: int) -> int:
    """Return how many of the 64 bits differ."""
    return ((one ^ other) & ((1 << BITS) - 1)).bit_count()
