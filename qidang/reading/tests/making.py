"""Small files made for the tests, byte by byte, so that what stands in them is known."""

import io
import zipfile

Text = tuple[float, float, float, str]
"""x and y from the bottom left in points, letter size, text."""


def pdf(*pages: list[Text], rotate: int = 0, graphics: str = "") -> bytes:
    """Return a PDF whose Chinese font is not embedded, a page per list of texts, turned by ``rotate`` degrees."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        (
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R"
            " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
        ),
        (
            "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0"
            " /Ascent 850 /Descent -150 /CapHeight 700 /StemV 80 >>"
        ),
    ]
    numbers = []
    for texts in pages:
        shown = "".join(
            f"BT /F1 {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n" for x, y, size, text in texts
        )
        content = graphics + "\n" + shown
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {len(objects) + 2} 0 R /Rotate {rotate} >>"
        )
        numbers.append(len(objects))
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    objects[1] = f"<< /Type /Pages /Count {len(numbers)} /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] >>"
    return _assemble(objects)


def _assemble(objects: list[str]) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, **parts: str) -> bytes:
    """Return a DOCX with ``body`` inside w:body; other parts by name (``numbering``, ``header1``) as whole elements."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        container.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        for name, inside in parts.items():
            root = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes"}.get(name, "hdr")
            container.writestr(f"word/{name}.xml", f'<w:{root} xmlns:w="{W}">{inside}</w:{root}>')
    return out.getvalue()


def p(text: str, properties: str = "") -> str:
    """Return a paragraph."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def archive(**files: bytes) -> bytes:
    """Return a ZIP of files; ``__`` in a name stands for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in files.items():
            container.writestr(name.replace("__", "."), content)
    return out.getvalue()
