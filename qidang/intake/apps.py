"""The intake room."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The intake room."""

    name = "qidang.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
