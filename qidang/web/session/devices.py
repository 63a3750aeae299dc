"""登录过的设备: a signed cookie says who has signed in with this browser, so that strangers cannot lock them out here.

It opens nothing by itself, and holds no names: a random word for the device and keyed digests.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from qidang.accounts.failing import name_digest
from qidang.accounts.models import User

COOKIE, SALT = "qidang_device", "qidang.web.session.devices"
KEPT_FOR = 180 * 86400  # seconds
MOST = 10  # people of one computer at the counter


def known(request: HttpRequest, username: str) -> str:
    """Return the word for the device where this name has signed in on it before, else nothing."""
    device, names = _told(request)
    return device if name_digest(username) in names else ""


def remember[Answer: HttpResponseBase](request: HttpRequest, response: Answer, person: User) -> Answer:
    """Have the browser say from now on that ``person`` has signed in with it."""
    device, names = _told(request)
    name = name_digest(person.username)
    kept = [name, *(one for one in names if one != name)][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps([device or secrets.token_urlsafe(12), kept], salt=SALT),
        max_age=KEPT_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        path="/",
    )
    return response


def _told(request: HttpRequest) -> tuple[str, list[str]]:
    """Return what the cookie says; nothing where there is none, an old one, or one that we did not sign."""
    try:
        device, names = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return "", []
    return device, names
