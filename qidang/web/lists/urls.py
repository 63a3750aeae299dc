"""Addresses for how lists look."""

from django.urls import path

from qidang.web.lists import views

app_name = "lists"
urlpatterns = [
    path("<slug:page>/columns/", views.columns, name="columns"),
    path("<slug:page>/views/", views.keep, name="keep"),
    path("<slug:page>/views/<int:pk>/drop/", views.drop, name="drop"),
]
