"""Addresses of the session."""

from django.urls import path

from qidang.web.session import views

app_name = "session"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("me/", views.me, name="me"),
    path("language/", views.language, name="language"),
]
