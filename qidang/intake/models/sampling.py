"""抽检."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qidang.kit.clock import now
from qidang.kit.ids import Identified

from .arrival import Arrival
from .project import Project


class Verdict(models.TextChoices):
    """What was said of the lot."""

    OPEN = "open", _("抽检中")
    ACCEPTED = "accepted", _("接受")
    REJECTED = "rejected", _("不接受")


class Sampling(Identified):
    """抽检: a sample drawn from what a project registered, by a seed that is kept, and what was said of the whole lot.

    The sample is ``random.Random(seed).sample(uids, size)`` of the contracts' uids in their order; ``digest`` is the
    SHA-256 of those uids, a line each, so that anybody can draw it again. ``is_given`` says that a person gave the
    size; otherwise it follows from ``margin`` and ``expected`` (Cochran). ``limit`` is the share of wrong contracts up
    to which the lot may be accepted.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="samplings")
    seed = models.PositiveBigIntegerField()
    population = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    is_given = models.BooleanField(default=False)
    margin = models.FloatField(default=0.02)
    expected = models.FloatField(default=0.02)
    limit = models.FloatField(default=0.02)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.OPEN)
    judged_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    ledger_kind = "sampling"

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(verdict="open"), name="one_open_sampling_per_project"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.at:%Y-%m-%d}"


class SampledItem(models.Model):
    """抽中的一份: a contract of the sample with its paper; ``wrong`` names the fields that are, None unlooked at."""

    sampling = models.ForeignKey(Sampling, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveIntegerField()
    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="+")
    arrival = models.ForeignKey(Arrival, null=True, on_delete=models.PROTECT, related_name="+")
    wrong = models.JSONField(null=True, default=None)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sampling", "position"]
        constraints = [models.UniqueConstraint(fields=["sampling", "position"], name="sampled_item_once")]

    def __str__(self) -> str:
        return f"{self.position}"
