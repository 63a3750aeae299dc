"""Page images: a page drawn, turned upright, hits marked, the watermark burnt in. Only called in children."""

import io
import mmap
import socket
from collections.abc import Iterable
from typing import Any

from PIL import Image, ImageDraw

from qidang.reading import wire
from qidang.reading.asking import Recogniser
from qidang.reading.limits import Unreadable
from qidang.reading.opening import reader
from qidang.reading.sniffing import sniff
from qidang.reading.source import Source
from qidang.reading.typeface import font

MARK = (255, 214, 0, 90)
MARK_EDGE = (230, 140, 0, 255)
WATERMARK = (120, 120, 120, 72)
LONGEST = 2500


def work(message: wire.Message, fd: int, channel: socket.socket) -> tuple[wire.Message, list[bytes]]:
    """Return the image of page ``message["page"]`` of the file behind ``fd``, encoded, as the only blob."""
    content = mmap.mmap(fd, 0, prot=mmap.PROT_READ)[:]
    media_type, _ = sniff(content[:4096], message["name"])
    source = Source(content, message["name"], media_type, Recogniser(None), message["password"])
    image = draw(source, message["page"], min(300, max(20, message["dpi"])))
    if message["turn"]:
        image = image.rotate(-message["turn"], expand=True)
    image.thumbnail((LONGEST, LONGEST))
    if message["boxes"]:
        image = marked(image, message["boxes"])
    if message["watermark"]:
        image = watermarked(image, message["watermark"])
    return {"width": image.width, "height": image.height}, [encoded(image, message["form"])]


def draw(source: Source, number: int, dpi: int) -> Image.Image:
    """Return page ``number`` (from 1) as RGB; raises Unreadable ``reading.no_such_page`` or ``reading.no_image``."""
    if number < 1:
        raise Unreadable("reading.no_such_page")
    module: Any = reader(source.media_type)
    if not hasattr(module, "picture"):
        raise Unreadable("reading.no_image", source.media_type)
    image: Image.Image = module.picture(source, number, dpi)
    return image


def marked(image: Image.Image, boxes: Iterable[list[float]]) -> Image.Image:
    """Mark boxes (fractions of the page) as with a pen."""
    layer = Image.new("RGBA", image.size)
    pen = ImageDraw.Draw(layer)
    width, height = image.size
    for x0, y0, x1, y1 in boxes:
        corners = (x0 * width - 2, y0 * height - 2, x1 * width + 2, y1 * height + 2)
        pen.rectangle(corners, fill=MARK, outline=MARK_EDGE, width=2)
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def watermarked(image: Image.Image, text: str) -> Image.Image:
    """Burn the text in, slanting over the whole page, so that every part of a copy tells who looked and when."""
    size = max(14, image.width // 42)
    type_face = font(size)
    step_x, step_y = int(type_face.getlength(text) + 6 * size), 7 * size
    side = int((image.width**2 + image.height**2) ** 0.5) + step_x
    layer = Image.new("L", (side, side))
    pen = ImageDraw.Draw(layer)
    for row, y in enumerate(range(0, side, step_y)):
        for x in range(-(row % 2) * step_x // 2, side, step_x):
            pen.text((x, y), text, font=type_face, fill=WATERMARK[3])
    left, top = (side - image.width) // 2, (side - image.height) // 2
    turned = layer.rotate(24, resample=Image.Resampling.BILINEAR)
    mask = turned.crop((left, top, left + image.width, top + image.height))
    image = image.convert("RGB")
    image.paste(WATERMARK[:3], (0, 0), mask)
    return image


def encoded(image: Image.Image, form: str) -> bytes:
    """Return the image as WebP or PNG."""
    out = io.BytesIO()
    if form == "png":
        image.convert("RGB").save(out, "PNG", compress_level=4)
    else:
        image.convert("RGB").save(out, "WEBP", quality=82, method=2)
    return out.getvalue()
