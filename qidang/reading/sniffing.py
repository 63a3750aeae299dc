"""What a file is, by its first bytes and its name; nothing is parsed here."""

import pathlib

PDF, OFD, ZIP, RTF = "application/pdf", "application/ofd", "application/zip", "application/rtf"
DOC, XLS, MSG = "application/msword", "application/vnd.ms-excel", "application/vnd.ms-outlook"
OOXML = "application/vnd.openxmlformats-officedocument."
DOCX = OOXML + "wordprocessingml.document"
XLSX = OOXML + "spreadsheetml.sheet"
PPTX = OOXML + "presentationml.presentation"
PPT = "application/vnd.ms-powerpoint"
XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
ODT, ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"
TEXT, HTML, CSV, EML = "text/plain", "text/html", "text/csv", "message/rfc822"
RAR, SEVEN_ZIP = "application/vnd.rar", "application/x-7z-compressed"
PNG, JPEG, TIFF, WEBP, BMP, GIF = "image/png", "image/jpeg", "image/tiff", "image/webp", "image/bmp", "image/gif"
HEIC = "image/heic"
UNKNOWN = "application/octet-stream"

HEADS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", PDF, "pdf"),
    (b"PK\x03\x04", ZIP, "zip"),
    (b"PK\x05\x06", ZIP, "zip"),
    (b"PK\x07\x08PK", ZIP, "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", DOC, "ole"),
    (b"{\\rt", RTF, "ole"),
    (b"\x89PNG", PNG, "image"),
    (b"\xff\xd8\xff", JPEG, "image"),
    (b"II*\x00", TIFF, "image"),
    (b"MM\x00*", TIFF, "image"),
    (b"II+\x00", TIFF, "image"),
    (b"MM\x00+", TIFF, "image"),
    (b"GIF8", GIF, "image"),
    (b"Rar!\x1a\x07", RAR, "packed"),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP, "packed"),
)
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
"""What a photo of a telephone says it is; every other brand in the same container is a film."""
REFUSED_HEADS = (
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"\x7fELF",
    b"MZ\x90",
    b"%!PS",
    b"AC10",  # DWG
    b"\x1aE\xdf\xa3",  # Matroska
    b"0&\xb2u\x8ef\xcf\x11",  # WMV
    b"\x00\x00\x01\xba",  # MPEG
    b"FLV\x01",
    b"SQLite format",
    b"ID3",
    b"OggS",
    b"\xca\xfe\xba\xbe",
    b"\x28\xb5\x2f\xfd",
)
NAMES = {
    ".pdf": (PDF, "pdf"),
    ".eml": (EML, "text"),
    ".htm": (HTML, "text"),
    ".html": (HTML, "text"),
    ".xhtml": (HTML, "text"),
    ".csv": (CSV, "text"),
    ".tsv": (CSV, "text"),
    ".txt": (TEXT, "text"),
    ".md": (TEXT, "text"),
    ".log": (TEXT, "text"),
    ".xml": (TEXT, "text"),
    ".json": (TEXT, "text"),
}
MAIL_WORDS = (b"from:", b"to:", b"subject:", b"date:", b"received:", b"return-path:", b"mime-version:", b"message-id:")


def sniff(head: bytes, name: str) -> tuple[str, str]:
    """Return (media type, family) of a file by its first kilobytes and its name; the family may be '' (unsupported).

    A ZIP is told from DOCX, XLSX and OFD, and DOC from XLS and MSG, only by the reader of the family.
    """
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    for magic, media_type, family in HEADS:
        if head.startswith(magic):
            return media_type, family
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP, "image"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return BMP, "image"
    if head[4:8] == b"ftyp":
        return (HEIC, "image") if head[8:12] in HEIC_BRANDS else (UNKNOWN, "")
    if b"%PDF-" in head[:1024] and not _looks_like_mail(start.lower()):
        return PDF, "pdf"
    if head.startswith(REFUSED_HEADS) or (head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"WAVE")):
        return UNKNOWN, ""
    return _sniff_text(start, name)


def _sniff_text(start: bytes, name: str) -> tuple[str, str]:
    suffix = pathlib.PurePath(name).suffix.lower()
    lower = start[:2048].lower()
    if suffix in NAMES and suffix != ".txt":
        return NAMES[suffix]
    if lower.startswith((b"<!doctype html", b"<html")) or (lower[:1] == b"<" and b"<html" in lower):
        return HTML, "text"
    if _looks_like_mail(lower):
        return EML, "text"
    return TEXT, "text"


def _looks_like_mail(lower: bytes) -> bool:
    head = lower.split(b"\r\n\r\n")[0].split(b"\n\n")[0]
    lines = head.splitlines()
    return sum(line.startswith(MAIL_WORDS) for line in lines) >= 3
