"""匹配与差异."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from qidang.kit.clock import now

from .arrival import Arrival
from .project import Project
from .row import LedgerRow

if TYPE_CHECKING:
    from qidang.accounts.models import User


class MatchWay(models.TextChoices):
    """By what a file was matched to its row (``intake.matching.Way``)."""

    PATH = "path", _("路径列")
    FILENAME = "filename", _("文件名里的编号")
    FOLDER = "folder", _("文件夹名里的编号")
    NUMBER_READ = "number_read", _("正文里的编号")
    TEXT = "text", _("正文里的客户、金额、日期")
    PERSON = "person", _("人工指定")


class MatchSure(models.TextChoices):
    """How sure a match is."""

    CERTAIN = "certain", _("确定")
    LIKELY = "likely", _("很可能")
    POSSIBLE = "possible", _("可能")


class MatchClash(models.TextChoices):
    """What speaks against a match."""

    NUMBER_TWICE = "number_twice", _("台账里有几行是这个编号")
    SEVERAL_ROWS = "several_rows", _("文件对得上几行")
    SEVERAL_FILES = "several_files", _("几个文件对得上这一行")
    OTHER_NUMBER = "other_number", _("正文里是别的编号")
    TEXT_DIFFERS = "text_differs", _("正文里的客户和金额都不同")
    PART_OF_LONGER = "part_of_longer", _("可能只是更长编号的一部分")
    FOLDER_DIFFERS = "folder_differs", _("文件夹名里是别的编号")


class MatchState(models.TextChoices):
    """Where a match stands."""

    PROPOSED = "proposed", _("待确认")
    STANDING = "standing", _("已匹配")
    DECLINED = "declined", _("不是")


class MatchQuerySet(models.QuerySet["Match"]):
    """Matches of files with rows."""

    def visible_to(self, user: User) -> MatchQuerySet:
        """Return the matches of the projects that the user may see."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def standing(self) -> MatchQuerySet:
        """Return those by which a file is a paper of its row's contract."""
        return self.filter(state=MatchState.STANDING)


class Match(models.Model):
    """匹配: a file belongs to a row of the ledger, says the machine or a person; with why and how sure.

    ``told`` is what was found (the path, the number, the fields that agree); ``clashes`` are the words of
    ``MatchClash`` that speak against it, parted by blanks. ``document`` is the paper of the contract it became.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="matches")
    arrival = models.ForeignKey(Arrival, on_delete=models.PROTECT, related_name="matches")
    row = models.ForeignKey(LedgerRow, on_delete=models.PROTECT, related_name="matches")
    way = models.CharField(max_length=12, choices=MatchWay.choices)
    sure = models.CharField(max_length=10, choices=MatchSure.choices)
    told = models.CharField(max_length=200, blank=True)
    clashes = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=MatchState.choices, default=MatchState.PROPOSED)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    document = models.ForeignKey("contracts.Document", null=True, on_delete=models.PROTECT, related_name="+")
    compared_at = models.DateTimeField(null=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["arrival", "row"], name="match_once_per_file_and_row")]
        indexes = [models.Index(fields=["project", "state", "sure", "id"], name="match_in_project")]

    def __str__(self) -> str:
        return f"{self.arrival} → {self.row}"

    @property
    def clash_labels(self) -> list[str]:
        """What speaks against it, in words."""
        return [str(MatchClash(clash).label) for clash in self.clashes.split()]


class DifferenceState(models.TextChoices):
    """What became of a difference."""

    OPEN = "open", _("待看")
    KEPT = "kept", _("用台账的")
    TAKEN = "taken", _("用原文的")


class Difference(models.Model):
    """差异: a field of which the ledger and the paper say different things."""

    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="differences")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="differences")
    field = models.CharField(max_length=32)
    in_sheet = models.CharField(max_length=300)
    in_paper = models.CharField(max_length=300)
    surety = models.FloatField(default=0)
    state = models.CharField(max_length=6, choices=DifferenceState.choices, default=DifferenceState.OPEN)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["match", "field"], name="difference_once_per_field")]
        indexes = [models.Index(fields=["project", "state", "field", "id"], name="difference_in_project")]

    def __str__(self) -> str:
        return f"{self.field}: {self.in_sheet} / {self.in_paper}"
