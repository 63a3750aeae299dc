"""图像中的表格线: the rules drawn on a page image, for :func:`qidang.reading.layout.arrange`.

Only called in children of the recognition server, which have the image libraries loaded.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from qidang.reading.paper import Box

LEAST = 34  # pixels at 150 dpi: a stroke shorter than this is part of a letter
LONG = 70  # a line is at least this long
PIECE = 110  # a line is handed on in pieces of this length, so that a slanted one keeps its levels
MOST = 4000

Image = NDArray[np.uint8]


def drawn_rules(page: Image) -> list[Box]:
    """Return the thin lines of a page image (BGR or grey) as level and upright pieces, in fractions of the page."""
    grey = page if page.ndim == 2 else np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8)
    inverse, mean = cv2.THRESH_BINARY_INV, cv2.ADAPTIVE_THRESH_MEAN_C
    ink = np.asarray(cv2.adaptiveThreshold(grey, 255, mean, inverse, 25, 12), np.uint8)
    height, width = ink.shape[:2]
    across = _pieces(ink, width, height)
    down = [(y0, x0, y1, x1) for x0, y0, x1, y1 in _pieces(np.ascontiguousarray(ink.T), height, width)]
    return (across + down)[:MOST]


def _pieces(ink: Image, width: int, height: int) -> list[Box]:
    """Return the level lines of ``ink`` in pieces."""
    thick = cv2.dilate(ink, np.ones((2, 1), np.uint8))
    lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, LEAST), np.uint8))
    joined = cv2.dilate(lines, np.ones((3, 9), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    pieces: list[Box] = []
    for n in range(1, count):
        left, top, wide, tall, _ = (int(value) for value in stats[n])
        if wide < LONG or tall > 14 + 0.04 * wide:
            continue
        part = (labels[top : top + tall, left : left + wide] == n) & (lines[top : top + tall, left : left + wide] > 0)
        for start in range(0, wide, PIECE):
            rows = np.nonzero(part[:, start : start + PIECE])[0]
            if rows.size:
                level = (top + float(rows.mean())) / height
                pieces.append(((left + start) / width, level, min(left + start + PIECE, left + wide) / width, level))
    return pieces
