"""Columns of the register (合同台账): standards.md §4 and what people expect to see."""

from collections.abc import Callable
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qidang.contracts.choices import ContractType, FilingStatus, Kind, Secrecy, Status
from qidang.contracts.models import Contract
from qidang.kit.clock import today
from qidang.web.contracts.chips import clash_chip, filing_chip, status_chip, unchecked_chip
from qidang.web.lists.columns import Column
from qidang.web.templatetags.trade import days_left, money

NEAR = 90  # days


def _number(contract: Contract) -> str:
    return contract.number or contract.number_on_paper or say("（无编号）")


def _linked(contract: Contract) -> SafeString:
    link = format_html('<a href="{}">{}</a>', reverse("contracts:show", args=[contract.uid]), _number(contract))
    return format_html("{} {}", link, clash_chip()) if getattr(contract, "is_clashing", False) else link


def _clash(contract: Contract) -> str:
    return say("编号冲突") if getattr(contract, "is_clashing", False) else ""


def _expiry(contract: Contract) -> SafeString | str:
    """The day, with the days left where they are few; what is past says so by its status."""
    on = contract.expires_on
    if on is None:
        return ""
    near = contract.status == Status.IN_FORCE and (on - today()).days <= NEAR
    return format_html("{}{}", on.isoformat(), days_left(on)) if near else on.isoformat()


def _owner(contract: Contract) -> SafeString:
    """The name, and on hovering who it is; the contract's department stands for the person's: no query a row."""
    owner = contract.owner
    who = f"{contract.department.name} · {owner.employee_no or owner.username}"
    return format_html('<span class="person" title="{}">{}</span>', who, owner.name)


def _word(choices: type[TextChoices], name: str) -> Callable[[Contract], str]:
    """The word of a choice; ``get_…_display`` hashes every label of the list at every cell."""
    return lambda contract: str(choices(getattr(contract, name)).label)


def _day(name: str) -> Callable[[Contract], Any]:
    return lambda contract: getattr(contract, name)


def _shown_day(name: str) -> Callable[[Contract], str]:
    return lambda contract: str(getattr(contract, name) or "")


def _money(name: str) -> Callable[[Contract], str]:
    return lambda contract: money(getattr(contract, name), contract.currency)


def _rate(contract: Contract) -> str:
    return "" if contract.vat_rate is None else f"{(contract.vat_rate * 100).normalize():f}%"


COLUMNS = (
    Column("number", _("合同编号"), _number, _linked, "first tight num", "number", is_fixed=True),
    Column("title", _("合同名称"), lambda c: c.title, classes="title clip", sort="title", is_fixed=True),
    Column(
        "counterparty", _("客户"), lambda c: c.counterparty_name, None, "clip-narrow clip", "counterparty_name", True
    ),
    Column("type", _("合同类型"), _word(ContractType, "contract_type"), None, "tight extra", is_default=True),
    Column("amount", _("合同金额"), lambda c: c.amount, _money("amount"), "money", "amount", True),
    Column(
        "signed_on", _("签订日期"), _day("signed_on"), _shown_day("signed_on"), "tight num named", "signed_on", True
    ),
    Column("expires_on", _("到期日期"), _day("expires_on"), _expiry, "tight num named", "expires_on", True),
    Column("status", _("合同状态"), _word(Status, "status"), status_chip, "tight state", is_default=True),
    Column("filing", _("归档"), _word(FilingStatus, "filing_status"), filing_chip, "tight extra", is_default=True),
    Column("history", _("历史登记"), lambda c: say("历史登记") if c.past_state else "", None, "tight extra"),
    Column("owner", _("承办人"), lambda c: c.owner.name, _owner, "tight extra", is_default=True),
    Column("reference", _("档号"), lambda c: c.reference, None, "tight num extra"),
    Column("department", _("承办部门"), lambda c: c.department.name, None, "tight extra"),
    Column("unit", _("我方主体"), lambda c: c.unit.name, None, "clip-narrow clip extra"),
    Column("kind", _("合同类别"), _word(Kind, "kind"), None, "tight extra"),
    Column("our_role", _("我方角色"), lambda c: c.get_our_role_display() if c.our_role else "", None, "tight extra"),
    Column("paper_number", _("纸面编号"), lambda c: c.number_on_paper, None, "tight num extra"),
    Column("old_reference", _("原档号"), lambda c: c.old_reference, None, "tight num extra"),
    Column(
        "clash",
        _("编号冲突"),
        lambda c: say("编号冲突") if getattr(c, "is_clashing", False) else "",
        None,
        "tight extra",
    ),
    Column("their_number", _("对方编号"), lambda c: c.counterparty_number, None, "tight num extra"),
    Column("currency", _("币种"), lambda c: c.currency, None, "tight extra"),
    Column("net", _("不含税金额"), lambda c: c.amount_excl_tax, _money("amount_excl_tax"), "money extra"),
    Column("rate", _("税率"), lambda c: c.vat_rate, _rate, "right extra"),
    Column("in_force_on", _("生效日期"), _day("in_force_on"), _shown_day("in_force_on"), "tight num extra"),
    Column("delivery_on", _("交付日期"), _day("delivery_on"), _shown_day("delivery_on"), "tight num extra"),
    Column("payment", _("付款方式"), lambda c: c.payment_terms, None, "clip-narrow clip extra"),
    Column("scan", _("扫描件"), lambda c: say("有") if c.has_scan else say("无"), None, "tight extra"),
    Column("originals", _("正本份数"), lambda c: c.originals, None, "right extra"),
    Column("originals_back", _("已收回份数"), lambda c: c.originals_back, None, "right extra"),
    Column("duplicates", _("副本份数"), lambda c: c.duplicates, None, "right extra"),
    Column("holder", _("原件保管人"), lambda c: c.original_holder, None, "tight extra"),
    Column("place", _("存放位置"), lambda c: c.place, None, "clip-narrow clip extra"),
    Column("binder", _("装订卷册"), lambda c: c.binder, None, "clip-narrow clip extra"),
    Column("unchecked", _("未核"), lambda c: c.unchecked or "", unchecked_chip, "tight extra"),
    Column("secrecy", _("密级"), _word(Secrecy, "secrecy"), None, "tight extra"),
    Column(
        "registered_at",
        _("登记时间"),
        lambda c: f"{c.registered_at:%Y-%m-%d}",
        None,
        "tight num extra",
        "registered_at",
    ),
    Column("remarks", _("备注"), lambda c: c.remarks, None, "clip-narrow clip extra"),
)
