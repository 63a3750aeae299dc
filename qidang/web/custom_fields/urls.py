"""Addresses of the custom fields' definitions."""

from django.urls import path

from qidang.web.custom_fields import views

app_name = "custom_fields"
urlpatterns = [
    path("", views.fields, name="list"),
    path("<uuid:uid>/", views.edit, name="edit"),
    path("<uuid:uid>/closing/", views.closing, name="closing"),
    path("<uuid:uid>/reopening/", views.reopening, name="reopening"),
]
