"""馆藏: fonds, series, retention rules and the records filed in them."""

from qidang.holdings.models.fonds import FilingCounter, Fonds, Series
from qidang.holdings.models.record import Record, RecordPaper, RecordQuerySet, Unfiling
from qidang.holdings.models.retention import RetentionRule

__all__ = [
    "FilingCounter",
    "Fonds",
    "Record",
    "RecordPaper",
    "RecordQuerySet",
    "RetentionRule",
    "Series",
    "Unfiling",
]
