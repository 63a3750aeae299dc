"""Small files made for the tests, byte by byte, so that what stands in them is known."""

import io
import zipfile

from qidang.reading.warming import pdf

__all__ = ["archive", "docx", "p", "pdf"]

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
