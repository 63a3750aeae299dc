"""The accounts room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts room."""

    name = "qidang.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
