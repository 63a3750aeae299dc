"""Columns of the list of companies."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qidang.web.lists.columns import Column
from qidang.web.templatetags.trade import chip


def _linked(company: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("companies:show", args=[company.uid]), company.name)


def _kind(company: Any) -> str:
    return say("我方") if company.is_ours else say("客户")


def _kind_chip(company: Any) -> SafeString:
    return chip("busy" if company.is_ours else "idle", _kind(company))


COLUMNS = (
    Column("name", _("名称"), lambda c: c.name, _linked, "first tight", sort="name", is_fixed=True),
    Column("uscc", _("统一社会信用代码"), lambda c: c.uscc, None, "tight num", sort="uscc", is_default=True),
    Column(
        "aliases",
        pgettext_lazy("复数", "别名"),
        lambda c: say("、").join(a.name for a in c.aliases.all()),
        None,
        "clip extra",
        is_default=True,
    ),
    Column("code", _("代码"), lambda c: c.code, None, "tight num extra", sort="code"),
    Column(
        "codes",
        _("外部系统代码"),
        lambda c: say("、").join(str(one) for one in c.codes.all()),
        None,
        "clip-narrow clip extra",
    ),
    Column("address", _("地址"), lambda c: c.address, None, "clip-narrow clip extra", is_default=True),
    Column(
        "added",
        _("收录日期"),
        lambda c: localdate(c.added_at),
        lambda c: str(localdate(c.added_at)),
        "tight num extra",
        sort="added",
    ),
    Column("kind", _("类别"), _kind, _kind_chip, "tight state", is_default=True),
)
