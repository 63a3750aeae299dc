"""页面整理: pages of PDFs and images bound into new PDFs, nothing drawn anew. Only called in children.

A page is taken over with what it needs and nothing else: what other pages show does not travel along with it.
"""

import io
import socket
from collections.abc import Iterator, Sequence

import pikepdf
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from qidang.reading import wire
from qidang.reading.formats.images import MOST_PIXELS, points, upright
from qidang.reading.limits import Unreadable
from qidang.reading.sniffing import JPEG, PDF, sniff

MAKER = f"pikepdf {pikepdf.__version__} / qpdf {pikepdf.__libqpdf_version__}"
UPRIGHT = {1: 0, 3: 180, 6: 90, 8: 270}  # EXIF orientation → degrees clockwise; the others are mirrored
ORIENTATION = 0x0112
SPACES = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
Leaf = Sequence[int]
"""Number of the source from 0, page from 1, degrees clockwise by which it is turned."""


def work(message: wire.Message, fd: int, channel: socket.socket) -> tuple[wire.Message, list[bytes]]:
    """Bind the papers that the head of ``fd`` describes out of the files behind it; each paper is a blob."""
    head, sources = wire.read_result(fd)
    shelf = [opened(content, name) for content, name in zip(sources, head["names"], strict=True)]
    return {"maker": MAKER}, [bound(shelf, leaves) for leaves in head["papers"]]


def bound(shelf: Sequence[pikepdf.Pdf], leaves: Sequence[Leaf]) -> bytes:
    """Return a PDF of the leaves in their order; the same leaves make the same bytes every time."""
    paper = pikepdf.new()
    for source, page, turn in leaves:
        pages = shelf[source].pages
        if not 1 <= page <= len(pages):
            raise Unreadable("reading.no_such_page")
        paper.pages.append(pages[page - 1])
        if turn:
            paper.pages[-1].rotate(turn, relative=True)
    paper.remove_unreferenced_resources()
    out = io.BytesIO()
    paper.save(out, deterministic_id=True)
    return out.getvalue()


def opened(content: bytes, name: str) -> pikepdf.Pdf:
    """Return a source as PDF; raises Unreadable for what is locked, broken, or neither PDF nor image."""
    media_type, family = sniff(content[:4096], name)
    if family == "image":
        return of_image(content, is_jpeg=media_type == JPEG)
    if media_type != PDF:
        raise Unreadable("reading.unsupported", media_type)
    try:
        paper = pikepdf.open(io.BytesIO(content))
        if "/AcroForm" in paper.Root:  # what was filled in is drawn into the page, for forms do not travel with it
            paper.generate_appearance_streams()
            paper.flatten_annotations("all")
    except pikepdf.PasswordError as error:
        raise Unreadable("reading.encrypted") from error
    except pikepdf.PdfError as error:
        raise Unreadable("reading.malformed", str(error)[:200]) from error
    return paper


def of_image(content: bytes, *, is_jpeg: bool) -> pikepdf.Pdf:
    """Return a PDF with a page for every picture in the file: a JPEG's bytes as they are, others pixel by pixel."""
    paper = pikepdf.new()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unreadable("reading.too_large", f"{image.width} × {image.height}")
            if is_jpeg and _can_stay(image):
                _add(paper, image, _jpeg(paper, content, image), UPRIGHT[_orientation(image)])
            else:
                for frame in _frames(image):
                    _add(paper, frame, _pixels(paper, frame), 0)
    except Image.DecompressionBombError as error:
        raise Unreadable("reading.too_large", "pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise Unreadable("reading.malformed", "image") from error
    return paper


def _can_stay(image: Image.Image) -> bool:
    """Say whether the JPEG can be laid into a page as it is: one picture, not mirrored, in colours that PDF knows."""
    known = image.mode in ("L", "RGB", "CMYK") and _orientation(image) in UPRIGHT
    return known and getattr(image, "n_frames", 1) == 1


def _orientation(image: Image.Image) -> int:
    return int(image.getexif().get(ORIENTATION, 1) or 1)


def _jpeg(paper: pikepdf.Pdf, content: bytes, image: Image.Image) -> pikepdf.Stream:
    bands = len(image.getbands())
    stream = paper.make_stream(content, **_described(image.size, SPACES[bands], 8))
    stream.Filter = pikepdf.Name.DCTDecode
    if bands == 4 and "adobe" in image.info:
        stream.Decode = pikepdf.Array([1, 0] * 4)  # Adobe writes CMYK the other way round
    return stream


def _frames(image: Image.Image) -> Iterator[Image.Image]:
    """Yield every picture, turned by its EXIF note, in a form whose pixels can be written down as they are."""
    for frame in ImageSequence.Iterator(image):
        turned = ImageOps.exif_transpose(frame)
        if turned.mode in ("1", "L", "RGB") and "transparency" not in turned.info:
            yield turned.copy()
        else:
            yield upright(turned)


def _pixels(paper: pikepdf.Pdf, image: Image.Image) -> pikepdf.Stream:
    bits = 1 if image.mode == "1" else 8
    return paper.make_stream(image.tobytes(), **_described(image.size, SPACES[len(image.getbands())], bits))


def _described(size: tuple[int, int], space: str, bits: int) -> dict[str, pikepdf.Object | int]:
    return {
        "Type": pikepdf.Name.XObject,
        "Subtype": pikepdf.Name.Image,
        "Width": size[0],
        "Height": size[1],
        "ColorSpace": pikepdf.Name(space),
        "BitsPerComponent": bits,
    }


def _add(paper: pikepdf.Pdf, image: Image.Image, stream: pikepdf.Stream, turn: int) -> None:
    """Add a page that the picture fills."""
    width, height = points(image)
    paper.add_blank_page(page_size=(width, height))
    page = paper.pages[-1]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
    page.Contents = paper.make_stream(f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q".encode())
    if turn:
        page.rotate(turn, relative=False)
