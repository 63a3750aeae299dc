"""收集: batches, arrivals, uploads, watched folders and ledger sheets."""

from .arrival import Arrival, State
from .batch import Batch, Source
from .folder import WatchedFolder
from .rereading import Rereading
from .sheet import SheetImport
from .upload import Upload

__all__ = ["Arrival", "Batch", "Rereading", "SheetImport", "Source", "State", "Upload", "WatchedFolder"]
