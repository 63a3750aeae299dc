"""重新识读中: a page whose text was lost says so, and opens by itself once the worker has read the paper again."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qidang.web.viewer.sheet import part_wanted

PLACE = "#being-read"  # what asks again and again


def is_asking_again(request: HttpRequest) -> bool:
    """Whether it is the waiting page that asks."""
    return request.headers.get("HX-Target", "").endswith(PLACE)


def being_read(request: HttpRequest, is_awaited: bool, filename: str) -> HttpResponse:
    """Return the page that waits; to that page itself nothing, or the word to load again."""
    if is_asking_again(request):
        return (
            HttpResponse(status=HTTPStatus.NO_CONTENT) if is_awaited else HttpResponse(headers={"HX-Refresh": "true"})
        )
    if part_wanted(request):  # the script then opens the whole page
        return HttpResponse(status=HTTPStatus.CONFLICT)
    return render(request, "viewer/being_read.html", {"filename": filename}, status=HTTPStatus.ACCEPTED)
