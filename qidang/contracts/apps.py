"""The contracts room."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """The contracts room."""

    name = "qidang.contracts"
    label = "contracts"
    default_auto_field = "django.db.models.BigAutoField"
