"""The reading room."""

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    """The reading room."""

    name = "qidang.reading"
    label = "reading"
    default_auto_field = "django.db.models.BigAutoField"
