"""页面图像: the picture of a page, with name and time burnt into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from qidang import vault
from qidang.accounts.models import User
from qidang.intake.texts import paper_of, pool
from qidang.kit.clock import now

if TYPE_CHECKING:
    from qidang.vault.models import Blob

SIZES = {"s": 36, "m": 110, "l": 170}


def watermark(user: User) -> str:
    """水印: who looks, and when, in the company's time."""
    who = " ".join(part for part in (user.name, user.employee_no or user.username) if part)
    return f"{who} {timezone.localtime(now()):%Y-%m-%d %H:%M}"


def page_image(request: HttpRequest, blob: Blob, filename: str, number: int) -> HttpResponse:
    """Return page ``number`` of the blob as WebP; ``?size=`` s, m or l. Raises Refused where it cannot be drawn."""
    assert isinstance(request.user, User)
    size = request.GET.get("size", "m")
    paper = paper_of(blob.sha256)
    turn = paper.pages[number - 1].turn if paper and 0 < number <= len(paper.pages) else 0
    image = pool().page_image(
        vault.read(blob),
        number,
        name=filename,
        dpi=SIZES.get(size, SIZES["m"]),
        watermark=None if size == "s" else watermark(request.user),
        turn=turn,
    )
    response = HttpResponse(image, content_type="image/webp")
    response.headers["Cache-Control"] = "private, max-age=300"
    return response
