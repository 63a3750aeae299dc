"""Columns of the list of people."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qidang.accounts.models import User
from qidang.web.lists.columns import Column
from qidang.web.templatetags.trade import chip


def _linked(person: User) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("people:person", args=[person.uid]), person.name)


def _roles(person: User) -> str:
    return say("、").join(role.name for role in person.roles.all())


def _state(person: User) -> str:
    return say("在用") if person.is_active else say("已停用")


def _state_chip(person: User) -> SafeString:
    return chip("done" if person.is_active else "idle", _state(person))


PEOPLE = (
    Column("name", _("姓名"), lambda p: p.name, _linked, "first tight", is_fixed=True),
    Column("username", _("用户名"), lambda p: p.username, None, "tight", is_default=True),
    Column("employee_no", _("工号"), lambda p: p.employee_no, None, "tight num", is_default=True),
    Column("department", _("部门"), lambda p: str(p.department or ""), None, "tight", is_default=True),
    Column("roles", _("角色"), _roles, None, "clip", is_default=True),
    Column("email", _("邮箱"), lambda p: p.email, None, "tight extra", is_default=True),
    Column("state", _("状态"), _state, _state_chip, "tight state", is_default=True),
)
