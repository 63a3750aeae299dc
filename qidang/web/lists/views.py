"""Keeping how a list looks: columns and density, named views; always back to the page it came from."""

import re
import unicodedata

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.models import SavedView

PAGES = {"companies", "contracts", "log", "people", "records", "to_file"}
MOST = 30  # named views of one list; more are no tabs any more
KEY = re.compile(r"[\w:.-]{1,64}")
MOST_COLUMNS, LONGEST_NAME, LONGEST_QUERY = 100, 40, 2000


def _known(page: str) -> str:
    """Return ``page`` where it is one of our lists."""
    if page not in PAGES:
        raise Http404(page)
    return page


def _columns(request: Asked) -> list[str]:
    """Return the keys of the columns chosen; what no list has is passed over when it is shown."""
    return [key for key in request.POST.getlist("column")[:MOST_COLUMNS] if KEY.fullmatch(key)]


def _name(request: Asked) -> str:
    """Return the name given: one line, without what cannot be seen."""
    seen = (" " if char.isspace() else char for char in request.POST.get("name", ""))
    shown = "".join(char for char in seen if unicodedata.category(char)[0] != "C")
    return " ".join(shown.split())[:LONGEST_NAME]


def back(request: Asked, page: str) -> HttpResponse:
    """Return to the address in ``next``, or to the front page where it is not one of ours; the copy is stale now."""
    request.session.pop(f"list:{page}", None)
    address = request.POST.get("next", "")
    return redirect(address if url_has_allowed_host_and_scheme(address, {request.get_host()}) else "/")


@require_POST
def columns(request: Asked, page: str) -> HttpResponse:
    """列设置: keep the chosen columns and the density of ``page``."""
    keys = [] if "reset" in request.POST else _columns(request)
    SavedView.objects.update_or_create(
        user_id=request.user.pk,
        page=_known(page),
        name="",
        defaults={
            "columns": keys,
            "is_dense": request.POST.get("density") == "dense",
            "in_wan": request.POST.get("money") == "wan",
        },
    )
    return back(request, page)


@require_POST
def keep(request: Asked, page: str) -> HttpResponse:
    """保存筛选: keep the present query under a name; the same name is replaced."""
    name = _name(request)
    if name:
        others = SavedView.objects.filter(user_id=request.user.pk, page=_known(page)).exclude(name__in=["", name])
        if others.count() >= MOST:
            raise Refused("web.too_many_views", most=MOST)
        SavedView.objects.update_or_create(
            user_id=request.user.pk,
            page=page,
            name=name,
            defaults={"query": request.POST.get("query", "")[:LONGEST_QUERY], "columns": _columns(request)},
        )
    return back(request, page)


@require_POST
def drop(request: Asked, page: str, pk: int) -> HttpResponse:
    """删除筛选: forget one of one's own named views."""
    SavedView.objects.filter(user_id=request.user.pk, page=page, pk=pk).exclude(name="").delete()
    return back(request, page)
