"""One chip per status axis of a contract: its tone and its word."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qidang.contracts.choices import FilingStatus, Secrecy, Status
from qidang.contracts.originals import is_lacking
from qidang.kit.clock import today
from qidang.web.templatetags.trade import chip

TONES = {
    Status.DRAFT: "idle",
    Status.PENDING: "busy",
    Status.IN_FORCE: "done",
    Status.EXPIRED: "late",
    Status.CLOSED: "idle",
    Status.TERMINATED: "idle",
    Status.VOID: "late",
    Status.WITHDRAWN: "late",
    Status.MERGED: "idle",
}


def status_chip(contract: Any) -> SafeString:
    """合同状态; that a past contract ended long ago is nothing to be alarmed by."""
    if contract.past_state and contract.status == Status.EXPIRED:
        return chip("idle", Status.EXPIRED.label)
    return chip(TONES.get(contract.status, "idle"), Status(contract.status).label)


def filing_chip(contract: Any) -> SafeString:
    """归档状态."""
    tone = "done" if contract.filing_status == FilingStatus.FILED else "idle"
    return chip(tone, FilingStatus(contract.filing_status).label)


def secrecy_chip(contract: Any) -> SafeString:
    """密级, shown where it is more than 内部."""
    tone = "late" if contract.secrecy == Secrecy.CORE else "soon"
    shown = contract.secrecy in (Secrecy.SECRET, Secrecy.CORE)
    return chip(tone, Secrecy(contract.secrecy).label) if shown else SafeString("")


def unchecked_chip(contract: Any) -> SafeString:
    """未核, shown where nobody has checked some field."""
    words = _("%(count)s 项未核") % {"count": contract.unchecked}
    return chip("soon", words) if contract.unchecked else SafeString("")


def scan_chip(contract: Any) -> SafeString:
    """扫描件."""
    return chip("done", _("有扫描件")) if contract.has_scan else chip("soon", _("缺扫描件"))


def originals_chip(contract: Any) -> SafeString:
    """缺原件, where the originals should have come back by now."""
    return chip("soon", _("缺原件")) if is_lacking(contract, today()) else SafeString("")


def history_chip(contract: Any) -> SafeString:
    """历史登记, shown on past contracts."""
    return chip("idle", _("历史登记 · 未经本系统审批")) if contract.past_state else SafeString("")


def clash_chip() -> SafeString:
    """编号冲突."""
    return chip("late", _("编号冲突"))


def hold_chip() -> SafeString:
    """保全中."""
    return chip("soon", _("保全中"))


def of_contract(contract: Any) -> list[SafeString]:
    """Return the chips of a contract's page, in their order."""
    every = (status_chip, history_chip, filing_chip, scan_chip, originals_chip, secrecy_chip, unchecked_chip)
    return [one(contract) for one in every]
