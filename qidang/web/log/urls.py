"""Addresses of the operation log."""

from django.urls import path

from qidang.web.log import views

app_name = "log"
urlpatterns = [
    path("", views.entries, name="entries"),
    path("export/", views.export, name="export"),
]
