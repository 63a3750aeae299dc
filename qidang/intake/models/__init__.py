"""收集: batches, arrivals, uploads, watched folders, ledger sheets and their rows, onboarding projects."""

from .arranging import ArrangedSource, Arranging, Rendition
from .arrival import Arrival, State
from .batch import Batch, Source
from .clearing import ClearedThing, Clearing
from .comparison import Comparison, Said
from .folder import WatchedFolder
from .isolation import Isolation, Release
from .match import Difference, DifferenceState, Match, MatchClash, MatchState, MatchSure, MatchWay
from .name import NameKind, NameMapping
from .project import Project, ProjectFolder, Winner
from .rereading import Rereading
from .row import LedgerRow, RowState
from .sampling import SampledItem, Sampling, Verdict
from .sheet import SheetImport, Work
from .skipped import Skipped, Why
from .upload import Upload

__all__ = [
    "ArrangedSource",
    "Arranging",
    "Arrival",
    "Batch",
    "ClearedThing",
    "Clearing",
    "Comparison",
    "Difference",
    "DifferenceState",
    "Isolation",
    "LedgerRow",
    "Match",
    "MatchClash",
    "MatchState",
    "MatchSure",
    "MatchWay",
    "NameKind",
    "NameMapping",
    "Project",
    "ProjectFolder",
    "Release",
    "Rendition",
    "Rereading",
    "RowState",
    "Said",
    "SampledItem",
    "Sampling",
    "SheetImport",
    "Skipped",
    "Source",
    "State",
    "Upload",
    "Verdict",
    "WatchedFolder",
    "Why",
    "Winner",
    "Work",
]
