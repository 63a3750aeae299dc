"""检索 addresses."""

from django.urls import path

from qidang.web.search import views

app_name = "search"
urlpatterns = [
    path("", views.page, name="page"),
    path("suggestions/", views.suggestions, name="suggestions"),
    path("forgetting/", views.forget, name="forget"),
]
