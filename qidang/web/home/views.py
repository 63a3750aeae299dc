"""首页: what waits for whom, and the small answers that every page asks for."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qidang.web.answers import Asked


def page(request: Asked) -> HttpResponse:
    """首页, by what the person may do."""
    return render(request, "home/page.html", {"greeting": _("首页"), "figures": [], "blocks": []})


def counts(request: Asked) -> JsonResponse:
    """待办数: the numbers beside what waits."""
    return JsonResponse({})


def words(request: Asked) -> HttpResponse:
    """大写金额 of what is being typed, as plain text."""
    return HttpResponse("", content_type="text/plain; charset=utf-8")


def find(request: Asked) -> HttpResponse:
    """The one search box."""
    return redirect("/")
