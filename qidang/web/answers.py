"""Answers that many views give."""

import io
from typing import Any, cast
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse

from qidang import vault
from qidang.accounts.models import User
from qidang.intake.isolating import refuse_isolated
from qidang.kit.refusal import Refused
from qidang.vault.models import Blob

MEGABYTE = 1 << 20


class Asked(HttpRequest):
    """A request by somebody who is signed in; the middleware lets no other one through."""

    user: User


def original(blob: Blob, filename: str) -> FileResponse:
    """Return the bytes of ``blob`` to be kept as ``filename``; never shown in place, whatever they are.

    Raise Refused ``vault.missing`` and, for damage in the first MB, ``vault.corrupt``: before the answer has begun.
    Later damage breaks the answer off, and the browser says that the file is not whole.
    """
    refuse_isolated(blob.sha256)
    stream = io.BufferedReader(cast(io.RawIOBase, vault.open(blob)), MEGABYTE)
    try:
        stream.peek(1)
    except Refused:
        stream.close()
        raise
    response = FileResponse(stream, as_attachment=True, filename=filename, content_type="application/octet-stream")
    response.headers["Content-Length"] = str(blob.size)
    return response


def attachment(content: Any, filename: str, media_type: str) -> HttpResponse:
    """Return ``content`` to be kept as ``filename`` (any script, RFC 6266)."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response
