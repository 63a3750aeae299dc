"""An OFD page drawn plainly with Pillow, and where its letters stand: a preview, no faithful rendering."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from qidang.reading.formats.xml import Element, local
from qidang.reading.formats.zipping import Container
from qidang.reading.typeface import font

LONGEST = 2500
MOST_LETTERS = 200_000
Matrix = tuple[float, float, float, float, float, float]
PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass
class Run:
    """Letters with the place of each (millimetres on the page, on the base line) and their size."""

    text: str
    places: list[tuple[float, float]]
    size: float

    def advance(self, index: int) -> float:
        """Return about how wide a letter is: half a size for Latin, a whole one for Chinese."""
        return self.size * (0.55 if self.text[index] < "\u2000" else 1.0)


def runs(thing: Element) -> list[Run]:
    """Return the runs of a text object, placed on the page."""
    box = numbers(thing.get("Boundary", ""))
    size = (numbers(thing.get("Size", "")) or [3.0])[0]
    matrix = _matrix(thing.get("CTM", ""))
    left, top = (box[0], box[1]) if len(box) >= 2 else (0.0, 0.0)
    found, x, y = [], 0.0, 0.0
    for code in thing:
        if local(code) != "TextCode" or not code.text:
            continue
        x = (numbers(code.get("X", "")) or [x])[0]
        y = (numbers(code.get("Y", "")) or [y])[0]
        text = code.text[:MOST_LETTERS]
        along, down = deltas(code.get("DeltaX", ""), len(text)), deltas(code.get("DeltaY", ""), len(text))
        places = []
        at_x, at_y = x, y
        for index, char in enumerate(text):
            px, py = _apply(matrix, at_x, at_y)
            places.append((left + px, top + py))
            step_x, step_y = _step(along, index), _step(down, index)
            at_x += _width(char, size) if step_x is None and step_y is None else step_x or 0.0
            at_y += step_y or 0.0
        found.append(Run(text, places, size * (abs(matrix[3]) or abs(matrix[1]) or 1.0)))
    return found


def draw(
    layers: Sequence[Element],
    page: tuple[float, float, float, float],
    pictures: dict[str, str],
    container: Container,
    dpi: int,
) -> Image.Image:
    """Return a page as RGB."""
    scale = min(dpi / 25.4, LONGEST / max(page[2], page[3], 1.0))
    image = Image.new("RGB", (max(1, round(page[2] * scale)), max(1, round(page[3] * scale))), "white")
    pen = ImageDraw.Draw(image)
    for layer in layers:
        for thing in layer.iter():
            kind = local(thing)
            if kind == "ImageObject":
                _picture(image, thing, page, pictures, container, scale)
            elif kind == "PathObject":
                _path(pen, thing, page, scale)
            elif kind == "TextObject":
                _letters(pen, thing, page, scale)
    return image


def _letters(pen: ImageDraw.ImageDraw, thing: Element, page: tuple[float, float, float, float], scale: float) -> None:
    colour = _colour(thing, "FillColor", (0, 0, 0))
    for run in runs(thing):
        face = font(max(4, min(400, round(run.size * scale))))
        for char, (x, y) in zip(run.text, run.places, strict=True):
            if not char.isspace():
                pen.text(((x - page[0]) * scale, (y - page[1]) * scale), char, font=face, fill=colour, anchor="ls")


def _path(pen: ImageDraw.ImageDraw, thing: Element, page: tuple[float, float, float, float], scale: float) -> None:
    width = max(1, round((numbers(thing.get("LineWidth", "")) or [0.35])[0] * scale))
    for line in outlines(thing):
        points = [((x - page[0]) * scale, (y - page[1]) * scale) for x, y in line]
        if thing.get("Fill", "false") == "true" and len(points) > 2 and _is_seen(thing, "FillColor"):
            pen.polygon(points, fill=_colour(thing, "FillColor", (0, 0, 0)))
        if thing.get("Stroke", "true") == "true" and len(points) > 1 and _is_seen(thing, "StrokeColor"):
            pen.line(points, fill=_colour(thing, "StrokeColor", (0, 0, 0)), width=width)


def outlines(thing: Element) -> list[list[tuple[float, float]]]:
    """Return the lines of a path object as points on the page."""
    box = numbers(thing.get("Boundary", ""))
    if len(box) < 2:
        return []
    matrix = _matrix(thing.get("CTM", ""))
    data = next((node.text or "" for node in thing.iter() if local(node) == "AbbreviatedData"), "")
    placed = []
    for line in _lines(data):
        moved = (_apply(matrix, x, y) for x, y in line)
        placed.append([(box[0] + x, box[1] + y) for x, y in moved])
    return placed


def _lines(data: str) -> list[list[tuple[float, float]]]:
    """Return the lines of a path; curves as straight lines to their ends."""
    lines: list[list[tuple[float, float]]] = []
    words = data.split()[:200_000]
    counts = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
    at = 0
    while at < len(words):
        order = words[at]
        count = counts.get(order)
        if count is None:
            at += 1
            continue
        values = numbers(" ".join(words[at + 1 : at + 1 + count]))
        if order == "C" and lines and lines[-1]:
            lines[-1].append(lines[-1][0])
        elif len(values) == count and count:
            point = (values[-2], values[-1])
            if order in "SM":
                lines.append([point])
            elif lines:
                lines[-1].append(point)
        at += 1 + count
    return lines


def _picture(
    image: Image.Image,
    thing: Element,
    page: tuple[float, float, float, float],
    pictures: dict[str, str],
    container: Container,
    scale: float,
) -> None:
    box = numbers(thing.get("Boundary", ""))
    content = container.get(pictures.get(thing.get("ResourceID", ""), ""))
    if len(box) != 4 or not content:
        return
    size = (max(1, round(box[2] * scale)), max(1, round(box[3] * scale)))
    if max(size) > 2 * LONGEST:
        return
    try:
        shown = Image.open(io.BytesIO(content)).convert("RGBA").resize(size)
    except (OSError, ValueError, Image.DecompressionBombError):
        return
    image.paste(shown, (round((box[0] - page[0]) * scale), round((box[1] - page[1]) * scale)), shown)


def _colour(thing: Element, name: str, otherwise: tuple[int, int, int]) -> tuple[int, int, int]:
    node = next((child for child in thing if local(child) == name), None)
    values = [] if node is None else [int(number) for number in numbers(node.get("Value", ""))]
    if len(values) == 3:
        return values[0] & 255, values[1] & 255, values[2] & 255
    return (values[0] & 255,) * 3 if len(values) == 1 else otherwise


def _is_seen(thing: Element, name: str) -> bool:
    """Return whether a colour covers more than half of what is under it."""
    node = next((child for child in thing if local(child) == name), None)
    alphas = [thing.get("Alpha", "255"), "255" if node is None else node.get("Alpha", "255")]
    return all((numbers(alpha) or [255.0])[0] > 127 for alpha in alphas)


def deltas(text: str, length: int) -> list[float]:
    """Return the steps between letters; ``g 3 1.5`` stands for three steps of 1.5."""
    steps: list[float] = []
    words = text.split()
    at = 0
    while at < len(words) and len(steps) < length:
        if words[at] == "g" and at + 2 < len(words):
            count, step = numbers(" ".join(words[at + 1 : at + 3])) or (0.0, 0.0)
            steps += [step] * min(int(count), length)
            at += 3
        else:
            steps += numbers(words[at])
            at += 1
    return steps


def _step(steps: list[float], index: int) -> float | None:
    """Return the step after a letter; the last one holds for all letters that follow."""
    return None if not steps else steps[min(index, len(steps) - 1)]


def numbers(text: str) -> list[float]:
    """Return the numbers of a list like ``0 0 210 297``; empty when something else stands there."""
    try:
        return [float(word) for word in text.split()]
    except ValueError:
        return []


def _matrix(text: str) -> Matrix:
    values = numbers(text)
    if len(values) != 6:
        return PLAIN
    return values[0], values[1], values[2], values[3], values[4], values[5]


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _width(char: str, size: float) -> float:
    return size * (0.55 if char < "\u2000" else 1.0)
