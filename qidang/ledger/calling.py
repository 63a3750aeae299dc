"""Where a call came from: the network address that stands in every entry made meanwhile."""

import contextlib
import contextvars
from collections.abc import Iterator

address: contextvars.ContextVar[str] = contextvars.ContextVar("ledger_address", default="")


@contextlib.contextmanager
def calling_from(where: str) -> Iterator[None]:
    """Write ``where`` (an IP address) into every entry recorded inside this block."""
    token = address.set(where[:64])
    try:
        yield
    finally:
        address.reset(token)
