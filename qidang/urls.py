"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

handler400 = "qidang.web.middleware.bad_request"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("qidang.web.urls")),
]
