"""更好的扫描件: which of two scans of one paper is the better one, and by what."""

from __future__ import annotations

import dataclasses
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qidang.reading.paper import Paper

FINER = 1.2  # so many times the pixels count as finer
CLEARER = 0.02  # of the confidence of recognition


@dataclasses.dataclass(frozen=True, slots=True)
class Trait:
    """In what one scan is better: ``name`` is clearer, upright, finer or whole; both values for the words."""

    name: str
    here: float
    there: float


def better(here: Paper, there: Paper) -> list[Trait]:
    """Return by what ``here`` is the better scan of the two; what is not known of both counts for nothing."""
    traits = []
    clear, unclear = _score(here), _score(there)
    if clear and unclear and clear - unclear >= CLEARER:
        traits.append(Trait("clearer", clear, unclear))
    turned, others = _turned(here), _turned(there)
    if turned < others:
        traits.append(Trait("upright", turned, others))
    fine, coarse = float(here.meta.get("pixels") or 0), float(there.meta.get("pixels") or 0)
    if coarse and fine >= FINER * coarse:
        traits.append(Trait("finer", fine, coarse))
    if len(here.pages) > len(there.pages):
        traits.append(Trait("whole", len(here.pages), len(there.pages)))
    return traits


def _score(paper: Paper) -> float | None:
    scores = [page.score for page in paper.pages if page.source == "ocr" and page.score is not None]
    return fmean(scores) if scores else None


def _turned(paper: Paper) -> int:
    return sum(1 for page in paper.pages if page.turn)
