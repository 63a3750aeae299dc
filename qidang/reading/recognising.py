"""文字识别: a page image becomes spans with boxes and scores. Only called in children of the recognition server.

The models are loaded once, in that server, by :func:`warm`; its children inherit them and get pixels, never a file.
"""

import mmap
import socket
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidocr import RapidOCR

from qidang.reading import wire
from qidang.reading.limits import Unreadable

GOOD = 0.9  # mean score from which a page is taken as it lies
TALL = 1.5  # a box this many times taller than wide holds a line that runs downwards
STRIP = 360  # pixels of the middle of a page that are enough to tell how it lies
INKED = 40  # by how much red outshines green and blue where there is red ink
STAMP = 70  # pixels at 150 dpi, 12 mm: red marks at least as large both ways are stamps, smaller ones are text
DARK, PALE = 90, 185  # levels of red that become black and white: red ink over paper is pale, over black text dark

Image = NDArray[np.uint8]
Found = list[list[Any]]

_engines: list[RapidOCR] = []


def warm() -> None:
    """Load the models and run them once; one thread each, because processes scale better than threads here."""
    cv2.setNumThreads(1)
    threads = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
    settings = {f"EngineConfig.onnxruntime.{name}": value for name, value in threads.items()}
    _engines.append(RapidOCR(params=settings | {"Global.log_level": "critical"}))
    page = np.full((200, 400, 3), 255, np.uint8)
    cv2.putText(page, "warm 2026", (40, 120), cv2.FONT_HERSHEY_SIMPLEX, 2, (0, 0, 0), 3)
    _engines[0](page, use_cls=False)


def work(message: wire.Message, fd: int, channel: socket.socket) -> tuple[wire.Message, list[bytes]]:
    """Recognise the page behind ``fd``; returns spans ``[text, x0, y0, x1, y1, score]``, mean score and turn."""
    width, height = message["image"]["width"], message["image"]["height"]
    if not _engines:
        warm()
    pixels = np.frombuffer(mmap.mmap(fd, 0, prot=mmap.PROT_READ), np.uint8)
    if pixels.size != width * height * 3:
        raise Unreadable("reading.malformed", "page image")
    turn, found = recognise(faded(pixels.reshape(height, width, 3)))
    spans = [[text, *(round(edge, 5) for edge in box), round(score, 3)] for text, box, score in found]
    return {"turn": turn, "score": round(mean_score(found), 4), "spans": spans}, []


def recognise(page: Image) -> tuple[int, Found]:
    """Read a page as it lies; if that reads badly or its lines run downwards, try the turns on a strip of it."""
    found = read(page)
    if not found or lies_well(found):
        return 0, found
    turn = best_turn(page)
    return (0, found) if turn == 0 else (turn, read(turned(page, turn)))


def read(page: Image) -> Found:
    """Return [text, box, score] of every line that the engine sees; boxes are fractions of ``page``."""
    height, width = page.shape[:2]
    result: Any = _engines[0](page, use_cls=False)
    if result.boxes is None or result.txts is None:
        return []
    found = []
    for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        xs, ys = corners[:, 0] / width, corners[:, 1] / height
        box = [float(edge) for edge in np.clip([xs.min(), ys.min(), xs.max(), ys.max()], 0, 1)]
        found.append([text, box, float(score)])
    return found


def lies_well(found: Found) -> bool:
    """Return whether the page reads well as it lies: good scores, and fewer than half of its boxes tall."""
    return mean_score(found) >= GOOD and tall_share(found) < 0.5


def mean_score(found: Found) -> float:
    """Return the mean score, each line by its length."""
    letters = sum(len(text) for text, _, _ in found)
    return sum(score * len(text) for text, _, score in found) / letters if letters else 0.0


def tall_share(found: Found) -> float:
    """Return the share of lines of more than one letter whose box is taller than wide (on a square page)."""
    long = [box for text, box, _ in found if len(text) > 2]
    tall = sum((box[3] - box[1]) > TALL * (box[2] - box[0]) for box in long)
    return tall / len(long) if long else 0.0


def best_turn(page: Image) -> int:
    """Return the turn (degrees clockwise) in which a strip of the page yields most letters by score, in wide boxes.

    An upside-down page reads with good scores but in the wrong order only when lines are turned one by one; the
    engine's line classifier is therefore never used.
    """
    worth = {turn: _worth(read(_strip(turned(page, turn)))) for turn in (0, 90, 180, 270)}
    return max(worth, key=lambda turn: worth[turn])


def _worth(found: Found) -> float:
    return sum(len(text) * float(score) ** 4 for text, _, score in found) * (1.0 - tall_share(found))


def turned(page: Image, turn: int) -> Image:
    """Return the page turned clockwise."""
    return np.ascontiguousarray(np.rot90(page, -turn // 90))


def _strip(page: Image) -> Image:
    middle = page.shape[0] // 2
    return page[max(0, middle - STRIP // 2) : middle + STRIP // 2]


def faded(page: Image) -> Image:
    """Return the page with red stamps taken out, so that the black text under them can be read; red text stays."""
    red = page[:, :, 2].astype(np.int16)
    inked = (red - page[:, :, :2].max(axis=2) > INKED).astype(np.uint8)
    if inked.mean() < 0.0005:
        return page
    result = page.copy()
    _, _, places, _ = cv2.connectedComponentsWithStats(cv2.dilate(inked, np.ones((5, 5), np.uint8)))
    for left, top, width, height, _ in places[1:]:
        if min(width, height) >= STAMP and max(width, height) < 3 * min(width, height):
            here = np.s_[top : top + height, left : left + width]
            level = np.clip((red[here] - DARK) * 255.0 / (PALE - DARK), 0, 255).astype(np.uint8)
            result[here] = level[:, :, None]
    return result
