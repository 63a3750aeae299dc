"""Columns of a project's lists."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qidang.intake.columns import LABELS
from qidang.intake.models import Arrival, Difference, LedgerRow, Match
from qidang.web.lists.columns import Column
from qidang.web.templatetags.trade import chip, money, person

MATCH_TONES = {"proposed": "soon", "standing": "done", "declined": "idle"}
SURE_TONES = {"certain": "done", "likely": "busy", "possible": "soon"}
FILE_TONES = {"waiting": "busy", "reading": "busy", "to_review": "soon", "duplicate": "soon", "refused": "late"}
DIFFERENCE_TONES = {"open": "soon", "kept": "idle", "taken": "done"}


def _file(arrival: Arrival) -> SafeString:
    href = reverse("intake:review", args=[arrival.uid])
    return format_html('<a href="{}" title="{}">{}</a>', href, arrival.path or arrival.filename, arrival.filename)


def _where(arrival: Arrival) -> str:
    folder, _slash, _name = arrival.path.rpartition("/")
    return folder


def _row_name(row: LedgerRow) -> str:
    values = row.values
    return " ".join(filter(None, [values.get("number", ""), values.get("title", "")])) or say("第 %s 行") % row.number


def _row(row: LedgerRow) -> SafeString | str:
    """The row by its words, leading to its contract where the person may see that."""
    words = _row_name(row)
    if row.contract is None:
        return words
    return format_html('<a href="{}">{}</a>', reverse("contracts:show", args=[row.contract.uid]), words)


def _why(match: Match) -> str:
    told = match.told
    if match.way == "text":
        told = say("、").join(str(LABELS["counterparty" if name == "party" else name]) for name in told.split())
    return f"{match.get_way_display()} {told}".strip()


def _place(row: LedgerRow) -> str:
    return say("%(sheet)s 第 %(row)s 行") % {"sheet": row.sheet.filename, "row": row.number}


def _by(thing: Match | Difference) -> str:
    return thing.by.name if thing.by else ""


MATCHES = (
    Column("file", _("文件"), lambda m: m.arrival.path or m.arrival.filename, lambda m: _file(m.arrival), "first clip"),
    Column("row", _("台账行"), lambda m: _row_name(m.row), lambda m: _row(m.row), "title clip"),
    Column("customer", _("客户"), lambda m: m.row.values.get("counterparty", ""), None, "clip-narrow clip"),
    Column("why", _("依据"), _why, None, "clip named"),
    Column(
        "sure",
        _("把握"),
        lambda m: m.get_sure_display(),
        lambda m: chip(SURE_TONES[m.sure], m.get_sure_display()),
        "tight",
    ),
    Column("clashes", _("疑点"), lambda m: say("；").join(m.clash_labels), None, "clip named"),
    Column(
        "state",
        _("状态"),
        lambda m: m.get_state_display(),
        lambda m: chip(MATCH_TONES[m.state], m.get_state_display()),
        "tight state",
    ),
    Column("by", _("处理人"), _by, lambda m: person(m.by), "tight extra"),
    Column("place", _("台账位置"), lambda m: _place(m.row), None, "tight extra"),
)
ROWS = (
    Column("row", _("台账行"), _row_name, _row, "first clip"),
    Column("customer", _("客户"), lambda r: r.values.get("counterparty", ""), None, "title clip"),
    Column("amount", _("合同金额"), lambda r: r.amount, lambda r: money(r.amount), "money"),
    Column("signed_on", _("签订日期"), lambda r: r.signed_on, None, "tight num named"),
    Column("path", _("文件路径"), lambda r: r.values.get("path", ""), None, "clip extra"),
    Column("place", _("台账位置"), _place, None, "tight extra"),
)


def _state(arrival: Arrival) -> SafeString:
    return chip(FILE_TONES.get(arrival.state, "idle"), arrival.get_state_display())


def _received(arrival: Arrival) -> str:
    return f"{timezone.localtime(arrival.received_at):%Y-%m-%d %H:%M}"


FILES = (
    Column("file", _("文件"), lambda a: a.filename, _file, "first clip"),
    Column("folder", _("文件夹"), _where, None, "clip named"),
    Column("title", _("读出的名称"), lambda a: a.title, None, "title clip"),
    Column("number", _("读出的编号"), lambda a: a.number_read, None, "tight num named"),
    Column("pages", _("页数"), lambda a: a.pages or None, None, "right num extra"),
    Column("state", _("状态"), lambda a: a.get_state_display(), _state, "tight state"),
    Column("message", _("说明"), lambda a: a.message, None, "clip extra"),
    Column("received", _("收到"), _received, None, "tight num extra"),
)


def _percent(difference: Difference) -> str:
    return f"{difference.surety * 100:.0f}%"


def _differing(difference: Difference) -> Any:
    return LABELS[difference.field]


DIFFERENCES = (
    Column("row", _("台账行"), lambda d: _row_name(d.match.row), lambda d: _row(d.match.row), "first clip"),
    Column("field", _("栏目"), lambda d: str(_differing(d)), None, "tight named"),
    Column("in_sheet", _("台账写的"), lambda d: d.in_sheet, None, "title clip"),
    Column("in_paper", _("原文读出的"), lambda d: d.in_paper, None, "clip named"),
    Column("surety", _("识读把握"), _percent, None, "right num extra"),
    Column(
        "file", _("文件"), lambda d: d.match.arrival.filename, lambda d: _file(d.match.arrival), "clip-narrow named"
    ),
    Column(
        "state",
        _("状态"),
        lambda d: d.get_state_display(),
        lambda d: chip(DIFFERENCE_TONES[d.state], d.get_state_display()),
        "tight state",
    ),
    Column("by", _("处理人"), _by, lambda d: person(d.by), "tight extra"),
    Column("place", _("台账位置"), lambda d: _place(d.match.row), None, "tight extra"),
)
