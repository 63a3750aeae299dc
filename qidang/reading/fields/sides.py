"""归属: to which party a person, an account or an address belongs, by where it stands."""

import bisect
import itertools
import re

from qidang.reading.fields.labels import AXES, Mark
from qidang.reading.fields.names import is_organisation
from qidang.reading.fields.sheet import Party, Sheet


class Sides:
    """Tells the party of a label: its own words, the party on its line, its column, its turn, the party above."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.party_marks = [mark for mark in sheet.marks if mark.kind == "party" and mark.label in AXES]
        self.anchors = sorted([*self._label_anchors(), *self._name_anchors()], key=lambda anchor: anchor[0])
        self.starts = [place for place, _ in self.anchors]

    def party_of(self, mark: Mark) -> Party | None:
        """Return the party a label belongs to, or None."""
        if mark.side:
            return self._by_axis(AXES[mark.side])
        return (
            self._on_line(mark)
            or self._in_column(mark)
            or self._by_turn_on_line(mark)
            or self._by_turn_on_lines(mark)
            or self._above(mark)
        )

    def _by_axis(self, axis: str) -> Party | None:
        return next((party for party in self.sheet.parties if axis in party.axes), None)

    def _label_anchors(self) -> list[tuple[int, Party]]:
        anchors = []
        for mark in self.party_marks:
            party = self._by_axis(AXES[mark.label])
            if party:
                anchors.append((mark.start, party))
        return anchors

    def _name_anchors(self) -> list[tuple[int, Party]]:
        anchors = []
        for party in self.sheet.parties:
            name = "".join(party.name.split())
            if len(name) < 4 or not is_organisation(party.name):
                continue
            folded = party.clue and self.sheet.text[party.clue.start : party.clue.end]
            anchors += [(m.start(), party) for m in re.finditer(re.escape(folded or name), self.sheet.text)]
        return anchors

    def _between(self, start: int, end: int) -> list[Party]:
        first, last = bisect.bisect_left(self.starts, start), bisect.bisect_left(self.starts, end)
        return [party for _, party in self.anchors[first:last]]

    def _on_line(self, mark: Mark) -> Party | None:
        """The party named before it in the same cell of the same line."""
        spot = self.sheet.copy.spot_of(mark.start)
        start, _ = self.sheet.copy.line(self.sheet.copy.line_of(mark.start))
        here = self._between(max(start, spot.start), mark.start)
        return here[-1] if here else None

    def _in_column(self, mark: Mark) -> Party | None:
        """In a table: the party last named in this column, or in the one to its left (label | value)."""
        spot = self.sheet.copy.spot_of(mark.start)
        if spot.table < 0:
            return None
        spots = self.sheet.copy.spots
        for col in (spot.col, spot.col - 1, spot.col + 1):
            for n in range(bisect.bisect_right(spots, mark.start, key=lambda s: s.start) - 1, -1, -1):
                other = spots[n]
                if other.table != spot.table:
                    break
                if other.col != col:
                    continue
                stop = spots[n + 1].start if n + 1 < len(spots) else len(self.sheet.text)
                here = self._between(other.start, stop)
                if here:
                    return here[-1]
        return None

    def _by_turn_on_line(self, mark: Mark) -> Party | None:
        """k-th of its label on the line: the k-th party of the last line that shows two."""
        line = self.sheet.copy.line_of(mark.start)
        start, end = self.sheet.copy.line(line)
        same = [m for m in self.sheet.marks if start <= m.start < end and m.kind == mark.kind and m.label == mark.label]
        turn = next((n for n, m in enumerate(same) if m.start == mark.start), 0)
        if len(same) < 2:
            col = self.sheet.copy.spot_of(mark.start).col
            if col == 0 and "\t" not in self.sheet.text[start:end]:
                return None
            turn = min(col, 1)
        for number in range(line, max(-1, line - 40), -1):
            first, last = self.sheet.copy.line(number)
            here = list(dict.fromkeys(id(p) for p in self._between(first, last)))
            if len(here) >= 2 and turn < len(here):
                return next(p for p in self.sheet.parties if id(p) == here[turn])
        return None

    def _by_turn_on_lines(self, mark: Mark) -> Party | None:
        """代表：…, 代表：… on neighbouring lines under 甲方：…, 乙方：…: by turn."""
        line = self.sheet.copy.line_of(mark.start)
        same = [
            self.sheet.copy.line_of(m.start)
            for m in self.sheet.marks
            if m.kind == mark.kind and m.label == mark.label and not m.side
        ]
        above, below = line - 1 in same, line + 1 in same
        if not (above or below):
            return None
        turn = 1 if above else 0
        lines = {}
        for place, party in self.anchors:
            if place < mark.start:
                lines[self.sheet.copy.line_of(place)] = party
        ordered = sorted(lines, reverse=True)
        for second, first in itertools.pairwise(ordered):
            if second - first <= 2 and lines[second] is not lines[first]:
                return lines[second] if turn else lines[first]
        return None

    def _above(self, mark: Mark) -> Party | None:
        """The party last named above, within reach."""
        n = bisect.bisect_left(self.starts, mark.start) - 1
        return self.anchors[n][1] if n >= 0 else None
