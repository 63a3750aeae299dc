"""What surrounds every answer: the caller's address for the ledger, the person's language, friendly refusals."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views import defaults

from qidang.intake.uploads import LARGEST
from qidang.kit.failing import refusal_for
from qidang.kit.refusal import Refused
from qidang.ledger import calling_from

Answer = Callable[[HttpRequest], HttpResponse]
STATUSES = {
    "accounts.not_allowed": HTTPStatus.FORBIDDEN,
    "contract.elsewhere": HTTPStatus.FORBIDDEN,
    "accounts.too_many_attempts": HTTPStatus.TOO_MANY_REQUESTS,
    "web.body_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


def status_of(refusal: Refused) -> HTTPStatus:
    """Return 403 where the person lacks the capability, 413 and 429 for too much, 409 for every wrong state."""
    return STATUSES.get(refusal.code, HTTPStatus.CONFLICT)


class Caller:
    """Tells the ledger from where the request comes, and the browser to ask again rather than show what it kept."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with the caller's address known to every entry."""
        with calling_from(request.META.get("REMOTE_ADDR", "")):
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ["HX-Request", "HX-Target"])  # a part and its page share an address
        return response


class Language:
    """Speaks the language that the signed-in person has chosen; others get what their browser asks for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in that language."""
        chosen = getattr(request.user, "language", "") or translation.get_language_from_request(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response


class Bodies:
    """Refuses what is too large before a byte of it is read; a stranger has no more to say than his name."""

    OF_A_STRANGER = 64 << 10
    OF_ALL = LARGEST + (1 << 20)  # a file and the form around it

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or refuse its body."""
        told = request.META.get("CONTENT_LENGTH") or "0"
        size = int(told) if told.isdecimal() else 0
        if size > self.OF_A_STRANGER and size > (self.OF_ALL if request.user.is_authenticated else 0):
            return refusal_page(request, Refused("web.body_too_large", limit=self.OF_ALL >> 30))
        return self.get_response(request)


class FirstPassword:
    """Sends a person who was given a password to the page where he sets his own; nothing else opens before that."""

    OPEN = ("session:me", "session:sign_out", "session:language")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or lead to one's own page."""
        if getattr(request.user, "must_change_password", False) and request.path not in map(reverse, self.OPEN):
            return redirect("session:me")
        return self.get_response(request)


class Refusals:
    """Turns a refusal into a page that says what, why and what now; for htmx into a notice."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; refusals arrive at ``process_exception``."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the friendly page for a refusal, nothing for any other error."""
        refusal = error if isinstance(error, Refused) else refusal_for(error)
        return refusal_page(request, refusal) if refusal else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be understood by the page for it; a session that could not be written is told as such."""
    cause = exception.__context__.__context__ if exception.__context__ else None
    refusal = refusal_for(cause) if cause else None
    if refusal is None:
        return defaults.bad_request(request, exception)
    with translation.override(getattr(request, "LANGUAGE_CODE", None)):
        return refusal_page(request, refusal)


def refusal_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Return the refusal as a page, or as a notice where htmx asked."""
    is_part = "HX-Request" in request.headers
    template = "frame/refused.html#notice" if is_part else "frame/refused.html"
    response = render(request, template, {"refusal": refusal}, status=status_of(refusal))
    if is_part:
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML"
    return response
