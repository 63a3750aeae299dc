"""健康检查: three addresses for machines that watch. They say well or not and nothing else.

They stand before everything: a balancer asks by the number of the machine and without HTTPS, keeps no session, and must
not be sent to the sign-in page.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from qidang.watch import health

Answer = Callable[[HttpRequest], HttpResponse]
ADDRESSES: dict[str, dict[str, Callable[[], str]]] = {
    "/healthz": {},  # the process answers
    "/healthz/ready": health.READY,  # and can show pages
    "/healthz/worker": health.WORKER,  # and somebody does the work behind them
}


class Health:
    """Answers the addresses of health: 200 or 503, in plain text."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request where it asks for health."""
        checks = ADDRESSES.get(request.path_info)
        if checks is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        is_well = not any(health.looked(checks).values())
        words, status = ("ok\n", 200) if is_well else ("not well\n", 503)
        return HttpResponse(
            words, status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
        )
