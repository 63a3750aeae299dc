"""The web room."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web room."""

    name = "qidang.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
