"""列表的样子: what each person keeps about a list page."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """常用筛选: a named query with its columns; the one without a name is how the person last set the page."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=32)
    name = models.CharField(_("名称"), max_length=40, blank=True)
    query = models.CharField(max_length=2000, blank=True)
    columns: Any = models.JSONField(default=list, blank=True)
    is_dense = models.BooleanField(default=False)
    in_wan = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="one_saved_view_per_name")]

    def __str__(self) -> str:
        return self.name or self.page
