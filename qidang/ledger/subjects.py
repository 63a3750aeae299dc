"""对象: what an act was done to, and 操作人: who did it, as the ledger writes them down."""

import dataclasses
import uuid
from typing import Protocol

NAME_LENGTH = 300


class Actor(Protocol):
    """Anyone who acts: a person, the command line, the system itself."""

    @property
    def uid(self) -> uuid.UUID: ...

    @property
    def ledger_name(self) -> str: ...


class Recorded(Protocol):
    """A thing that the ledger can name; ``str()`` of it is its readable name."""

    @property
    def ledger_kind(self) -> str: ...

    @property
    def uid(self) -> uuid.UUID: ...


@dataclasses.dataclass(frozen=True, slots=True)
class Subject:
    """对象, by kind, uid and readable name; never by a foreign key, so that evidence outlives the thing."""

    kind: str
    uid: uuid.UUID
    name: str

    @classmethod
    def of(cls, thing: "Recorded | Subject") -> "Subject":
        """Return ``thing`` as the ledger writes it."""
        if isinstance(thing, Subject):
            return cls(thing.kind, thing.uid, readable(thing.name))
        return cls(thing.ledger_kind, thing.uid, readable(str(thing)))


def readable(name: str) -> str:
    """Return ``name`` cut to 300 characters, with nothing that a database or UTF-8 cannot hold."""
    return name[:NAME_LENGTH].replace("\x00", "").encode("utf-8", "replace").decode()
