"""Every page: one line per area; the address says the area."""

from django.urls import URLPattern, URLResolver, include, path

from qidang.web.home import views as home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("qidang.web.home.urls")),
    path("", include("qidang.web.session.urls")),
    path("find/", home.find, name="find"),
    path("lists/", include("qidang.web.lists.urls")),
    path("intake/", include("qidang.web.intake.urls")),
    path("search/", include("qidang.web.search.urls")),
    path("versions/", include("qidang.web.viewer.urls")),
    path("log/", include("qidang.web.log.urls")),
    path("", include("qidang.web.people.urls")),
]
