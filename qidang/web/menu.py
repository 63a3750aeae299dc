"""菜单: where a person can go, and only that."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as many

from qidang.accounts.capabilities import may

type Words = str | Promise


@dataclass(frozen=True)
class Entry:
    """One line of the menu: its address name, the capabilities of which one is needed, the count beside it."""

    title: Words
    address: str
    icon: str
    needs: tuple[str, ...] = ()
    count: str = ""
    query: str = ""

    @functools.cached_property
    def href(self) -> str:
        """The path it leads to, or "" while the page does not exist."""
        try:
            return reverse(self.address) + self.query
        except NoReverseMatch:
            return ""


@dataclass(frozen=True)
class Group:
    """A heading and its entries."""

    title: Words
    entries: tuple[Entry, ...]


@dataclass
class Shown:
    """A heading as one person sees it."""

    title: Words
    entries: list[tuple[Entry, bool]] = field(default_factory=list)


MENU = (
    Group("", (Entry(_("首页"), "home:page", icon="home"),)),
    Group(
        many("复数", "合同"),
        (
            Entry(_("合同台账"), "contracts:register", icon="table", needs=("contract.read",)),
            Entry(many("复数", "客户"), "companies:list", icon="building", needs=("contract.read",)),
            Entry(_("检索"), "search:page", icon="search", needs=("search.use",)),
        ),
    ),
    Group(
        _("收集"),
        (
            Entry(_("上传"), "intake:upload", icon="upload", needs=("intake.upload",)),
            Entry(many("复数", "批次"), "intake:batches", icon="stack-2", needs=("intake.upload", "intake.review")),
            Entry(_("导入项目"), "onboarding:projects", icon="folders", needs=("contract.create",)),
            Entry(_("待登记"), "intake:to_review", icon="checklist", needs=("intake.review",), count="to_review"),
            Entry(_("重复待定"), "intake:duplicates", icon="copy", needs=("intake.review",), count="duplicates"),
            Entry(_("误传清除"), "intake:clearings", icon="trash", needs=("intake.clear",), count="clearings"),
            Entry(_("涉密隔离"), "intake:isolated", icon="lock", needs=("secrets.handle",), count="isolated"),
        ),
    ),
    Group(
        _("审批"),
        (
            Entry(_("待我审批"), "approvals:todo", icon="checks", count="to_decide"),
            Entry(_("审批流程"), "approvals:routes", icon="route", needs=("approval.design",)),
        ),
    ),
    Group(
        _("档案"),
        (
            Entry(_("待归档"), "holdings:to_file", icon="archive", needs=("record.file",), count="to_file"),
            Entry(_("档案库"), "holdings:records", icon="building-warehouse", needs=("record.file", "ledger.read")),
        ),
    ),
    Group(
        _("管理"),
        (
            Entry(_("人员与权限"), "people:list", icon="users", needs=("people.manage",)),
            Entry(_("编号规则"), "numbering:rules", icon="hash", needs=("numbering.edit",)),
            Entry(_("自定义字段"), "custom_fields:list", icon="forms", needs=("numbering.edit",)),
            Entry(_("操作日志"), "log:entries", icon="history"),
        ),
    ),
)
THUMB = (
    Entry(_("首页"), "home:page", icon="home", count="todo"),
    Entry(_("台账"), "contracts:register", icon="table", needs=("contract.read",)),
    Entry(_("检索"), "search:page", icon="search", needs=("search.use",)),
    Entry(_("我"), "session:me", icon="user"),
)


def allowed(request: HttpRequest, entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """Yield the entries whose page exists and which the person may open."""
    for entry in entries:
        if entry.href and (not entry.needs or any(may(request.user, name) for name in entry.needs)):
            yield entry


def menu_of(request: HttpRequest) -> list[Shown]:
    """Return the person's menu, the entry of the present page marked."""
    groups = [(group.title, list(allowed(request, group.entries))) for group in MENU]
    here = _here(request.path, [entry for _title, entries in groups for entry in entries])
    return [Shown(title, [(entry, entry is here) for entry in entries]) for title, entries in groups if entries]


def thumb_of(request: HttpRequest) -> list[tuple[Entry, bool]]:
    """Return the bottom bar of the phone."""
    entries = list(allowed(request, THUMB))
    here = _here(request.path, entries)
    return [(entry, entry is here) for entry in entries]


def _here(path: str, entries: list[Entry]) -> Entry | None:
    """Return the entry whose page this is, or the one that stands nearest above it."""
    above = [entry for entry in entries if path == entry.href or (entry.href != "/" and path.startswith(entry.href))]
    return max(above, key=lambda entry: len(entry.href), default=None)
