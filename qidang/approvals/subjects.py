"""审批对象: what can be approved says what it is, and is told what came of it. Upper rooms make theirs known here."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from django.utils.module_loading import import_string

from qidang.approvals.plan import Facts
from qidang.kit.refusal import Refused

if TYPE_CHECKING:
    from qidang.accounts.models import Department, User
    from qidang.approvals.models import Request


class Approvable(Protocol):
    """A subject: a contract, an amendment, a seal, a loan; ``str()`` of it is its readable name."""

    @property
    def ledger_kind(self) -> str: ...

    @property
    def uid(self) -> uuid.UUID: ...

    @property
    def owner(self) -> User | None: ...

    @property
    def department(self) -> Department | None: ...

    def approval_facts(self) -> Facts:
        """By which its route is chosen."""
        ...

    def approval_digest(self) -> str:
        """SHA-256 of what is decided upon: another digest is another thing."""
        ...

    def approval_settled(self, request: Request, *, by: User) -> None:
        """Told inside the act that settles the request: approved, returned or withdrawn."""
        ...


type Loader = Callable[[uuid.UUID], Approvable]

_LOADERS: dict[str, Loader | str] = {}


def know(kind: str, load: Loader | str) -> None:
    """Make a kind of subject known; ``load``, or what stands at its dotted path, returns one by uid, its row locked."""
    _LOADERS[kind] = load


def forget(kind: str) -> None:
    """Let a kind of subject be unknown again."""
    _LOADERS.pop(kind, None)


def kinds() -> list[str]:
    """The kinds of subjects that there are."""
    return sorted(_LOADERS)


def load(kind: str, uid: uuid.UUID) -> Approvable:
    """Return a subject, its row locked; raise Refused ``approval.unknown_kind``."""
    loader = _LOADERS.get(kind)
    if loader is None:
        raise Refused("approval.unknown_kind", kind=kind)
    found: Loader = import_string(loader) if isinstance(loader, str) else loader
    return found(uid)
