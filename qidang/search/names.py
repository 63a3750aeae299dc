"""Readable names in a query (买卖, 履行中, 华东, 陈) resolved to what the index holds."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qidang.accounts.models import Department, User
from qidang.contracts.choices import ContractType, FilingStatus, Status
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.search.analysis import fold
from qidang.search.matching import Names
from qidang.search.papers import HISTORICAL, WAITING

MOST = 500
TYPES = {code: (code.value, code.name) for code in ContractType}
STATUSES: dict[str, tuple[str, ...]] = {
    Status.DRAFT: ("草稿", "draft"),
    Status.PENDING: ("待生效", "pending"),
    Status.IN_FORCE: ("履行中", "执行中", "生效", "in force", "in_force"),
    Status.EXPIRED: ("已到期", "到期", "expired"),
    Status.CLOSED: ("已完结", "已完成", "已结束", "已关闭", "关闭", "completed", "closed"),
    Status.TERMINATED: ("已终止", "终止", "已解除", "解除", "terminated"),
    Status.VOID: ("已作废", "作废", "void"),
    WAITING: ("待登记", "待核对", "waiting", "to review"),
    FilingStatus.FILED: ("已归档", "filed"),
    FilingStatus.UNFILED: ("未归档", "待归档", "unfiled"),
    HISTORICAL: ("历史登记", "补登", "historical"),
}


def known() -> Names:
    """Return how names are resolved today."""
    return Names(types=types, statuses=statuses, departments=departments, owners=owners, today=clock.today())


def types(text: str) -> Sequence[str]:
    """Return the contract types whose name contains ``text``: 买卖 → 买卖合同."""
    return [str(code) for code, names in TYPES.items() if any(fold(text) in fold(name) for name in names)]


def statuses(text: str) -> Sequence[str]:
    """Return the statuses called ``text``; the exact name first, else those that contain it."""
    wanted = fold(text)
    exact = [str(code) for code, names in STATUSES.items() if wanted in {fold(code), *map(fold, names)}]
    return exact or [str(code) for code, names in STATUSES.items() if any(wanted in fold(name) for name in names)]


def departments(text: str) -> Sequence[int]:
    """Return the departments whose name contains ``text`` or whose code it is, with those below them."""
    paths = Department.objects.filter(Q(name__icontains=text) | Q(code__iexact=text)).values_list("path", flat=True)
    return list(Department.objects.under(*paths[:MOST]).values_list("pk", flat=True)[:MOST])


def owners(text: str) -> Sequence[int]:
    """Return the people whose name contains ``text`` or whose user name it is."""
    return list(User.objects.filter(Q(name__icontains=text) | Q(username=text)).values_list("pk", flat=True)[:MOST])


def status_labels() -> dict[str, str]:
    """Return the words on the screen for statuses, in the language that is active."""
    return {**{code.value: str(code.label) for code in Status}, WAITING: str(_("待登记"))}


def type_labels() -> dict[str, str]:
    """Return the words on the screen for contract types, in the language that is active."""
    return {code.value: str(code.label) for code in ContractType}


def person(username: str) -> User:
    """Return who signs in by ``username``; raises Refused ``search.unknown_user``."""
    try:
        return User.objects.get_by_natural_key(username)
    except User.DoesNotExist as error:
        raise Refused("search.unknown_user", username=username) from error
