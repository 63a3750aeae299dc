"""The contracts room."""

from django.apps import AppConfig

from qidang.approvals import subjects


class ContractsConfig(AppConfig):
    """The contracts room."""

    name = "qidang.contracts"
    label = "contracts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make contracts known to approvals."""
        subjects.know("contract", "qidang.contracts.approving.load")
