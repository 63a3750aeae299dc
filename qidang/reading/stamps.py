"""印章: red stamps over black text. What stands under them is read once more with the red taken out.

Reading the whole page without its red lost more than it gained (89 of 104 strings against 97), because the engine
tells black from red well; but where a ring cuts a line, the line comes whole only without it. So both are read there,
and of each line the reading that yields more letters by score is kept.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from qidang.reading.lost import LOST

INKED = 40  # by how much red outshines green and blue where there is red ink
STAMP = 70  # pixels at 150 dpi, 12 mm: red marks at least as large both ways are stamps, smaller ones are text
DARK, PALE = 90, 185  # levels of red that become black and white: red ink over paper is pale, over black text dark
MARGIN = 12  # pixels above and below a stamp that are read with it
GAP = 1.6  # steps: two letters further apart have lost one between them
INK = 190  # grey level below which there is ink
VEILED = 0.05  # share of ink or red between two letters from which something stands there
APART = set("：:，,、。；; ")  # marks beside which a gap is only a gap
MOST = 8

Image = NDArray[np.uint8]
Found = list[list[Any]]
Place = tuple[int, int, int, int]
Read = list[tuple[list[Any], list[float]]]
"""Lines as [text, box, score], each with the middles of its letters in fractions of the image's width."""


def places(page: Image) -> list[Place]:
    """Return left, top, right, bottom of every stamp."""
    inked = _inked(page).astype(np.uint8)
    if inked.mean() < 0.0005:
        return []
    _, _, marks, _ = cv2.connectedComponentsWithStats(cv2.dilate(inked, np.ones((5, 5), np.uint8)))
    large = [mark for mark in marks[1:] if min(mark[2], mark[3]) >= STAMP and max(mark[2:4]) < 3 * min(mark[2:4])]
    return [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in large[:MOST]]


def _inked(page: Image) -> NDArray[np.bool_]:
    """Return where red ink is."""
    mask: NDArray[np.bool_] = page[:, :, 2].astype(np.int16) - page[:, :, :2].max(axis=2) > INKED
    return mask


def lifted(page: Image, stamps: list[Place]) -> Image:
    """Return the page with its stamps taken out: inside them only the red channel counts, stretched."""
    result = page.copy()
    for left, top, right, bottom in stamps:
        red = page[top:bottom, left:right, 2].astype(np.int16)
        level = np.clip((red - DARK) * 255.0 / (PALE - DARK), 0, 255).astype(np.uint8)
        result[top:bottom, left:right] = level[:, :, None]
    return result


def reread(page: Image, found: Found, read: Callable[[Image], Read]) -> Found:
    """Return the lines of a page with those under stamps replaced where they read better without the red.

    ``read`` also gives the middle of every letter, by which letters that are still lost under a stamp show as gaps;
    they are marked with ``LOST``, so that half a name is not taken for a name.
    """
    stamps = places(page)
    if not stamps:
        return found
    clean = lifted(page, stamps)
    height, width = page.shape[:2]
    for top, bottom in _bands(stamps, height):
        strip = np.ascontiguousarray(clean[top:bottom])
        veiled = (strip.min(axis=2) < INK) | _inked(page[top:bottom])
        for line, middles in read(strip):
            marked = _marked(line[0], line[1], middles, veiled)
            box = _moved(line[1], top / height, (bottom - top) / height)
            if any(_touches(box, stamp, width, height) for stamp in stamps):
                found = _merged(found, [marked, box, line[2]])
    return found


def _marked(text: str, box: list[float], middles: list[float], veiled: NDArray[np.bool_]) -> str:
    """Return the text with a mark for each letter that is missing: a gap between two letters that ink or red fills."""
    if len(middles) != len(text):
        return text
    steps = np.diff(middles)
    height, width = veiled.shape
    rows = slice(int(box[1] * height), max(int(box[1] * height) + 1, int(box[3] * height)))
    result = text[:1]
    for index, char in enumerate(text[1:]):
        pitch = _pitch(text, steps, is_wide=char > "\u2000" or text[index] > "\u2000")
        if pitch and steps[index] > GAP * pitch and not {text[index], char} & APART:
            left, right = middles[index] + 0.7 * pitch, middles[index + 1] - 0.7 * pitch
            between = veiled[rows, int(left * width) : max(int(left * width) + 1, int(right * width))]
            if between.size and between.mean() > VEILED:
                result += LOST * max(1, round(steps[index] / pitch) - 1)
        result += char
    return result


def _pitch(text: str, steps: NDArray[np.float64], *, is_wide: bool) -> float:
    """Return the usual step between two letters of a line, Chinese or Latin."""
    pairs = zip(text, text[1:], steps, strict=False)
    alike = [float(step) for one, two, step in pairs if (one > "\u2000" and two > "\u2000") == is_wide]
    return float(np.median(alike)) if len(alike) > 1 else 0.0


def _bands(stamps: list[Place], height: int) -> list[tuple[int, int]]:
    """Return the rows of the page that hold stamps, joined where they overlap."""
    bands: list[tuple[int, int]] = []
    for top, bottom in sorted((max(0, stamp[1] - MARGIN), min(height, stamp[3] + MARGIN)) for stamp in stamps):
        if bands and top <= bands[-1][1]:
            bands[-1] = (bands[-1][0], max(bottom, bands[-1][1]))
        else:
            bands.append((top, bottom))
    return bands


def _moved(box: list[float], top: float, share: float) -> list[float]:
    return [box[0], top + box[1] * share, box[2], top + box[3] * share]


def _touches(box: list[float], stamp: Place, width: int, height: int) -> bool:
    left, top, right, bottom = stamp
    across = box[0] * width < right and box[2] * width > left
    return across and box[1] * height < bottom and box[3] * height > top


def _merged(found: Found, line: list[Any]) -> Found:
    """Replace the lines that ``line`` covers, where it is worth more."""
    covered = [other for other in found if _inside(other[1], line[1])]
    if covered and _worth([line]) <= _worth(covered):
        return found
    return [other for other in found if other not in covered] + [line]


def _inside(small: list[float], large: list[float]) -> bool:
    """Return whether most of ``small`` lies in ``large``."""
    across = min(small[2], large[2]) - max(small[0], large[0])
    down = min(small[3], large[3]) - max(small[1], large[1])
    area = (small[2] - small[0]) * (small[3] - small[1])
    return across > 0 and down > 0 and across * down > 0.5 * area


def _worth(lines: Found) -> float:
    return sum(len(text.replace(LOST, "")) * float(score) ** 2 for text, _, score in lines)
