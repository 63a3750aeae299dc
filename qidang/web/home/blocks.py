"""What waits, as blocks of the front page: a count, the first few, and the list behind it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qidang.accounts.capabilities import may
from qidang.accounts.models import User
from qidang.approvals.asking import asked_of
from qidang.contracts.choices import Status
from qidang.contracts.models import Contract
from qidang.contracts.models.sets import ContractQuerySet
from qidang.holdings.awaiting import awaiting_filing
from qidang.intake.models import Arrival, Clearing, Isolation
from qidang.kit.clock import today

ROWS = 6
SOON = 30  # days
LONGEST_SIGNED = (F("signed_on").asc(nulls_last=True), "id")


@dataclass
class Line:
    """One thing that waits."""

    title: str
    note: str
    href: str
    amount: Any = None
    currency: str = "CNY"
    due: dt.date | None = None


@dataclass
class Block:
    """Things that wait, of one kind."""

    title: str
    icon: str
    href: str
    count: int
    tone: str = "calm"
    rows: list[Line] = field(default_factory=list)


def blocks(user: User) -> Iterator[Block]:
    """Yield what concerns this person, by what he may do."""
    yield from to_decide(user)
    if may(user, "secrets.handle"):
        yield from isolated(user)
    if may(user, "secrets.handle") or may(user, "intake.clear"):
        yield from clearings(user)
    if may(user, "intake.review") or may(user, "intake.upload"):
        yield to_review(user)
    if may(user, "record.file"):
        yield to_file(user)
    if may(user, "record.file"):
        yield from lacking(Contract.objects.visible_to(user, "record.file"), "")
    elif may(user, "contract.create"):
        own = Contract.objects.visible_to(user).filter(owner=user)
        yield from (block for block in lacking(own, f"&owner={user.pk}") if block.count)
    if may(user, "contract.read"):
        yield expiring(user)
    if may(user, "contract.create"):
        yield mine(user)


def to_decide(user: User) -> Iterator[Block]:
    """待我审批."""
    seats = asked_of(user)
    count = seats.count()
    if not count:
        return
    rows = [
        Line(
            one.request.subject_name,
            one.request.requester.name,
            reverse("approvals:show", args=[one.request.uid]),
        )
        for one in seats.select_related("request__requester").order_by("-asked_at", "-id")[:ROWS]
    ]
    yield Block(_("待我审批"), icon="checks", href=reverse("approvals:todo"), count=count, tone="busy", rows=rows)


def to_review(user: User) -> Block:
    """待登记."""
    waiting = Arrival.objects.visible_to(user).to_review()
    rows = [
        Line(one.filename, f"{one.batch.created_at:%m-%d}", reverse("intake:review", args=[one.uid]))
        for one in waiting.select_related("batch")[:ROWS]
    ]
    href = reverse("intake:to_review")
    return Block(_("待登记"), icon="checklist", href=href, count=waiting.count(), rows=rows)


def isolated(user: User) -> Iterator[Block]:
    """涉密隔离: only while there is something that this system must not hold."""
    standing = Isolation.objects.visible_to(user).to_deal_with()
    count = standing.count()
    if count:
        href = reverse("intake:isolated")
        note = _("带有国家秘密标志，本系统不得存放")
        rows = [Line(str(one), note, href) for one in standing[:ROWS]]
        yield Block(_("涉密隔离"), icon="lock", href=href, count=count, tone="late", rows=rows)


def clearings(user: User) -> Iterator[Block]:
    """误传清除: only while somebody waits for the second person's decision."""
    waiting = Clearing.objects.decidable_by(user)
    count = waiting.count()
    if count:
        rows = [
            Line(one.called, one.why, reverse("intake:clearing", args=[one.uid]))
            for one in waiting.select_related("asked_by").order_by("id")[:ROWS]
        ]
        href = reverse("intake:clearings") + "?state=waiting"
        yield Block(_("误传清除待复核"), icon="trash", href=href, count=count, tone="late", rows=rows)


def to_file(user: User) -> Block:
    """待归档."""
    found = awaiting_filing(user)
    return Block(
        _("待归档"), icon="archive", href=reverse("holdings:to_file"), count=found.count(), rows=_lines(found, "filing")
    )


def lacking(among: ContractQuerySet, query: str) -> Iterator[Block]:
    """缺扫描件 and 缺原件 among these contracts, the longest signed first; ``query`` narrows the lists behind."""
    register = reverse("contracts:register")
    found, href = among.lacking_scan(), f"{register}?missing_scan=1{query}"
    count, rows = found.count(), _lines(found.order_by(*LONGEST_SIGNED), "papers")
    yield Block(_("缺扫描件"), icon="scan", href=href, count=count, rows=rows)
    found, href = among.lacking_originals(today()), f"{register}?missing_originals=1&sort=signed_on{query}"
    count, rows = found.count(), _lines(found.order_by(*LONGEST_SIGNED), "show")
    tone = "soon" if count else "calm"
    yield Block(_("缺原件"), icon="file-alert", href=href, count=count, tone=tone, rows=rows)


def expiring(user: User) -> Block:
    """即将到期."""
    now = today()
    found = Contract.objects.visible_to(user).filter(
        status=Status.IN_FORCE, expires_on__gte=now, expires_on__lte=now + dt.timedelta(days=SOON)
    )
    href = reverse("contracts:register") + f"?expires_within={SOON}&sort=expires_on"
    count = found.count()
    rows = _lines(found.order_by("expires_on", "id"), "show", with_due=True)
    return Block(
        _("即将到期"), icon="calendar-due", href=href, count=count, tone="soon" if count else "calm", rows=rows
    )


def mine(user: User) -> Block:
    """我负责的合同."""
    found = Contract.objects.visible_to(user).filter(owner=user)
    href = reverse("contracts:register") + f"?owner={user.pk}"
    rows = _lines(found.order_by("-registered_at", "-id"), "show")
    return Block(_("我负责的合同"), icon="file-text", href=href, count=found.count(), rows=rows)


def _lines(found: QuerySet[Contract], page: str, with_due: bool = False) -> list[Line]:
    return [
        Line(
            one.title,
            f"{one.number} {one.counterparty_name}",
            reverse(f"contracts:{page}", args=[one.uid]),
            one.amount,
            one.currency,
            one.expires_on if with_due else None,
        )
        for one in found[:ROWS]
    ]
