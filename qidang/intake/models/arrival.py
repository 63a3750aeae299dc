"""到件."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from qidang.kit.clock import now
from qidang.kit.ids import Identified
from qidang.kit.refusal import Refused
from qidang.vault.fields import SealedField

from .batch import Batch, in_hand_of

if TYPE_CHECKING:
    from qidang.accounts.models import User

LEASE = dt.timedelta(minutes=3)
TRIES = 5


class State(models.TextChoices):
    """Where an arrival stands."""

    WAITING = "waiting", _("等待识读")
    READING = "reading", _("识读中")
    TO_REVIEW = "to_review", _("待登记")
    REGISTERED = "registered", _("已登记")
    OPENED = "opened", _("已展开")
    ARRANGED = "arranged", _("已整理")
    DUPLICATE = "duplicate", _("重复")
    REFUSED = "refused", _("未能识读")
    WITHDRAWN = "withdrawn", _("已撤回")
    ISOLATED = "isolated", _("已隔离")
    CLEARED = "cleared", _("已清除")


UNREAD = (State.WAITING, State.READING)
WORKABLE = (State.TO_REVIEW, State.DUPLICATE, State.REFUSED)  # a person may still decide


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    """Arrivals."""

    def visible_to(self, user: User) -> ArrivalQuerySet:
        """Return what the user took in himself and what came to departments that he reviews."""
        return self.filter(batch__in=Batch.objects.filter(in_hand_of(user)))

    def to_review(self) -> ArrivalQuerySet:
        """待登记: what a person has to look at, oldest first."""
        return self.filter(state=State.TO_REVIEW).order_by("id")

    def unread(self, at: dt.datetime) -> ArrivalQuerySet:
        """Return what waits to be read, and what a dead worker left half read before ``at``."""
        left = models.Q(state=State.READING, lease_until__lt=at)
        return self.filter(models.Q(state=State.WAITING) | left).order_by("id")

    def claim(self, many: int, *, newest_first: bool = False, only_asked: bool = False) -> list[Arrival]:
        """Take up to ``many`` unread arrivals for reading; call inside a transaction.

        What a person has opened comes first. What a dead worker left comes last, so that a file at which workers die
        keeps no other from being read. ``only_asked`` takes nothing but what was opened.
        """
        at, order = now(), "-id" if newest_first else "id"
        waiting, left = self.filter(state=State.WAITING), self.filter(state=State.READING, lease_until__lt=at)
        unread_first = [waiting.exclude(asked_at=None).order_by("-asked_at")]
        if not only_asked:
            unread_first += [waiting.filter(asked_at=None).order_by(order), left.order_by("id")]
        taken: list[Arrival] = []
        for unread in unread_first:
            locked = unread.select_for_update(skip_locked=True, of=("self",)).select_related("blob")
            taken += locked[: many - len(taken)]
            if len(taken) == many:
                break
        self.filter(pk__in=[arrival.pk for arrival in taken]).update(
            state=State.READING, lease_until=at + LEASE, attempts=models.F("attempts") + 1
        )
        for arrival in taken:
            arrival.state, arrival.attempts = State.READING, arrival.attempts + 1
        return taken


class Arrival(Identified):
    """到件: one file as it came in; it is never changed, only its state is."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="arrivals")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="members")
    filename = models.CharField(max_length=255)
    path = models.CharField(max_length=1000, blank=True)
    blob = models.ForeignKey("vault.Blob", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    state_before = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=60, blank=True)
    contract = models.ForeignKey("contracts.Contract", null=True, on_delete=models.PROTECT, related_name="arrivals")
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    received_at = models.DateTimeField(default=now)
    asked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    password = SealedField(blank=True, default="")
    media_type = models.CharField(max_length=100, blank=True)
    reader_version = models.CharField(max_length=20, blank=True)
    is_contract = models.BooleanField(null=True)
    pages = models.PositiveIntegerField(default=0)
    ocr_pages = models.PositiveIntegerField(default=0)
    chars = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    title = models.CharField(max_length=200, blank=True)
    number_read = models.CharField(max_length=100, blank=True, db_index=True)
    likeness = models.BigIntegerField(null=True, db_index=True)

    objects = ArrivalQuerySet.as_manager()
    ledger_kind = "arrival"

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["batch", "state", "id"], name="arrival_in_batch"),
            models.Index(fields=["state", "id"], name="arrival_by_state"),
            models.Index(
                fields=["batch", "asked_at"],
                condition=models.Q(asked_at__isnull=False, state=State.WAITING),
                name="arrival_asked_for",
            ),
            models.Index(fields=["batch", "read_at"], name="arrival_by_reading"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def message(self) -> str:
        """Why it stands where it stands, in the language that is active; empty when there is nothing to say."""
        return Refused(self.code, filename=self.filename).message if self.code else ""

    @property
    def next_step(self) -> str:
        """What to do about ``code``."""
        return Refused(self.code, filename=self.filename).next_step if self.code else ""

    @property
    def is_open(self) -> bool:
        """True while a person may still register, withdraw or retry it."""
        return self.state in WORKABLE
