"""页面框架: what every page shows around its own matter."""

from typing import Any

from django.http import HttpRequest

from qidang.web.menu import menu_of, thumb_of

FOLDED = "menu"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: menu, bottom bar, whether the menu is folded; nothing for who is not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "menu": menu_of(request),
        "thumb": thumb_of(request),
        "is_folded": request.COOKIES.get(FOLDED) == "folded",
    }
