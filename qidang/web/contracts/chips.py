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
    Status.VOID: "late",
    Status.WITHDRAWN: "late",
    Status.MERGED: "idle",
}


def status_chip(contract: Any) -> SafeString:
    """合同状态."""
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


def hold_chip() -> SafeString:
    """保全中."""
    return chip("soon", _("保全中"))
