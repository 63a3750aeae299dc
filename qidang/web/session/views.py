"""登录与退出, one's own profile, password and language."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from qidang.accounts.changing import speak
from qidang.accounts.models import User
from qidang.accounts.passwords import change_password
from qidang.accounts.signing_in import BACKEND, close_session, open_session
from qidang.kit.refusal import Refused
from qidang.web.answers import Asked
from qidang.web.middleware import status_of
from qidang.web.session import devices
from qidang.web.session.forms import PasswordForm, SignInForm


def _safe_next(request: HttpRequest, address: str | None) -> str:
    return address if address and url_has_allowed_host_and_scheme(address, {request.get_host()}) else "/"


@never_cache
@login_not_required
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """登录."""
    then = _safe_next(request, request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated:
        return redirect(then)
    form, refusal = SignInForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            device = devices.known(request, form.cleaned_data["username"])
            person = open_session(**form.cleaned_data, device=device)
        except Refused as error:
            refusal = error
        else:
            login(request, person, backend=BACKEND)
            return devices.remember(request, redirect("session:me" if person.must_change_password else then), person)
    status = status_of(refusal) if refusal else 200
    return render(request, "session/sign_in.html", {"form": form, "refusal": refusal, "next": then}, status=status)


@require_POST
def sign_out(request: Asked) -> HttpResponse:
    """退出."""
    close_session(request.user)
    logout(request)
    return redirect("session:sign_in")


@sensitive_post_parameters("old", "new", "again")
def me(request: Asked) -> HttpResponse:
    """我: one's own profile; changing the password ends one's other sessions."""
    form, refusal = PasswordForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            change_password(request.user, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
        except Refused as error:
            refusal = error
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, _("密码已修改，其他地方的登录已退出"))
            return redirect("session:me")
    shown = {"form": form, "refusal": refusal, "roles": request.user.roles.all()}
    return render(request, "session/me.html", shown, status=409 if refusal else 200)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """中/EN: kept with the person, or in a cookie before signing in."""
    chosen = request.POST.get("language", "")
    response = redirect(_safe_next(request, request.POST.get("next")))
    if chosen in User.Language.values:
        if request.user.is_authenticated:
            speak(request.user, chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response
