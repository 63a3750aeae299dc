"""Addresses of companies."""

from django.urls import path

from qidang.web.companies import views

app_name = "companies"
urlpatterns = [
    path("", views.companies, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:uid>/", views.show, name="show"),
    path("<uuid:uid>/edit/", views.edit, name="edit"),
    path("<uuid:uid>/aliases/", views.alias, name="alias"),
]
