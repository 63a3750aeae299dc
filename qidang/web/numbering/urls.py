"""Addresses of the number rules."""

from django.urls import path

from qidang.web.numbering import views

app_name = "numbering"
urlpatterns = [
    path("", views.rules, name="rules"),
    path("preview/", views.preview, name="preview"),
    path("gaps/", views.gaps, name="gaps"),
    path("rules/<int:pk>/ending/", views.end, name="end"),
    path("units/<uuid:uid>/voiding/", views.void, name="void"),
]
