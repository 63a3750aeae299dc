"""Answers that many views give."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from qidang.accounts.models import User


class Asked(HttpRequest):
    """A request by somebody who is signed in; the middleware lets no other one through."""

    user: User


def attachment(content: Any, filename: str, media_type: str) -> HttpResponse:
    """Return ``content`` to be kept as ``filename`` (any script, RFC 6266)."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response
