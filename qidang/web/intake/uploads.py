"""上传的接口: the tus 1.0.0 protocol (core, creation, termination) over our own uploads."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from qidang.accounts.capabilities import require
from qidang.accounts.models import User
from qidang.intake import uploads
from qidang.intake.models import Batch, Upload
from qidang.kit.refusal import Refused

VERSION = "1.0.0"
CONFLICT = {"intake.wrong_offset": 409, "intake.too_large": 413, "vault.disk_full": 507}
View = Callable[..., HttpResponse]


def spoken(request: HttpRequest) -> User:
    """Return who uploads; refuse who may not."""
    assert isinstance(request.user, User)
    require(request.user, "intake.upload")
    return request.user


def _answer(status: int, **headers: str) -> HttpResponse:
    response = HttpResponse(status=status)
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def _refusal(refusal: Refused) -> HttpResponse:
    response = HttpResponse(f"{refusal.message} {refusal.next_step}", status=CONFLICT.get(refusal.code, 400))
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    return response


@login_required
def creation(request: HttpRequest) -> HttpResponse:
    """POST: open an upload from ``Upload-Length`` and ``Upload-Metadata`` (filename, path, batch)."""
    if request.method == "OPTIONS":
        return _answer(
            204, Tus_Version=VERSION, Tus_Extension="creation,termination", Tus_Max_Size=str(uploads.LARGEST)
        )
    if request.method != "POST":
        return _answer(405, Allow="POST, OPTIONS")
    user = spoken(request)
    metadata = _metadata(request.headers.get("Upload-Metadata", ""))
    batch = _batch(user, metadata.get("batch", ""))
    try:
        size = int(request.headers.get("Upload-Length", ""))
        name = metadata.get("filename", "")
        upload = uploads.begin(batch, by=user, filename=name, size=size, path=metadata.get("path", ""))
    except ValueError:
        return _answer(400)
    except Refused as refusal:
        return _refusal(refusal)
    return _answer(201, Location=reverse("intake:upload_piece", args=[upload.uid]))


@login_required
def piece(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """HEAD: how much has come; PATCH: here is more; DELETE: never mind."""
    upload = get_object_or_404(Upload.objects.select_related("batch", "by"), uid=uid, by=spoken(request))
    acts: dict[str, View] = {"HEAD": _head, "PATCH": _patch, "DELETE": _delete}
    act = acts.get(request.method or "")
    return act(request, upload) if act else _answer(405, Allow="HEAD, PATCH, DELETE")


def _head(request: HttpRequest, upload: Upload) -> HttpResponse:
    uploads.complete(upload)
    return _answer(200, Upload_Offset=str(upload.offset), Upload_Length=str(upload.size))


def _patch(request: HttpRequest, upload: Upload) -> HttpResponse:
    if request.content_type != "application/offset+octet-stream":
        return _answer(415)
    try:
        upload = uploads.append(upload, int(request.headers.get("Upload-Offset", "-1")), request)  # type: ignore[arg-type]
    except ValueError:
        return _answer(400)
    except Refused as refusal:
        return _refusal(refusal)
    return _answer(204, Upload_Offset=str(upload.offset))


def _delete(request: HttpRequest, upload: Upload) -> HttpResponse:
    if upload.arrival_id:
        return _answer(403)
    uploads.abandon(upload)
    return _answer(204)


def _batch(user: User, uid: str) -> Batch:
    try:
        return get_object_or_404(Batch.objects.filter(by=user), uid=uuid.UUID(uid))
    except ValueError as error:
        raise Http404 from error


def _metadata(header: str) -> dict[str, str]:
    """Return the key-value pairs of ``Upload-Metadata``: names with Base64 values, divided by commas."""
    found: dict[str, str] = {}
    for pair in filter(None, (one.strip() for one in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode("utf-8", "replace")
        except binascii.Error:
            continue
    return found
