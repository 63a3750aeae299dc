"""证据: each rule proposes a value with its place and confidence; agreement raises it, conflict caps it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

AGREED = 0.03
HIGHEST = 0.99
CONFLICT = 0.6
DERIVED = 0.7


@dataclass(slots=True)
class Clue:
    """A rule's proposal: a value in normal form, the stretch of the copy it stands in, and how sure the rule is."""

    value: Any
    start: int
    end: int
    confidence: float
    rule: str = ""
    is_derived: bool = False


def choose(clues: Iterable[Clue], same: Callable[[Any], Any] = lambda value: value) -> Clue | None:
    """Return the surest clue; a second witness with the same value raises it, another strong value caps it.

    ``same`` turns a value into what is compared (a name without blanks).
    """
    ordered = sorted(clues, key=lambda clue: -clue.confidence)
    if not ordered:
        return None
    best = ordered[0]
    confidence = best.confidence
    key = same(best.value)
    others = [clue for clue in ordered[1:] if clue.start != best.start]
    if any(same(clue.value) == key for clue in others):
        confidence = min(HIGHEST, confidence + AGREED)
    elif any(clue.confidence >= best.confidence - 0.1 for clue in others):
        confidence = min(CONFLICT, confidence)
    if best.is_derived:
        confidence = min(DERIVED, confidence)
    return Clue(best.value, best.start, best.end, confidence, best.rule, best.is_derived)
