"""Failed sign-ins, counted whether or not such a person exists, so that a lock reveals nothing."""

from django.db import models


class Failures(models.Model):
    """登录失败计数: failures at one door (kept as a keyed digest) since a moment, and the lock they led to."""

    digest = models.CharField(max_length=64, unique=True)
    name_digest = models.CharField(max_length=64, blank=True)  # empty where the door is an address
    count = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["name_digest"], name="failures_of_a_name")]

    def __str__(self) -> str:
        return f"{self.digest[:12]}: {self.count}"
