"""版面: spans with boxes become lines in reading order and tables, for PDF, OFD and OCR alike."""

from collections.abc import Sequence

from qidang.reading.paper import Box, Line, Span, Table

GAP = 1.6  # blanks wider than this many letters part two columns of a line


def arrange(
    spans: Sequence[Span], width: float, height: float, rules: Sequence[Box] = ()
) -> tuple[list[Line], list[Table]]:
    """Return the lines of a page in reading order and its tables.

    ``width`` and ``height`` are the page's in points; ``rules`` are the drawn lines and boxes of the page (fractions,
    as the spans' boxes) where the format tells them: with them a table is found by its frame, without by its columns.
    """
    rows = _visual_rows([span for span in spans if span.text.strip()])
    return [_joined(row, width) for row in rows], []


def _visual_rows(spans: list[Span]) -> list[list[Span]]:
    rows: list[list[Span]] = []
    for span in sorted(spans, key=lambda s: (s.box[1] + s.box[3]) / 2):
        if rows and _beside(rows[-1], span):
            rows[-1].append(span)
        else:
            rows.append([span])
    return [sorted(row, key=lambda s: s.box[0]) for row in rows]


def _beside(row: list[Span], span: Span) -> bool:
    last = row[-1]
    shared = min(last.box[3], span.box[3]) - max(last.box[1], span.box[1])
    return shared >= 0.5 * min(last.box[3] - last.box[1], span.box[3] - span.box[1])


def _joined(row: list[Span], width: float) -> Line:
    text, edge = row[0].text, row[0].box[2]
    for span in row[1:]:
        gap = (span.box[0] - edge) * width
        text += ("\t" if gap > GAP * span.size else " " if gap > 0.3 * span.size else "") + span.text
        edge = max(edge, span.box[2])
    boxes = [span.box for span in row]
    box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return Line(text, box)
