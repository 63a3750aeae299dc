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
from qidang.reading.layout_image import drawn_rules
from qidang.reading.limits import Unreadable
from qidang.reading.stamps import reread

GOOD = 0.9  # mean score from which a page is taken as it lies
TALL = 1.5  # a box this many times taller than wide holds a line that runs downwards
LONGEST = 2000  # pixels of the longer side that the engine gets to see
SMALL = 1000  # pixels: an image whose longer side is shorter is enlarged to it, at most twice
STRIP = 360  # pixels of the middle of a page that are enough to tell how it lies

Image = NDArray[np.uint8]
Found = list[list[Any]]

_engines: list[RapidOCR] = []


def warm() -> None:
    """Load the models and run them once; one thread each, because processes scale better than threads here.

    Lines are recognised one by one: in batches they are padded to the longest, which costs a quarter of the time.
    Small images are not blown up by the engine, which makes 700 pixels of the shorter side of any strip.
    """
    cv2.setNumThreads(1)
    threads = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
    settings = {f"EngineConfig.onnxruntime.{name}": value for name, value in threads.items()}
    sizes = {"Det.limit_type": "max", "Det.limit_side_len": LONGEST, "Global.max_side_len": LONGEST}
    _engines.append(RapidOCR(params={**settings, **sizes, "Rec.rec_batch_num": 1, "Global.log_level": "critical"}))
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
    page = pixels.reshape(height, width, 3)
    turn, found = recognise(page)
    page = turned(page, turn) if turn else page
    found = reread(page, found, read_letters)
    spans = [[text, *(round(edge, 5) for edge in box), round(score, 3)] for text, box, score in found]
    rules = [[round(edge, 5) for edge in rule] for rule in drawn_rules(page)]
    return {"turn": turn, "score": round(mean_score(found), 4), "spans": spans, "rules": rules}, []


def recognise(page: Image) -> tuple[int, Found]:
    """Read a page as it lies; if that reads badly or its lines run downwards, try the turns on a strip of it."""
    found = read(page)
    if not found or lies_well(found):
        return 0, found
    turn = best_turn(page)
    return (0, found) if turn == 0 else (turn, read(turned(page, turn)))


def read(page: Image) -> Found:
    """Return [text, box, score] of every line that the engine sees; boxes are fractions of ``page``."""
    if max(page.shape[:2]) < SMALL:
        scale = min(2.0, SMALL / max(page.shape[:2]))
        page = np.asarray(cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    height, width = page.shape[:2]
    result: Any = _engines[0](page, use_cls=False)
    if result.boxes is None or result.txts is None:
        return []
    found = []
    for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        found.append([text, _box(corners, width, height), float(score)])
    return found


def read_letters(page: Image) -> list[tuple[list[Any], list[float]]]:
    """Return the lines as :func:`read` does, each with the middles of its letters (none where they are not known)."""
    height, width = page.shape[:2]
    engine: Any = _engines[0]
    result = engine(page, use_cls=False, return_word_box=True, return_single_char_box=True)
    engine.update_params(return_word_box=False, return_single_char_box=False)  # the engine keeps what it was told last
    if result.boxes is None or result.txts is None:
        return []
    letters = result.word_results or [()] * len(result.txts)
    lines = []
    for corners, text, score, places in zip(result.boxes, result.txts, result.scores, letters, strict=True):
        line = [text, _box(corners, width, height), float(score)]
        lines.append((line, [float(np.mean([x for x, _ in place])) / width for _, _, place in places]))
    return lines


def _box(corners: Any, width: int, height: int) -> list[float]:
    xs, ys = corners[:, 0] / width, corners[:, 1] / height
    return [float(edge) for edge in np.clip([xs.min(), ys.min(), xs.max(), ys.max()], 0, 1)]


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
