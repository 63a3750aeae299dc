"""收集: batches, arrivals, uploads, watched folders, ledger sheets and their rows."""

from .arrival import Arrival, State
from .batch import Batch, Source
from .folder import WatchedFolder
from .isolation import Isolation, Release
from .name import NameKind, NameMapping
from .rereading import Rereading
from .row import LedgerRow, RowState
from .sheet import SheetImport, Work
from .skipped import Skipped, Why
from .upload import Upload

__all__ = [
    "Arrival",
    "Batch",
    "Isolation",
    "LedgerRow",
    "NameKind",
    "NameMapping",
    "Release",
    "Rereading",
    "RowState",
    "SheetImport",
    "Skipped",
    "Source",
    "State",
    "Upload",
    "WatchedFolder",
    "Why",
    "Work",
]
