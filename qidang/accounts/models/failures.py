"""Failed sign-ins, counted by name whether or not such a person exists, so that a lock reveals nothing."""

from django.db import models


class Failures(models.Model):
    """登录失败计数: consecutive failures for one typed name (kept as a keyed digest) and the lock they led to."""

    name_digest = models.CharField(max_length=64, unique=True)
    count = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name_digest[:12]}: {self.count}"
