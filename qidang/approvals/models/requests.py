"""审批: a request that runs through its steps, the seats of those who are asked, and their decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qidang.accounts.models import Deputy
from qidang.accounts.scopes import reach
from qidang.approvals.models.routes import RouteVersion
from qidang.approvals.plan import Step, steps_of
from qidang.kit import clock
from qidang.kit.ids import Identified

if TYPE_CHECKING:
    from qidang.accounts.models import User


class RequestQuerySet(models.QuerySet["Request"]):
    """Sets of requests."""

    def visible_to(self, user: User) -> Self:
        """Those one made, was asked in, stands in for, got a copy of, and those within one's reach of all approvals."""
        reached = reach(user, "approval.read")
        if reached.everything:
            return self
        away = Deputy.objects.standing(clock.today()).filter(deputy=user).values("person")
        asked = Q(person=user) | Q(asked_for=user) | Q(person__in=away, state=Seat.State.OPEN)
        seats = Seat.objects.filter(asked | Q(decisions__by=user))
        within = reached.condition(owner="requester", department="department")
        return self.filter(Q(requester=user) | Q(pk__in=seats.values("request")) | within)

    def running(self) -> Self:
        """Those that wait for somebody's decision."""
        return self.filter(state=Request.State.RUNNING)


class Request(Identified):
    """审批单: about ``subject`` as it was when it was submitted (``digest``). ``plan`` are the steps that apply.

    ``lap`` counts how often steps were begun anew; what was decided in an earlier one stays readable and counts for
    the steps that were not begun again.
    """

    class State(models.TextChoices):
        """审批状态."""

        RUNNING = "RUNNING", _("审批中")
        APPROVED = "APPROVED", _("已通过")
        RETURNED = "RETURNED", _("已驳回")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    ledger_kind: ClassVar[str] = "approval"

    kind = models.CharField(max_length=30)
    subject_uid = models.UUIDField(db_index=True)
    subject_name = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    version = models.ForeignKey(RouteVersion, models.PROTECT, related_name="requests")
    plan = models.JSONField()
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey("accounts.Department", models.PROTECT, null=True, related_name="+")
    people = models.JSONField(default=dict)
    remark = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    step = models.PositiveSmallIntegerField(default=0)
    lap = models.PositiveSmallIntegerField(default=1)
    submitted_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    urged_at = models.DateTimeField(null=True)
    stuck_at = models.DateTimeField(null=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["subject_uid"],
                condition=Q(state="RUNNING"),
                name="one_running_approval_per_subject",
            ),
        ]
        indexes = [models.Index(fields=["requester", "-id"], name="approval_by_requester")]

    def __str__(self) -> str:
        return self.subject_name

    @property
    def steps(self) -> list[Step]:
        """The steps that this request goes through."""
        return steps_of(self.plan)


class SeatQuerySet(models.QuerySet["Seat"]):
    """Sets of seats."""

    def open(self) -> Self:
        """Those whose person is asked now: 待我审批."""
        return self.filter(state=Seat.State.OPEN)


class Seat(Identified):
    """席位: a person who is asked in a step, and why he; ``asked_for`` is for whom he stands in.

    ``before`` is the seat that waits for this one (前加签); ``is_extra`` seats are needed besides the step's own.
    """

    class State(models.TextChoices):
        """What has become of it."""

        WAITING = "WAITING", _("未轮到")
        OPEN = "OPEN", _("待审批")
        AGREED = "AGREED", _("已同意")
        RETURNED = "RETURNED", _("已驳回")
        LEFT = "LEFT", _("已转交")
        CLOSED = "CLOSED", _("无需审批")
        COPIED = "COPIED", _("抄送")

    class Why(models.TextChoices):
        """Why this person is asked."""

        STEP = "STEP", _("流程设定")
        DEPUTY = "DEPUTY", _("代理")
        MANAGER = "MANAGER", _("由其上级代为审批")
        OWNER = "OWNER", _("由流程负责人代为审批")
        HANDED_ON = "HANDED_ON", _("转办")
        ADDED = "ADDED", _("加签")
        COPY = "COPY", _("抄送")

    ledger_kind: ClassVar[str] = "seat"

    request = models.ForeignKey(Request, models.PROTECT, related_name="seats")
    lap = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(default=0)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    asked_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=10, choices=Why, default=Why.STEP)
    is_extra = models.BooleanField(default=False)
    before = models.ForeignKey("self", models.PROTECT, null=True, related_name="awaited")
    state = models.CharField(max_length=10, choices=State)
    asked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["lap", "step", "place", "id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["person", "asked_at"], condition=Q(state="OPEN"), name="seat_open_by_person"),
        ]

    def __str__(self) -> str:
        return str(self.request)


class Decision(Identified):
    """审批意见: what was done in a seat, by whom, with which words; never changed.

    ``stands_for`` is an earlier decision of the same person in the step before, which counts here too.
    """

    class Act(models.TextChoices):
        """What can be done."""

        AGREE = "AGREE", _("同意")
        RETURN = "RETURN", _("驳回")
        HAND_ON = "HAND_ON", _("转办")
        ADD_BEFORE = "ADD_BEFORE", _("前加签")
        ADD_AFTER = "ADD_AFTER", _("同意并后加签")

    ledger_kind: ClassVar[str] = "decision"

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="decisions")
    act = models.CharField(max_length=10, choices=Act)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opinion = models.CharField(max_length=1000, blank=True)
    to_step = models.SmallIntegerField(null=True)
    stands_for = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeated")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["seat"],
                condition=Q(act__in=["AGREE", "RETURN", "HAND_ON", "ADD_AFTER"]),
                name="one_decision_per_seat",
            ),
        ]

    def __str__(self) -> str:
        return str(self.seat)
