"""跟随: what came after a cursor; nothing is missed, because entries commit in the order of their seq."""

from qidang.ledger.models import Entry


def follow(cursor: int, chain: str = "acts", limit: int = 500) -> list[Entry]:
    """Return at most ``limit`` entries of ``chain`` with seq > ``cursor``, oldest first, subjects loaded."""
    return list(Entry.objects.after(cursor, chain).prefetch_related("subjects")[:limit])
