"""重新识读: text that was lost and that somebody waits for."""

from __future__ import annotations

from django.db import models


class Rereading(models.Model):
    """重新识读: which bytes the worker is to read again, since when, and the code where it could not."""

    sha256 = models.CharField(max_length=64, unique=True)
    filename = models.CharField(max_length=255)
    asked_at = models.DateTimeField()
    code = models.CharField(max_length=60, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.filename
