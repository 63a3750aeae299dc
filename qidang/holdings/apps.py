"""The holdings room."""

from django.apps import AppConfig


class HoldingsConfig(AppConfig):
    """The holdings room."""

    name = "qidang.holdings"
    label = "holdings"
    default_auto_field = "django.db.models.BigAutoField"
