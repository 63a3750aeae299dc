"""页面图像: the picture of a page, with name and time burnt into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils import timezone

from qidang import vault
from qidang.accounts.models import User
from qidang.intake.isolating import refuse_isolated
from qidang.intake.texts import paper_of, pool
from qidang.kit.clock import now
from qidang.web.answers import Asked

if TYPE_CHECKING:
    from qidang.vault.models import Blob

SIZES = {"s": 36, "m": 110, "l": 170}  # dots an inch: rail, page, page enlarged
SECONDS = 300  # for which a browser keeps an image, so that going back and forth is quick


def watermark(user: User) -> str:
    """水印: who looks, and when, in the company's time."""
    who = " ".join(part for part in (user.name, user.employee_no or user.username) if part)
    return f"{who} {timezone.localtime(now()):%Y-%m-%d %H:%M}"


def page_image(request: Asked, blob: Blob, filename: str, number: int) -> HttpResponse:
    """Return page ``number`` of the blob as WebP; ``?size=`` s, m or l. Raises Refused where it cannot be drawn."""
    refuse_isolated(blob.sha256)
    paper = paper_of(blob.sha256)
    if number < 1 or (paper is not None and number > len(paper.pages)):
        raise Http404
    image = pool().page_image(
        vault.read(blob),
        number,
        name=filename,
        dpi=SIZES.get(request.GET.get("size", "m"), SIZES["m"]),
        watermark=watermark(request.user),
        turn=paper.pages[number - 1].turn if paper else 0,
    )
    response = HttpResponse(image, content_type="image/webp")
    response.headers["Cache-Control"] = f"private, max-age={SECONDS}"
    return response
