"""People."""

from django.contrib.auth.models import AbstractUser

from qidang.kit.ids import uuid7
from django.db import models


class User(AbstractUser):
    """人员."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ledger_kind = "user"

    @property
    def ledger_name(self) -> str:
        """The name as the ledger writes it."""
        return self.get_full_name() or self.username
