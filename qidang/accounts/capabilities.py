"""权限: everything a role can allow, and the question whether a person may."""

from typing import Protocol

from qidang.accounts.scopes import reach
from qidang.kit.refusal import Refused

CAPABILITIES: dict[str, tuple[str, str]] = {
    "contract.read": ("查看合同", "Read contracts"),
    "contract.create": ("登记合同", "Register contracts"),
    "contract.edit": ("修改合同", "Edit contracts"),
    "contract.print": ("打印合同", "Print contracts"),
    "contract.export": ("导出台账", "Export the register"),
    "document.download": ("下载正文与附件", "Download papers"),
    "search.use": ("全文检索", "Search"),
    "intake.upload": ("上传文件", "Upload files"),
    "intake.review": ("核对与登记到件", "Review arrivals"),
    "record.file": ("归档", "File records"),
    "record.unfile": ("撤销归档", "Undo a filing"),
    "numbering.edit": ("设置编号规则", "Edit number rules"),
    "company.edit": ("维护客户与签约主体", "Keep companies"),
    "people.manage": ("维护人员与部门", "Keep people and departments"),
    "roles.manage": ("设置角色与授权", "Keep roles and grant them"),
    "ledger.read": ("查看全部操作日志", "Read the whole operation log"),
    "system.manage": ("系统设置与维护", "Keep the system"),
}


class Placed(Protocol):
    """A thing with an owner and a department, such as a contract; ids alone are enough to ask for ``own``."""

    @property
    def owner_id(self) -> int | None:
        """The key of the person it belongs to."""

    @property
    def department_id(self) -> int | None:
        """The key of the department it belongs to."""

    @property
    def department(self) -> "HasPath | None":
        """The department itself, asked for only where a scope reaches below."""


class HasPath(Protocol):
    """What is known of a department here."""

    path: str


class Person(Protocol):
    """What is asked of a person here."""

    pk: int


def may(user: object, capability: str, thing: Placed | None = None) -> bool:
    """Return whether ``user`` has ``capability``, and where a ``thing`` is given, for that thing."""
    reached = reach(user, capability)
    if thing is None:
        return bool(reached)
    return reached.covers(thing)


def require(user: object, capability: str, thing: Placed | None = None) -> None:
    """Refuse with ``accounts.not_allowed`` unless ``user`` may."""
    if not may(user, capability, thing):
        zh, en = CAPABILITIES[capability]
        raise Refused("accounts.not_allowed", capability=capability, zh=zh, en=en)
