"""The approvals room."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """The approvals room."""

    name = "qidang.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"
