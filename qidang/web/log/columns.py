"""Columns of the operation log."""

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from qidang.ledger import Entry, phrases
from qidang.web.links import link_to
from qidang.web.lists.columns import Column
from qidang.web.log.forms import CHAINS


def _at(entry: Entry) -> str:
    return f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"


def _act(entry: Entry) -> str:
    return phrases.label(entry.act, get_language() or "zh")


def _subjects(entry: Entry) -> str:
    return gettext("、").join(subject.name for subject in entry.subjects.all())


def _linked(entry: Entry) -> SafeString:
    links = ((link_to(subject.kind, subject.uid), subject.name) for subject in entry.subjects.all())
    return format_html_join(gettext("、"), "{}", ((_anchor(href, name),) for href, name in links))


def _anchor(href: str, name: str) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', href, name) if href else name


COLUMNS = (
    Column("at", _("时间"), _at, classes="first tight num", is_fixed=True),
    Column("actor", _("操作人"), lambda entry: entry.actor_name, classes="tight", is_default=True),
    Column("act", _("动作"), _act, classes="title tight", is_default=True),
    Column("subjects", _("对象"), _subjects, shown=_linked, classes="clip", is_default=True),
    Column("address", _("地址"), lambda entry: entry.address, classes="tight num extra", is_default=True),
    Column("chain", _("类别"), lambda entry: str(dict(CHAINS)[entry.chain]), classes="tight extra"),
    Column("seq", _("序号"), lambda entry: entry.seq, classes="right num extra", is_default=True),
    Column("code", _("代码"), lambda entry: entry.act, classes="tight code extra"),
)
