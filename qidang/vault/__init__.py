"""库: bytes by SHA-256, stored once, sealed; and sealed fields for the database.

The door of the room: ``from qidang import vault``, then ``vault.put``, ``vault.open``, ``vault.read``… The names
are brought in when first asked for, so that a command which keeps no bytes never loads the cipher library.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qidang.vault.deriving import derive, derived, forget_all_derived, forget_derived
    from qidang.vault.opening import Plaintext, check, open, read
    from qidang.vault.preparing import prepare
    from qidang.vault.sealing import Stored
    from qidang.vault.storing import put
    from qidang.vault.sweeping import missing, sweep

__all__ = [
    "Plaintext",
    "Stored",
    "check",
    "derive",
    "derived",
    "forget_all_derived",
    "forget_derived",
    "missing",
    "open",
    "prepare",
    "put",
    "read",
    "sweep",
]

HOMES = {
    "deriving": ["derive", "derived", "forget_all_derived", "forget_derived"],
    "opening": ["Plaintext", "check", "open", "read"],
    "preparing": ["prepare"],
    "sealing": ["Stored"],
    "storing": ["put"],
    "sweeping": ["missing", "sweep"],
}


def __getattr__(name: str) -> Any:
    for home, names in HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"qidang.vault.{home}"), name)
    raise AttributeError(f"module 'qidang.vault' has no attribute {name!r}")
