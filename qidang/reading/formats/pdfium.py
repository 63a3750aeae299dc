"""PDFium as we use it: a document, its pages, their spans and images. Only called in children.

Coordinates: PDFium's are points with the origin at the bottom left before /Rotate; ours are fractions of the upright
page from the top left. PDFium is not thread safe; a process reads one document.
"""

import ctypes
import os
import pathlib
from collections.abc import Callable, Iterator
from ctypes import byref, c_double, c_float, c_int, c_uint

import pypdfium2_raw as pdfium

from qidang.reading.limits import Unreadable
from qidang.reading.paper import Box

ENCRYPTED = 4
TEXT, PATH, IMAGE, FORM = 1, 2, 3, 5
WIDGET, FREE_TEXT = 20, 3
LONGEST = 2500  # pixels of a page image's longer side at most
MOST_OBJECTS = 20_000
FINE = 1_000_000  # steps in which PDFium is asked for places on the page
FAR = 100.0  # points
Affine = tuple[float, float, float]


def _initialise() -> None:
    """Start PDFium with our own Chinese font, so that Chinese that is not embedded is not blank, on any machine."""
    font = pathlib.Path(os.environ.get("QIDANG_FONT", ""))
    paths = (ctypes.POINTER(ctypes.c_char) * 2)()
    if font.is_file():
        paths[0] = ctypes.cast(ctypes.create_string_buffer(os.fsencode(font.parent)), ctypes.POINTER(ctypes.c_char))
    config = pdfium.FPDF_LIBRARY_CONFIG(version=2)
    config.m_pUserFontPaths = ctypes.cast(paths, ctypes.POINTER(ctypes.POINTER(ctypes.c_char)))
    _kept_alive.append(paths)
    pdfium.FPDF_InitLibraryWithConfig(config)


_kept_alive: list[object] = []
_initialise()


