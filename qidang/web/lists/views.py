"""Keeping how a list looks: columns and density, named views; always back to the page it came from."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from qidang.web.answers import Asked
from qidang.web.models import SavedView


def back(request: Asked, page: str) -> HttpResponse:
    """Return to the address in ``next``, or to the front page where it is not one of ours; the copy is stale now."""
    request.session.pop(f"list:{page}", None)
    address = request.POST.get("next", "")
    return redirect(address if url_has_allowed_host_and_scheme(address, {request.get_host()}) else "/")


@require_POST
def columns(request: Asked, page: str) -> HttpResponse:
    """列设置: keep the chosen columns and the density of ``page``."""
    keys = [] if "reset" in request.POST else request.POST.getlist("column")
    SavedView.objects.update_or_create(
        user_id=request.user.pk,
        page=page,
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
    name = request.POST.get("name", "").strip()[:40]
    if name:
        SavedView.objects.update_or_create(
            user_id=request.user.pk,
            page=page,
            name=name,
            defaults={"query": request.POST.get("query", "")[:2000], "columns": request.POST.getlist("column")},
        )
    return back(request, page)


@require_POST
def drop(request: Asked, page: str, pk: int) -> HttpResponse:
    """删除筛选: forget one of one's own named views."""
    SavedView.objects.filter(user_id=request.user.pk, page=page, pk=pk).exclude(name="").delete()
    return back(request, page)
