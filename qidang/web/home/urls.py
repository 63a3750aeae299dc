"""Addresses of the front page."""

from django.urls import path

from qidang.web.home import views

app_name = "home"
urlpatterns = [
    path("", views.page, name="page"),
    path("counts/", views.counts, name="counts"),
    path("words/", views.words, name="words"),
]
