"""Columns of 待归档 and 档案库."""

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from qidang.contracts.models import Contract
from qidang.holdings.models import Record
from qidang.web.contracts.chips import scan_chip
from qidang.web.lists.columns import Column
from qidang.web.templatetags.trade import chip, money, person


def _file_it(contract: Contract) -> SafeString:
    href = reverse("contracts:filing", args=[contract.uid])
    return format_html('<a class="btn btn-small" href="{}">{}</a>', href, pgettext("动作", "归档"))


def _number(contract: Contract) -> SafeString:
    href = reverse("contracts:show", args=[contract.uid])
    return format_html('<a href="{}">{}</a>', href, contract.number or contract.number_on_paper or say("（无编号）"))


TO_FILE = (
    Column("number", _("合同编号"), lambda c: c.number, _number, "first tight num", is_fixed=True),
    Column("title", _("合同名称"), lambda c: c.title, None, "title clip", is_fixed=True),
    Column("counterparty", _("客户"), lambda c: c.counterparty_name, None, "clip-narrow clip", is_default=True),
    Column(
        "amount", _("合同金额"), lambda c: c.amount, lambda c: money(c.amount, c.currency), "money", is_default=True
    ),
    Column("signed_on", _("签订日期"), lambda c: c.signed_on, None, "tight num named", is_default=True),
    Column("owner", _("承办人"), lambda c: c.owner.name, lambda c: person(c.owner), "tight extra", is_default=True),
    Column(
        "scan", _("扫描件"), lambda c: say("有") if c.has_scan else say("无"), scan_chip, "tight state", is_default=True
    ),
    Column("act", pgettext_lazy("表头", "操作"), lambda c: "", _file_it, "tight right", is_default=True),
)


def _reference(record: Record) -> SafeString:
    href = reverse("contracts:show", args=[record.contract.uid])
    return format_html('<a href="{}">{}</a>', href, record.reference)


def _state(record: Record) -> SafeString:
    return chip("late", say("已撤销")) if record.is_cancelled else chip("done", say("在馆"))


RECORDS = (
    Column("reference", _("档号"), lambda r: r.reference, _reference, "first tight num", is_fixed=True),
    Column("title", _("题名"), lambda r: r.title, None, "title clip", is_fixed=True),
    Column("number", _("文号"), lambda r: r.document_number, None, "tight num extra", is_default=True),
    Column("responsible", _("责任者"), lambda r: r.responsible, None, "clip-narrow clip", is_default=True),
    Column("dated_on", _("日期"), lambda r: r.dated_on, None, "tight num named", is_default=True),
    Column("retention", _("保管期限"), lambda r: str(r.retention), None, "tight extra", is_default=True),
    Column("until", _("保管至"), lambda r: r.keep_until or say("永久"), None, "tight num named", is_default=True),
    Column("pages", _("页数"), lambda r: r.pages, None, "right num extra", is_default=True),
    Column("filed_by", _("归档人"), lambda r: r.filed_by.name, None, "tight extra", is_default=True),
    Column("filed_at", _("归档时间"), lambda r: f"{timezone.localtime(r.filed_at):%Y-%m-%d}", None, "tight num extra"),
    Column("org", _("机构"), lambda r: r.org, None, "tight num extra"),
    Column("secrecy", _("密级"), lambda r: r.get_secrecy_display(), None, "tight extra"),
    Column(
        "state",
        _("状态"),
        lambda r: say("已撤销") if r.is_cancelled else say("在馆"),
        _state,
        "tight state",
        is_default=True,
    ),
)