class Document:
    """An open PDF; raises Unreadable ``reading.encrypted``, ``reading.wrong_password`` or ``reading.malformed``."""

    def __init__(self, content: bytes, password: str | None = None) -> None:
        self._content = content  # PDFium reads from it as long as the document is open
        secret = password.encode() if password else None
        self.handle = pdfium.FPDF_LoadMemDocument64(content, len(content), secret)
        if not self.handle:
            if pdfium.FPDF_GetLastError() == ENCRYPTED:
                raise Unreadable("reading.wrong_password" if password else "reading.encrypted")
            raise Unreadable("reading.malformed", "PDFium cannot open it")
        self.count: int = pdfium.FPDF_GetPageCount(self.handle)
        self.is_encrypted: bool = pdfium.FPDF_GetSecurityHandlerRevision(self.handle) != -1
        self.signatures: int = max(0, pdfium.FPDF_GetSignatureCount(self.handle))

    def page(self, index: int) -> "Sheet | None":
        """Return a page by its index from 0; None when it is damaged."""
        handle = pdfium.FPDF_LoadPage(self.handle, index)
        return Sheet(self, handle) if handle else None

    def attachments(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and bytes of every embedded file."""
        for index in range(max(0, min(pdfium.FPDFDoc_GetAttachmentCount(self.handle), 1000))):
            attachment = pdfium.FPDFDoc_GetAttachment(self.handle, index)
            if not attachment:
                continue
            size = ctypes.c_ulong()
            if not pdfium.FPDFAttachment_GetFile(attachment, None, 0, byref(size)) or not size.value:
                continue
            buffer = ctypes.create_string_buffer(size.value)
            pdfium.FPDFAttachment_GetFile(attachment, buffer, size.value, byref(size))
            yield _wide(pdfium.FPDFAttachment_GetName, attachment) or f"attachment-{index + 1}", buffer.raw


class Sheet:
    """A loaded page of a PDF."""

    def __init__(self, document: Document, handle: object) -> None:
        self.document = document
        self.handle = handle
        self.width: float = pdfium.FPDF_GetPageWidthF(handle)
        self.height: float = pdfium.FPDF_GetPageHeightF(handle)
        self._x, self._y = self._device(handle)

    def close(self) -> None:
        """Free the page."""
        pdfium.FPDF_ClosePage(self.handle)

    @staticmethod
    def _device(handle: object) -> tuple[Affine, Affine]:
        """Return how x and y on the upright page follow from a point of PDF space: asked of PDFium at three points."""
        x, y = c_int(), c_int()
        places = []
        for point in ((0.0, 0.0), (FAR, 0.0), (0.0, FAR)):
            pdfium.FPDF_PageToDevice(handle, 0, 0, FINE, FINE, 0, *point, byref(x), byref(y))
            places.append((x.value / FINE, y.value / FINE))
        origin, right, up = places
        xs, ys = ((o, (r - o) / FAR, (u - o) / FAR) for o, r, u in zip(origin, right, up, strict=True))
        return xs, ys

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of PDF space as fractions of the upright page."""
        (x0, right, up), (y0, also_right, also_up) = self._x, self._y
        return x0 + right * x + up * y, y0 + also_right * x + also_up * y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a rectangle of PDF space as a box, clipped to the page."""
        (x0, y0), (x1, y1) = self.point(left, top), self.point(right, bottom)
        x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        return max(0.0, min(x0, 1.0)), max(0.0, min(y0, 1.0)), max(0.0, min(x1, 1.0)), max(0.0, min(y1, 1.0))

    def objects(self) -> Iterator[tuple[int, Box]]:
        """Yield kind and box of the things drawn on the page, text left out."""
        left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
        for index in range(min(pdfium.FPDFPage_CountObjects(self.handle), MOST_OBJECTS)):
            thing = pdfium.FPDFPage_GetObject(self.handle, index)
            kind = pdfium.FPDFPageObj_GetType(thing)
            if kind != TEXT and pdfium.FPDFPageObj_GetBounds(
                thing, byref(left), byref(bottom), byref(right), byref(top)
            ):
                yield kind, self.box(left.value, bottom.value, right.value, top.value)

    def finest(self) -> int:
        """Return the pixels of the largest picture on the page, 0 where there is none."""
        width, height, most = c_uint(), c_uint(), 0
        for index in range(min(pdfium.FPDFPage_CountObjects(self.handle), MOST_OBJECTS)):
            thing = pdfium.FPDFPage_GetObject(self.handle, index)
            if pdfium.FPDFPageObj_GetType(thing) == IMAGE and pdfium.FPDFImageObj_GetImagePixelSize(
                thing, byref(width), byref(height)
            ):
                most = max(most, width.value * height.value)
        return most

    def notes(self) -> Iterator[tuple[str, Box]]:
        """Yield text and box of filled form fields and free-text notes, which are no page content."""
        for index in range(min(pdfium.FPDFPage_GetAnnotCount(self.handle), 2000)):
            note = pdfium.FPDFPage_GetAnnot(self.handle, index)
            if not note:
                continue
            kind, rectangle = pdfium.FPDFAnnot_GetSubtype(note), pdfium.FS_RECTF()
            key = {WIDGET: b"V", FREE_TEXT: b"Contents"}.get(kind)
            if key and pdfium.FPDFAnnot_GetRect(note, byref(rectangle)):
                text = _wide(pdfium.FPDFAnnot_GetStringValue, note, key)
                if text.strip():
                    yield text, self.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            pdfium.FPDFPage_CloseAnnot(note)

    def pixels(self, dpi: float) -> tuple[int, int, int]:
        """Return width, height and the scale in thousandths at which the page is drawn: at most LONGEST pixels."""
        longest = max(self.width, self.height, 1.0)
        scale = min(dpi / 72, LONGEST / longest)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale)), round(scale * 1000)

    def draw(self, dpi: float) -> tuple[int, int, bytes]:
        """Return width, height and the pixels (BGR, rows packed) of the page on white, filled forms included."""
        width, height, _ = self.pixels(dpi)
        buffer = (ctypes.c_ubyte * (width * height * 3))()
        bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGR, buffer, width * 3)
        if not bitmap:
            raise Unreadable("reading.too_large", "page image")
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        pdfium.FPDF_RenderPageBitmap(bitmap, self.handle, 0, 0, width, height, 0, pdfium.FPDF_ANNOT)
        form, _info = _form(self.document)
        if form:
            pdfium.FPDF_FFLDraw(form, bitmap, self.handle, 0, 0, width, height, 0, pdfium.FPDF_ANNOT)
            pdfium.FPDFDOC_ExitFormFillEnvironment(form)
        pdfium.FPDFBitmap_Destroy(bitmap)
        return width, height, bytes(buffer)


class Letters:
    """The text of a page: whole, and where its characters stand."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.handle = pdfium.FPDFText_LoadPage(sheet.handle)
        self.count: int = max(0, pdfium.FPDFText_CountChars(self.handle)) if self.handle else 0
        self._box = [c_double() for _ in range(4)]
        self._refs = [byref(edge) for edge in self._box]

    def close(self) -> None:
        """Free the text."""
        if self.handle:
            pdfium.FPDFText_ClosePage(self.handle)

    def text(self) -> str:
        """Return all of it, lines ended by CR LF where PDFium sees one end."""
        if not self.count:
            return ""
        buffer = (ctypes.c_ushort * (self.count * 2 + 2))()
        length = pdfium.FPDFText_GetText(self.handle, 0, self.count, buffer)
        return bytes(buffer)[: max(0, length - 1) * 2].decode("utf-16-le", "surrogatepass")

    def index(self, offset: int) -> int:
        """Return the index of the character at an offset (UTF-16 units) of :meth:`text`."""
        return int(pdfium.FPDFText_GetCharIndexFromTextIndex(self.handle, offset))

    def rectangles(self, start: int, count: int) -> list[tuple[float, float, float, float]]:
        """Return (left, bottom, right, top) of the runs that ``count`` characters make, in PDF space."""
        left, top, right, bottom = self._box
        rectangles = []
        for index in range(pdfium.FPDFText_CountRects(self.handle, start, count)):
            if pdfium.FPDFText_GetRect(self.handle, index, *self._refs):
                rectangles.append((left.value, bottom.value, right.value, top.value))
        return rectangles

    def rectangle(self, index: int) -> tuple[float, float, float, float]:
        """Return (left, bottom, right, top) of one character."""
        left, right, bottom, top = self._box
        pdfium.FPDFText_GetCharBox(self.handle, index, *self._refs)
        return left.value, bottom.value, right.value, top.value

    def size(self, index: int) -> float:
        """Return the letter height in points of one character."""
        matrix = pdfium.FS_MATRIX()
        size = float(pdfium.FPDFText_GetFontSize(self.handle, index))
        if pdfium.FPDFText_GetMatrix(self.handle, index, byref(matrix)):
            size *= max(abs(matrix.d), abs(matrix.b))
        return size


def _wide(function: Callable[..., int], *arguments: object) -> str:
    """Call a PDFium function that fills a UTF-16 buffer; return its text."""
    length = function(*arguments, None, 0)
    if length <= 2 or length > 1 << 20:
        return ""
    buffer = ctypes.create_string_buffer(length)
    wide = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    function(*arguments, wide, length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")


def _form(document: Document) -> tuple[object, object]:
    """Return a form environment, without which filled fields are not drawn; (None, None) where there is no form."""
    if pdfium.FPDF_GetFormType(document.handle) <= 0:
        return None, None
    details = pdfium.FPDF_FORMFILLINFO(version=2)
    return pdfium.FPDFDOC_InitFormFillEnvironment(document.handle, details), details
