"""Where sealed bytes lie: one interface, so that a bucket can take the place of the disk."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class Held:
    """One stored object: its name, its size in bytes (sealed), and when it was written."""

    name: str
    size: int
    modified_at: dt.datetime


class Storage(Protocol):
    """A place for objects that are written once, whole, under a name known only when the last byte has passed."""

    def put(self, write: Callable[[BinaryIO], str]) -> str:
        """Let ``write`` fill a destination and say its name; durable when this returns.

        Raise Refused ``vault.disk_full``, ``vault.disk_failed``, with nothing left behind.
        """

    def open(self, name: str) -> BinaryIO:
        """Return the object's bytes as a stream; raise FileNotFoundError where there is none."""

    def exists(self, name: str) -> bool:
        """Whether there is such an object."""

    def shred(self, name: str) -> None:
        """碎钥: make the object's key unreadable for good, then remove it; nothing happens where there is none."""

    def sweep(self, name: str, before: dt.datetime, is_named: Callable[[str], bool]) -> bool:
        """Remove the object if it is still older than ``before`` and not ``is_named``; return whether it was removed.

        Whoever lays the same bytes down at this moment finds them there afterwards.
        """

    def list(self) -> Iterator[Held]:
        """Go through all objects, in no order."""

    def clear_leftovers(self, before: dt.datetime) -> int:
        """Remove what broken-off writes left behind before then; return how many."""
