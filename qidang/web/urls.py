"""Every page: one line per area; the address says the area."""

from django.urls import URLPattern, URLResolver, include, path

from qidang.web.contracts import labels
from qidang.web.home import views as home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("qidang.web.home.urls")),
    path("", include("qidang.web.session.urls")),
    path("", include("qidang.web.people.urls")),
    path("approvals/", include("qidang.web.approvals.urls")),
    path("find/", home.find, name="find"),
    path("c/<uuid:uid>", labels.scanned, name="scanned"),
    path("companies/", include("qidang.web.companies.urls")),
    path("contracts/", include("qidang.web.contracts.urls")),
    path("holdings/", include("qidang.web.holdings.urls")),
    path("intake/projects/", include("qidang.web.onboarding.urls")),
    path("intake/", include("qidang.web.intake.urls")),
    path("lists/", include("qidang.web.lists.urls")),
    path("log/", include("qidang.web.log.urls")),
    path("custom-fields/", include("qidang.web.custom_fields.urls")),
    path("numbering/", include("qidang.web.numbering.urls")),
    path("search/", include("qidang.web.search.urls")),
    path("versions/", include("qidang.web.viewer.urls")),
]
