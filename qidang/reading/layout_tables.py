"""表格: the frames that drawn lines make on a page, and the cells inside them."""

from collections.abc import Iterator, Sequence

from qidang.reading.paper import Box

THICK = 4.0  # points: a stroke is no thicker than this
SHORT = 7.0  # points: strokes shorter than this are letters or marks
NEAR = 3.0  # points: ends and corners nearer than this meet
BIGGEST = 6000  # squares of a grid; more of them are a drawing, not a table
MOST = 4000  # strokes looked at on a page
Stroke = tuple[float, float, float]  # level, from, to: in points


class Frame:
    """A table's frame: where its columns and rows are parted, and which partings are missing between cells."""

    def __init__(self, across: list[Stroke], down: list[Stroke], width: float, height: float) -> None:
        self.across, self.down = across, down
        self.width, self.height = width, height
        self.ys = _levels([stroke[0] for stroke in across])
        self.xs = _levels([stroke[0] for stroke in down])
        self.box: Box = (self.xs[0] / width, self.ys[0] / height, self.xs[-1] / width, self.ys[-1] / height)
        self.owner = self._merge()

    def holds(self, box: Box) -> bool:
        """Tell whether the middle of ``box`` lies in the frame."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return self.box[0] <= x <= self.box[2] and self.box[1] <= y <= self.box[3]

    def home(self, box: Box) -> tuple[int, int]:
        """Return the cell in which ``box`` lies: the row of its middle, the column of its first letters."""
        y = (box[1] + box[3]) / 2 * self.height
        x = (box[0] * self.width + min(box[0] * self.width + 6, (box[0] + box[2]) / 2 * self.width)) / 2 + NEAR / 2
        row = max(0, min(sum(level <= y for level in self.ys) - 1, len(self.ys) - 2))
        col = max(0, min(sum(level <= x for level in self.xs) - 1, len(self.xs) - 2))
        return self.owner[row, col]

    def cells(self) -> Iterator[tuple[int, int, int, int, Box]]:
        """Yield row, column, rowspan, colspan and box of each cell, row by row."""
        members: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for place, owner in self.owner.items():
            members.setdefault(owner, []).append(place)
        for (row, col), places in sorted(members.items()):
            last_row, last_col = max(r for r, _ in places), max(c for _, c in places)
            box = (
                self.xs[col] / self.width,
                self.ys[row] / self.height,
                self.xs[last_col + 1] / self.width,
                self.ys[last_row + 1] / self.height,
            )
            yield row, col, last_row - row + 1, last_col - col + 1, box

    def _merge(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Join the squares of the grid between which no stroke is drawn."""
        rows, cols = len(self.ys) - 1, len(self.xs) - 1
        owner = {(r, c): (r, c) for r in range(rows) for c in range(cols)}
        for r in range(rows):
            for c in range(cols):
                if c + 1 < cols and not self._parted(self.down, self.xs[c + 1], self.ys[r], self.ys[r + 1]):
                    _join(owner, (r, c), (r, c + 1))
                if r + 1 < rows and not self._parted(self.across, self.ys[r + 1], self.xs[c], self.xs[c + 1]):
                    _join(owner, (r, c), (r + 1, c))
        return {place: _root(owner, place) for place in owner}

    @staticmethod
    def _parted(strokes: list[Stroke], level: float, start: float, end: float) -> bool:
        """Tell whether a stroke at ``level`` covers most of the way from ``start`` to ``end``."""
        covered = sum(
            max(0.0, min(end, stop) - max(start, begin)) for at, begin, stop in strokes if abs(at - level) < NEAR
        )
        return covered >= 0.5 * (end - start)


def _join(owner: dict[tuple[int, int], tuple[int, int]], one: tuple[int, int], other: tuple[int, int]) -> None:
    first, second = sorted((_root(owner, one), _root(owner, other)))
    owner[second] = first


def _root(owner: dict[tuple[int, int], tuple[int, int]], place: tuple[int, int]) -> tuple[int, int]:
    while owner[place] != place:
        place = owner[place]
    return place


def _levels(values: list[float]) -> list[float]:
    """Return the distinct levels; those nearer than NEAR are one."""
    levels: list[float] = []
    for value in sorted(values):
        if not levels or value - levels[-1] > NEAR:
            levels.append(value)
    return levels


def frames_of(rules: Sequence[Box], width: float, height: float) -> list[Frame]:
    """Return the frames that the rules of a page make: strokes that meet, at least two across and two down."""
    across, down = _strokes(rules[:MOST], width, height)
    across, down = _merged(across), _merged(down)
    frames = []
    for group_across, group_down in _groups(across, down):
        ys, xs = _levels([s[0] for s in group_across]), _levels([s[0] for s in group_down])
        if len(ys) >= 2 and len(xs) >= 2 and len(ys) * len(xs) <= BIGGEST:
            frame = Frame(group_across, group_down, width, height)
            if frame.box[3] - frame.box[1] > 8 / height and frame.box[2] - frame.box[0] > 0.08:
                frames.append(frame)
    return [frame for frame in frames if not _is_page_border(frame)]


def _is_page_border(frame: Frame) -> bool:
    """Tell whether a frame is the edge of the sheet, as on a photo, or an ornament around the page."""
    cells = (len(frame.xs) - 1) * (len(frame.ys) - 1)
    return cells <= 4 and frame.box[3] - frame.box[1] > 0.8 and frame.box[2] - frame.box[0] > 0.8


def _strokes(rules: Sequence[Box], width: float, height: float) -> tuple[list[Stroke], list[Stroke]]:
    """Return rules as strokes across and down; a box is its four sides."""
    across: list[Stroke] = []
    down: list[Stroke] = []
    for x0, y0, x1, y1 in rules:
        left, top, right, bottom = x0 * width, y0 * height, x1 * width, y1 * height
        if bottom - top <= THICK:
            if right - left >= SHORT:
                across.append(((top + bottom) / 2, left, right))
        elif right - left <= THICK:
            if bottom - top >= SHORT:
                down.append(((left + right) / 2, top, bottom))
        else:
            across += [(top, left, right), (bottom, left, right)]
            down += [(left, top, bottom), (right, top, bottom)]
    return across, down


def _merged(strokes: list[Stroke]) -> list[Stroke]:
    """Join strokes on one level that touch or overlap."""
    merged: list[Stroke] = []
    for level, start, end in sorted(strokes, key=lambda s: (round(s[0] / NEAR), s[1])):
        for n in range(len(merged) - 1, max(-1, len(merged) - 4), -1):
            at, begin, stop = merged[n]
            if abs(at - level) < NEAR and start <= stop + NEAR and end >= begin - NEAR:
                merged[n] = (at, min(begin, start), max(stop, end))
                break
        else:
            merged.append((level, start, end))
    return merged


def _groups(across: list[Stroke], down: list[Stroke]) -> Iterator[tuple[list[Stroke], list[Stroke]]]:
    """Yield the strokes that hang together by touching."""
    group = list(range(len(across) + len(down)))

    def root(n: int) -> int:
        while group[n] != n:
            group[n] = group[group[n]]
            n = group[n]
        return n

    for h, (y, left, right) in enumerate(across):
        for v, (x, top, bottom) in enumerate(down):
            if left - NEAR <= x <= right + NEAR and top - NEAR <= y <= bottom + NEAR:
                group[root(h)] = root(len(across) + v)
    gathered: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for h, stroke in enumerate(across):
        gathered.setdefault(root(h), ([], []))[0].append(stroke)
    for v, stroke in enumerate(down):
        gathered.setdefault(root(len(across) + v), ([], []))[1].append(stroke)
    yield from gathered.values()
