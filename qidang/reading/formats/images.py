"""JPG, PNG, TIFF (every page), WebP, BMP, GIF, HEIC: turned by their EXIF note, sent to recognition page by page."""

import io
from collections.abc import Iterator

import pi_heif
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from qidang.reading.limits import Unreadable
from qidang.reading.paper import Page, Paper
from qidang.reading.source import Source

MOST_PIXELS = 180_000_000
OCR_LONGEST = 2500
OCR_DPI = 150
POINTS = 72.0
A4_LONG = 842.0

pi_heif.register_heif_opener(thumbnails=False)


def read(source: Source) -> Paper:
    """Send every page of an image to recognition; raises Unreadable for what Pillow cannot open."""
    paper = Paper(source.media_type)
    for number, image in enumerate(frames(source), 1):
        if number > source.limits.pages:
            paper.note("reading.too_many_pages")
            break
        width, height = points(image)
        note_pixels(paper, image.width, image.height)
        page = Page(number, width, height)
        paper.pages.append(page)
        small = shrunk(image)
        source.recogniser.submit(page, small.width, small.height, small.tobytes("raw", "BGR"))
    if not paper.pages:
        raise Unreadable("reading.malformed", "no image")
    source.recogniser.finish(paper)
    return paper


def note_pixels(paper: Paper, width: int, height: int) -> None:
    """Remember how fine the scan is: the pixels of its finest page."""
    paper.meta["pixels"] = max(paper.meta.get("pixels", 0), width * height)


def picture(source: Source, number: int, dpi: int) -> Image.Image:
    """Return page ``number`` (from 1), no larger than it would be on A4 at ``dpi``."""
    for count, image in enumerate(frames(source), 1):
        if count == number:
            longest = int(A4_LONG / POINTS * dpi)
            image.thumbnail((longest, longest))
            return image
    raise Unreadable("reading.no_such_page")


def frames(source: Source) -> Iterator[Image.Image]:
    """Yield every page as upright RGB on white."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(source.content)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unreadable("reading.too_large", f"{image.width} × {image.height}")
            for frame in ImageSequence.Iterator(image):
                yield upright(frame)
    except Image.DecompressionBombError as error:
        raise Unreadable("reading.too_large", "pixels") from error
    except UnidentifiedImageError as error:
        raise Unreadable("reading.malformed", "no image") from error


def upright(image: Image.Image) -> Image.Image:
    """Return the image turned by its EXIF note, as RGB on white."""
    turned = ImageOps.exif_transpose(image)
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        turned = turned.convert("RGBA")
        ground = Image.new("RGB", turned.size, "white")
        ground.paste(turned, mask=turned.getchannel("A"))
        return ground
    if turned.mode.startswith("I;16") or turned.mode in ("I", "F"):
        turned = turned.convert("F").point(lambda level: level / 257).convert("L")
    return turned.convert("RGB")


def shrunk(image: Image.Image) -> Image.Image:
    """Return the image at the size at which it is recognised best: about 150 dpi of an A4 page."""
    longest = max(image.size)
    if longest <= OCR_LONGEST:
        return image
    scale = OCR_LONGEST / longest
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX if scale < 0.6 else Image.Resampling.LANCZOS)


def points(image: Image.Image) -> tuple[float, float]:
    """Return the page's size in points by its own resolution, or as if its longer side were A4's."""
    dots = image.info.get("dpi", (0, 0))[0]
    dpi = float(dots) if 70 < float(dots or 0) < 1300 else max(image.size) * POINTS / A4_LONG
    return round(image.width * POINTS / dpi, 2), round(image.height * POINTS / dpi, 2)
