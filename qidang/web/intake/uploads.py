"""上传的接口: the tus 1.0.0 protocol (core, creation, termination) over our own uploads.

A script speaks here, not a person: who is signed out is told so by 401 with words, never sent to the sign-in page.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Callable
from typing import BinaryIO, cast

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import require
from qidang.intake import uploads
from qidang.intake.models import Batch, Upload
from qidang.kit.failing import refusal_for
from qidang.kit.ids import parse_uid
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked

VERSION = "1.0.0"
METHODS = {"creation": "POST, OPTIONS", "piece": "HEAD, PATCH, DELETE"}
STATUSES = {
    "accounts.not_allowed": 403,
    "intake.wrong_offset": 409,
    "intake.too_large": 413,
    "vault.disk_full": 507,
    "system.disk_full": 507,
    "system.database_locked": 503,
}
Spoken = Callable[..., HttpResponse]


def answer(status: int, words: str = "", **headers: str) -> HttpResponse:
    """Return an answer of the protocol; ``words`` are what the page shows beside the file."""
    response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    for name, value in {"Tus-Resumable": VERSION, "Cache-Control": "no-store", **headers}.items():
        response.headers[name.replace("_", "-")] = value
    return response


def spoken(view: Spoken) -> Spoken:
    """Let only who may upload speak to ``view``, and turn every refusal into an answer of the protocol."""

    @login_not_required
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return answer(401, _("登录已失效，请重新登录。"))
        try:
            require(request.user, "intake.upload")
            return view(request, *args, **kwargs)
        except Http404:
            return answer(404, _("没有这个批次或上传，或者它不是您的。请刷新页面重新上传。"))
        except (Refused, OSError, DatabaseError) as error:
            refusal = error if isinstance(error, Refused) else refusal_for(error)
            if refusal is None:
                raise
            words = f"{refusal.message} {refusal.next_step}"
            return answer(STATUSES.get(refusal.code, 400), words, Qidang_Code=refusal.code)

    return guarded


@spoken
def creation(request: Asked) -> HttpResponse:
    """POST: open an upload from ``Upload-Length`` and ``Upload-Metadata`` (filename, path, batch)."""
    if request.method == "OPTIONS":
        offered = {"Tus_Version": VERSION, "Tus_Extension": "creation,termination"}
        return answer(204, **offered, Tus_Max_Size=str(uploads.LARGEST))
    if request.method != "POST":
        return answer(405, Allow=METHODS["creation"])
    metadata = _metadata(request.headers.get("Upload-Metadata", ""))
    batch = _batch(request, metadata.get("batch", ""))
    size = request.headers.get("Upload-Length", "")
    name = metadata.get("filename", "")
    if not size.isdecimal() or len(size) > 15:
        return answer(400)
    upload = uploads.begin(batch, by=request.user, filename=name, size=int(size), path=metadata.get("path", ""))
    return answer(201, Location=reverse("intake:upload_piece", args=[upload.uid]))


@spoken
def piece(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """HEAD: how much has come; PATCH: here is more; DELETE: never mind."""
    upload = get_object_or_404(Upload.objects.select_related("batch", "by"), uid=uid, by=request.user)
    acts = {"HEAD": _head, "PATCH": _patch, "DELETE": _delete}
    act = acts.get(request.method or "")
    return act(request, upload) if act else answer(405, Allow=METHODS["piece"])


def _head(request: Asked, upload: Upload) -> HttpResponse:
    uploads.complete(upload)
    return answer(200, Upload_Offset=str(upload.offset), Upload_Length=str(upload.size))


def _patch(request: Asked, upload: Upload) -> HttpResponse:
    if request.content_type != "application/offset+octet-stream":
        return answer(415)
    offset = request.headers.get("Upload-Offset", "")
    if not offset.isdecimal() or len(offset) > 15:
        return answer(400)
    upload = uploads.append(upload, int(offset), cast(BinaryIO, request))
    return answer(204, Upload_Offset=str(upload.offset))


def _delete(request: Asked, upload: Upload) -> HttpResponse:
    if upload.arrival_id:
        return answer(403)
    uploads.abandon(upload)
    return answer(204)


def _batch(request: Asked, uid: str) -> Batch:
    return get_object_or_404(Batch, by=request.user, uid=parse_uid(uid))


def _metadata(header: str) -> dict[str, str]:
    """Return the key-value pairs of ``Upload-Metadata``: names with Base64 values, divided by commas."""
    found: dict[str, str] = {}
    for pair in filter(None, (one.strip() for one in header.split(","))):
        name, _space, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode("utf-8", "replace").replace("\x00", "")
        except (binascii.Error, ValueError):
            continue
    return found
