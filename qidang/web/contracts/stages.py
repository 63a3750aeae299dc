"""阶段: 起草 → 审批 → 签署 → 履行 → 归档, worked out from a contract's facts for the bar on its page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qidang.approvals.models import Request
from qidang.contracts.choices import FilingStatus, Status
from qidang.contracts.models import Contract

DECIDED = (Request.State.RUNNING, Request.State.APPROVED)
ENDED = {Status.EXPIRED, Status.CLOSED, Status.TERMINATED}


@dataclass(frozen=True)
class Stage:
    """One stage: ``state`` is past, now, ahead or skipped."""

    word: str
    state: str
    note: str = ""


def stages(contract: Contract, approval: Request | None = None) -> list[Stage]:
    """Return the five stages; a contract registered from its signed paper skipped the approval."""
    is_past = bool(contract.past_state)
    is_signed = is_past or contract.signed_on is not None or contract.in_force_on is not None
    is_draft = contract.status == Status.DRAFT
    running = contract.status in (Status.IN_FORCE, Status.PENDING)
    is_filed = contract.filing_status == FilingStatus.FILED
    return [
        Stage(_("起草"), "now" if is_draft and not (approval and approval.state in DECIDED) else "past"),
        _approval(approval, is_draft=is_draft, is_past=is_past),
        Stage(_("签署"), "past" if is_signed else "ahead", str(contract.signed_on or "")),
        Stage(_("履行"), "now" if running else "past" if contract.status in ENDED else "ahead"),
        Stage(_("归档"), "past" if is_filed else "ahead"),
    ]


def _approval(approval: Request | None, *, is_draft: bool, is_past: bool) -> Stage:
    if approval is None:
        return Stage(_("审批"), "ahead" if is_draft else "skipped", _("未经本系统") if is_past else "")
    state = {Request.State.RUNNING: "now", Request.State.APPROVED: "past"}.get(Request.State(approval.state), "ahead")
    return Stage(_("审批"), state, approval.get_state_display())
