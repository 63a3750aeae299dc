"""名称对照的页: every name that nobody knows, with its rows and whom it may mean."""

from __future__ import annotations

import contextlib
import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qidang.accounts.models import Department, User
from qidang.intake.models import NameKind, SheetImport
from qidang.intake.naming import LEFT, decide, departments, people, unknown
from qidang.intake.sheets import plan
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.intake.sheets import found

ARCHIVIST = "archivist"


def names(request: Asked, uid: uuid.UUID) -> HttpResponse:
    """名称对照: POST decides one name."""
    sheet = found(request, uid)
    if request.method == "POST":
        _decide(request, sheet)
        return redirect("intake:names", sheet.uid)
    open_names = unknown(sheet, by=request.user)
    context = {
        "sheet": sheet,
        "names": open_names,
        "people": people(request.user).active().select_related("department").order_by("name"),
        "departments": departments(request.user).active().order_by("path"),
    }
    return render(request, "intake/names.html", context)


def _decide(request: Asked, sheet: SheetImport) -> None:
    """Take one decision; a plan that was made before it is made anew."""
    kind, name = request.POST.get("kind", ""), request.POST.get("name", "")
    if kind not in NameKind.values or not name.strip():
        return
    decide(sheet, NameKind(kind), name, meant=_meant(request, kind), by=request.user)
    if sheet.started_at is None and not sheet.is_busy:
        plan(sheet, by=request.user)
    messages.success(request, _("已对照「%(name)s」") % {"name": name})


def _meant(request: Asked, kind: str) -> User | Department | str | None:
    """Return whom the form says: one in office that the person may see, the past, or nobody (the archivist)."""
    word = request.POST.get("meant", "")
    if word == LEFT:
        return LEFT
    if word == ARCHIVIST:
        return None
    asked: User | Department | None = None
    among = people(request.user) if kind == NameKind.PERSON else departments(request.user)
    with contextlib.suppress(ValueError):  # no uid: nobody was chosen
        asked = among.filter(uid=uuid.UUID(word)).first()
    if asked is None:
        raise Refused("web.name_undecided")
    return asked
