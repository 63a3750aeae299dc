"""Addresses of the archive."""

from django.urls import path

from qidang.web.holdings import many, views

app_name = "holdings"
urlpatterns = [
    path("", views.records, name="records"),
    path("export/", views.export, name="export"),
    path("to-file/", views.to_file, name="to_file"),
    path("to-file/filing/", many.file, name="file_many"),
    path("papers/<uuid:uid>/filing/", views.file_paper, name="file_paper"),
    path("retention/", views.retention, name="retention"),
    path("retention/<uuid:uid>/", views.retention_rule, name="retention_rule"),
]
