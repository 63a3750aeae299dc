"""阶段: 起草 → 审批 → 签署 → 履行 → 归档, worked out from a contract's facts for the bar on its page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qidang.contracts.choices import FilingStatus, Status
from qidang.contracts.models import Contract

ENDED = {Status.EXPIRED, Status.CLOSED, Status.TERMINATED}


@dataclass(frozen=True)
class Stage:
    """One stage: ``state`` is past, now, ahead or skipped."""

    word: str
    state: str
    note: str = ""


def stages(contract: Contract) -> list[Stage]:
    """Return the five stages; a contract registered from its signed paper skipped the approval."""
    is_past = bool(contract.past_state)
    is_signed = is_past or contract.signed_on is not None or contract.in_force_on is not None
    is_draft = contract.status == Status.DRAFT
    running = contract.status in (Status.IN_FORCE, Status.PENDING)
    is_filed = contract.filing_status == FilingStatus.FILED
    return [
        Stage(_("起草"), "now" if is_draft else "past"),
        Stage(_("审批"), "ahead" if is_draft else "skipped", _("未经本系统") if is_past else ""),
        Stage(_("签署"), "past" if is_signed else "ahead", str(contract.signed_on or "")),
        Stage(_("履行"), "now" if running else "past" if contract.status in ENDED else "ahead"),
        Stage(_("归档"), "past" if is_filed else "ahead"),
    ]
