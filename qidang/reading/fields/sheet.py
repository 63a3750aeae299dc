"""What the rules share while they read one paper: the copy, its labels, title, type and parties."""

import functools
from dataclasses import dataclass, field

from qidang.reading.fields.clauses import Clause, clauses_in
from qidang.reading.fields.labels import Mark, marks_in
from qidang.reading.fields.normal import Copy
from qidang.reading.fields.witness import Clue


@dataclass
class Party:
    """签约方: a party as named: its axes (seller, buyer, a, b, first, second) and the words of its roles."""

    name: str
    axes: set[str] = field(default_factory=set)
    roles: list[str] = field(default_factory=list)
    clue: Clue | None = None

    @property
    def key(self) -> str:
        """How lists name this party: seller, buyer, party_a, party_b, or the word of its role."""
        for axis, key in (("seller", "seller"), ("buyer", "buyer"), ("a", "party_a"), ("b", "party_b")):
            if axis in self.axes:
                return key
        return self.roles[0] if self.roles else ""


@dataclass
class Sheet:
    """A paper while its fields are read."""

    copy: Copy
    title: Clue | None = None
    contract_type: str = "其他"
    type_confidence: float = 0.5
    parties: list[Party] = field(default_factory=list)
    language: str = "zh"

    @property
    def text(self) -> str:
        """The folded copy's text."""
        return self.copy.text

    @functools.cached_property
    def marks(self) -> list[Mark]:
        """The labels of the copy, in order."""
        return marks_in(self.copy.text)

    @functools.cached_property
    def clauses(self) -> list[Clause]:
        """The clauses of the copy, in order."""
        return clauses_in(self.copy.text)

    def value(self, mark: Mark) -> str:
        """Return the folded text of a label's value."""
        return self.copy.text[mark.value[0] : mark.value[1]]

    def written(self, start: int, end: int) -> str:
        """Return what is written there, blanks at the ends left out."""
        return self.copy.written(start, end).strip()

    def share(self, place: int) -> float:
        """Return how far down the text ``place`` stands, 0 to 1."""
        return place / max(1, len(self.copy.text))
