"""收集批次."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qidang.accounts.scopes import reach
from qidang.kit.clock import now
from qidang.kit.ids import Identified

if TYPE_CHECKING:
    from qidang.accounts.models import User


class Source(models.TextChoices):
    """The way by which the papers of a batch came."""

    UPLOAD = "upload", _("网页上传")
    COMMAND = "command", _("命令行")
    FOLDER = "folder", _("监视文件夹")
    SHEET = "sheet", _("台账导入")


def takes_in(user: User) -> bool:
    """Return whether papers are in ``user``'s hands at all; who only says which folders are watched opens none."""
    return bool(reach(user, "intake.upload")) or bool(reach(user, "intake.review"))


def in_hand_of(user: User) -> models.Q:
    """Return the condition for what ``user`` took in, or reviews for the department it came to."""
    scope = reach(user, "intake.review")
    if scope.everything:
        return models.Q()
    if not takes_in(user):
        return models.Q(pk__in=[])
    return models.Q(by=user) | scope.condition(owner="by", department="department")


class BatchQuerySet(models.QuerySet["Batch"]):
    """Batches."""

    def visible_to(self, user: User) -> BatchQuerySet:
        """Return what the user took in himself and what came to departments that he reviews."""
        return self.filter(in_hand_of(user))

    def with_counts(self) -> BatchQuerySet:
        """Add ``n_all`` and one count per state, in the same query."""
        from .arrival import State  # noqa: PLC0415  (an arrival knows its batch, so the batch can know it only here)

        counts: dict[str, Any] = {"n_all": models.Count("arrivals")}
        for state in State:
            counts[f"n_{state.value}"] = models.Count("arrivals", filter=models.Q(arrivals__state=state))
        return self.annotate(**counts)


class Batch(Identified):
    """收集批次: papers that came in together, by one person, for one department."""

    source = models.CharField(max_length=10, choices=Source.choices)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", null=True, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey("intake.Project", null=True, on_delete=models.PROTECT, related_name="batches")
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)
    registers_by_itself = models.BooleanField(default=False)
    is_queued = models.BooleanField(default=False)
    worked_at = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()
    ledger_kind = "batch"

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["by", "-id"], name="batch_by_newest")]

    @property
    def keeper(self) -> User | None:
        """Whose contracts these papers become: who took them in, or nobody where a command or the system did."""
        return None if self.by.is_service or not self.by.is_active else self.by

    def __str__(self) -> str:
        return self.note or f"{self.get_source_display()} {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"
