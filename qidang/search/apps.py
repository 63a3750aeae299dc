"""The search room."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The search room."""

    name = "qidang.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"
